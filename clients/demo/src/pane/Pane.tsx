import { useSharedWebSocket, WebSocketProvider } from 'connections-client/react';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { useIsTabOf } from '../tabs/useOpenTabs.js';
import { useWay, type Way } from '../tabs/useWay.js';
import { bodyOf } from '../user/EntryRow.js';
import { useFeed, type Entry } from '../user/useFeed.js';
import { plural } from '../words/format.js';
import { Pill } from '../words/Pill.js';
import { breakerToneOf } from '../words/tones.js';
import { tell } from './report.js';

const lines = 4;

/** A tab of a user that fits into the overview: a real browsing context with a connection like any tab's. */
export function Pane({ user, otherwise }: { readonly user: string; readonly otherwise: Way }): ReactNode {
  const [way] = useWay(user, otherwise);
  useIsTabOf(user);
  return (
    <WebSocketProvider userId={user} url="hubs/connection" useSharedWorker={way === 'shared'}>
      <PaneBody user={user} />
    </WebSocketProvider>
  );
}

function PaneBody({ user }: { readonly user: string }): ReactNode {
  const { state, send } = useSharedWebSocket();
  const [text, setText] = useState('');
  const { entries, frames } = useFeed(lines);
  const gateway = state.status === 'open' ? state.upstream?.tabs : undefined;
  useEffect(() => tell(user, gateway), [user, gateway]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text !== '') void send(text);
    setText('');
  };
  const { breaker, upstream } = state.upstream ?? {};
  return (
    <main className="pane">
      <p className="pane-state">
        <Pill word={state.status} /> {upstream && upstream !== 'open' && <Pill word={upstream} />}{' '}
        {breaker && breaker.state !== 'closed' && <Pill word={`breaker ${breaker.state}`} tone={breakerToneOf(breaker.state)} />}
        {state.status !== 'open' && state.reason && <span>{state.reason}</span>}
        <span className="hint" data-frames={frames}>{plural(frames, 'frame')}</span>
      </p>
      <ol className="pane-frames">
        {entries.map((entry) => <li key={entry.key} data-kind={entry.what === 'frame' ? entry.frame.kind : entry.what}>{lineOf(entry)}</li>)}
      </ol>
      <form className="row" onSubmit={submit}>
        <input aria-label={`Message of ${user}`} placeholder="Message" value={text} onChange={(event) => setText(event.target.value)} />
        <button className="small">Send</button>
      </form>
    </main>
  );
}

function lineOf(entry: Entry): string {
  if (entry.what === 'gap') return 'frames are missing';
  if (entry.what === 'hole') return 'an undeclared hole';
  return `${entry.frame.offset}  ${bodyOf(entry.frame)}`;
}
