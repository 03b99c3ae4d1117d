import type { Frame, Gap } from 'connections-client';
import { useOnFrame } from 'connections-client/react';
import { useCallback, useEffect, useReducer, useRef } from 'react';

/** A line of the list: a frame, a gap, or a hole that nobody declared. */
export type Entry =
  | { readonly key: number; readonly what: 'frame'; readonly frame: Frame }
  | { readonly key: number; readonly what: 'gap'; readonly gap: Gap; readonly at: number }
  | { readonly key: number; readonly what: 'hole'; readonly expected: number; readonly frame: Frame };

/** The newest entries, newest first, and what there was in all. */
export interface Feed {
  readonly entries: readonly Entry[];
  readonly frames: number;
  readonly gaps: number;
  readonly holes: number;
  /** How many came while it was paused, at most the limit. */
  readonly waiting: number;
  /** Where this tab stands. */
  readonly position: string | undefined;
}

/** An entry before it has its key. */
type Fresh = Entry extends infer E ? (E extends Entry ? Omit<E, 'key'> : never) : never;

/** Everything that came, for a list that is drawn at most once per animation frame, and not at all in a hidden tab. */
export function useFeed(limit: number, paused = false): Feed {
  const feed = useRef({ entries: [] as Entry[], fresh: [] as Entry[], frames: 0, gaps: 0, holes: 0, last: undefined as Frame | undefined, keys: 0 });
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const drawing = useRef(0);
  const add = useCallback(
    (entry: Fresh) => {
      const now = feed.current;
      now.fresh.push({ ...entry, key: now.keys++ } as Entry);
      // Only the newest are kept for the next drawing: a page in the background must not grow.
      if (now.fresh.length > 2 * limit) now.fresh = now.fresh.slice(-limit);
      drawing.current ||= requestAnimationFrame(() => {
        drawing.current = 0;
        redraw();
      });
    },
    [limit],
  );
  useEffect(() => () => cancelAnimationFrame(drawing.current), []);
  useOnFrame(
    (frame) => {
      const now = feed.current;
      const expected = now.last && now.last.epoch === frame.epoch ? now.last.offset + 1 : frame.offset;
      if (frame.offset !== expected) {
        now.holes++;
        add({ what: 'hole', expected, frame });
      }
      now.last = frame;
      now.frames++;
      add({ what: 'frame', frame });
    },
    (gap) => {
      const now = feed.current;
      now.last = undefined;
      now.gaps++;
      add({ what: 'gap', gap, at: Date.now() });
    },
  );
  const now = feed.current;
  if (!paused && now.fresh.length > 0) {
    now.entries = [...now.fresh.slice(-limit).reverse(), ...now.entries].slice(0, limit);
    now.fresh = [];
  }
  const { entries, frames, gaps, holes, last } = now;
  return { entries, frames, gaps, holes, waiting: Math.min(now.fresh.length, limit), position: last && `${last.epoch}-${last.offset}` };
}
