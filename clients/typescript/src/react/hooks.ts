import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { Connection } from '../createConnection.js';
import type { Frame } from '../page/session.js';
import type { ConnectionState } from '../page/state.js';
import type { Gap } from '../protocol/wire.js';
import { eachAnimationFrame } from './eachAnimationFrame.js';
import { useConnectionStore } from './provider.js';
import { initialView, type View } from './store.js';

/** What {@link useSharedWebSocket} returns. Reading a property subscribes the component to it, and to nothing else. */
export interface SharedWebSocket {
  readonly isConnected: boolean;
  readonly state: ConnectionState;
  /** The newest frame; changes at most once per animation frame. To see every frame use {@link useOnFrame}. */
  readonly lastFrame: Frame | undefined;
  /** Sends a message to the backend; see `Connection.send`. The same function at each render. */
  readonly send: Connection['send'];
  /** Ends the connection in all tabs of this user. The same function at each render. */
  readonly signOut: () => void;
}

/** The live connection: of the nearest provider, or of `userId`. A component renders again only when something it has read changes. */
export function useSharedWebSocket(userId?: string): SharedWebSocket {
  const store = useConnectionStore(userId);
  // What the last render has read. Another object, at first empty, when some of it has changed.
  const seen = useRef<Partial<View>>({});
  const select = (): Partial<View> => {
    const now = store.getView();
    for (const key in seen.current) if (seen.current[key as keyof View] !== now[key as keyof View]) seen.current = {};
    return seen.current;
  };
  const isHydrating = useSyncExternalStore(store.subscribe, select, () => initialView) === initialView;
  const get = <K extends keyof View>(key: K): View[K] => (seen.current[key] = (isHydrating ? initialView : store.getView())[key]);
  return {
    send: store.send,
    signOut: store.signOut,
    get isConnected() {
      return get('isConnected');
    },
    get state() {
      return get('state');
    },
    get lastFrame() {
      return get('lastFrame');
    },
  };
}

/** Calls `onFrame` with every frame, and `onGap` when some are missing. Does not render; the newest handlers are called. */
export function useOnFrame(onFrame: (frame: Frame) => void, onGap?: (gap: Gap) => void, userId?: string): void {
  const store = useConnectionStore(userId);
  const handlers = useRef({ onFrame, onGap });
  useEffect(() => void (handlers.current = { onFrame, onGap }));
  useEffect(() => {
    const offs = [store.frames.on((frame) => handlers.current.onFrame(frame)), store.gaps.on((gap) => handlers.current.onGap?.(gap))];
    return () => offs.forEach((off) => off());
  }, [store]);
}

/** The newest frames of a store, for one component. */
interface FrameList {
  limit: number;
  readonly get: () => readonly Frame[];
  readonly subscribe: (changed: () => void) => () => void;
}

/** The last `limit` frames since the component was mounted, oldest first; changes at most once per animation frame. */
export function useFrames(limit = 100, userId?: string): readonly Frame[] {
  const store = useConnectionStore(userId);
  // A list for each store, so that no frame of one user is ever shown as another's.
  const list = useMemo<FrameList>(() => {
    let shown: readonly Frame[] = [];
    let kept: Frame[] = [];
    return {
      limit,
      get: () => shown,
      subscribe: (changed) => {
        const showSoon = eachAnimationFrame(() => {
          shown = kept.slice(-list.limit);
          changed();
        });
        return store.frames.on((frame) => {
          if (kept.push(frame) > 2 * list.limit) kept = kept.slice(-list.limit);
          showSoon();
        });
      },
    };
  }, [store]);
  useEffect(() => void (list.limit = limit));
  return useSyncExternalStore(list.subscribe, list.get, list.get);
}

/** How the connection does, with all that is known of its state. */
export interface WebSocketHealth extends ConnectionState {
  /** The gateway is connected, and the backend is connected or not wanted. */
  readonly isHealthy: boolean;
  /** How many tabs of this browser share the connection. */
  readonly connectionCount: number;
  /** The last sign of life from the gateway, Unix time in milliseconds, to about 5 s; undefined before the first. */
  readonly lastHeartbeat: number | undefined;
}

/** The health of the nearest provider's connection, or of `userId`'s. */
export function useWebSocketHealth(userId?: string): WebSocketHealth {
  const { state } = useSharedWebSocket(userId);
  return {
    ...state,
    isHealthy: state.status === 'open' && ['open', 'idle'].includes(state.upstream?.upstream ?? ''),
    connectionCount: state.pages,
    lastHeartbeat: state.lastHeard,
  };
}
