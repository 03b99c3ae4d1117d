import type { Frame, Gap } from 'connections-client';
import { memo, type ReactNode } from 'react';
import { count, hex, plural, time } from '../words/format.js';
import type { Entry } from './useFeed.js';

const textLimit = 600;
const hexLimit = 96;

const gapReasons: Record<Gap['reason'], string> = {
  'epoch-changed': 'the log that had them is gone, or the position was of another log',
  evicted: 'they fell out of the replay window',
  'future-offset': 'the position is ahead of this log',
};

const kindNames: Record<Frame['kind'], string> = { text: 'text', binary: 'binary', 'upstream-opened': 'opened', 'upstream-closed': 'closed' };

/** One line of the list of frames. */
export const EntryRow = memo(function EntryRow({ entry }: { readonly entry: Entry }): ReactNode {
  switch (entry.what) {
    case 'gap':
      return <Row kind="gap" name="gap" at={entry.at} body={`Frames are missing here: ${gapReasons[entry.gap.reason]}. The next one is ${count(entry.gap.next)}.`} />;
    case 'hole':
      return <Row kind="hole" name="hole" at={entry.frame.at} body={`Frame ${count(entry.expected)} was due, ${count(entry.frame.offset)} came, and no gap was declared.`} />;
    case 'frame':
      return <Row kind={entry.frame.kind} name={kindNames[entry.frame.kind]} at={entry.frame.at} offset={entry.frame.offset} body={bodyOf(entry.frame)} />;
  }
});

function Row({ kind, name, at, offset, body }: { readonly kind: string; readonly name: string; readonly at: number; readonly offset?: number; readonly body: string }): ReactNode {
  const Body = kind === 'binary' ? 'pre' : 'span';
  return (
    <li data-kind={kind}>
      <span className="offset">{offset === undefined ? '' : count(offset)}</span>
      <time className="at">{time(at)}</time>
      <span className="kind">{name}</span>
      <Body className="body">{body}</Body>
    </li>
  );
}

/** What a frame says, as a reader sees it. */
export function bodyOf({ kind, text = '', data = new Uint8Array() }: Frame): string {
  switch (kind) {
    case 'text':
      return text.length > textLimit ? `${text.slice(0, textLimit)}… (${count(text.length)} characters)` : text;
    case 'binary':
      return hex(data, hexLimit) + (data.length > hexLimit ? `\n… ${plural(data.length, 'byte')} in all` : '');
    case 'upstream-opened':
      return `The upstream opened, generation ${(JSON.parse(text) as { generation: number }).generation}.`;
    case 'upstream-closed':
      return closed(JSON.parse(text) as { code?: number; reason?: string; by: string });
  }
}

function closed({ code, reason = '', by }: { readonly code?: number; readonly reason?: string; readonly by: string }): string {
  const who = { upstream: 'by the backend', gateway: 'by the gateway', network: 'by the network' }[by] ?? `by ${by}`;
  return `The upstream was closed ${who}: ${[code, reason.replace(/\.+$/, '')].filter(Boolean).join(' ')}. What the backend says until it opens again is lost.`;
}
