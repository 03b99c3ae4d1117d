import type { Receipt } from 'connections-client';
import { useSharedWebSocket } from 'connections-client/react';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { duration } from '../words/format.js';
import { Pill } from '../words/Pill.js';

const shown = 20;
const examples = ['hello', '!binary 24', '!burst 300', '!close 4001 bye'];

const reasons: Record<string, string> = {
  'upstream-down': 'the upstream is down',
  'breaker-open': 'the breaker is open',
  'queue-full': 'too many messages wait',
  'too-large': 'it is too large',
  rate: 'too many in too short a time',
  'bad-id': 'its id is not valid',
  'upstream-lost': 'the upstream broke meanwhile',
  'owner-lost': 'the silo was lost meanwhile',
  'no-answer': 'the gateway did not answer',
  closed: 'this tab is closed',
};

interface Sent {
  readonly key: number;
  readonly text: string;
  readonly receipt?: Receipt;
  readonly took?: number;
}

/** Sends messages to the backend, and says what became of each. */
export function SendCard({ hasExamples }: { readonly hasExamples: boolean }): ReactNode {
  const { send } = useSharedWebSocket();
  const [text, setText] = useState('');
  const [sends, setSends] = useState<readonly Sent[]>([]);
  const keys = useRef(0);
  const input = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (text === '') return;
    const key = keys.current++;
    const began = performance.now();
    const told = (receipt: Receipt): void => {
      const took = Math.round(performance.now() - began);
      setSends((all) => all.map((sent) => (sent.key === key ? { ...sent, receipt, took } : sent)));
    };
    setText('');
    setSends((all) => [{ key, text }, ...all].slice(0, shown));
    const receipt = await send(text);
    told(receipt);
    if (receipt.final) told(await receipt.final);
  };
  return (
    <section className="card" aria-labelledby="send-title">
      <h2 id="send-title">Send</h2>
      <form className="send" onSubmit={(event) => void submit(event)}>
        <label className="unseen" htmlFor="message">Message for the upstream</label>
        <div className="row">
          <input ref={input} id="message" maxLength={65_536} placeholder="A message for the backend: it echoes" autoComplete="off"
            value={text} onChange={(event) => setText(event.target.value)} />
          <button className="primary">Send</button>
        </div>
      </form>
      {hasExamples && (
        <p className="examples">
          Try
          {examples.map((example) => (
            <button key={example} className="chip" onClick={() => { setText(example); input.current?.focus(); }}>{example}</button>
          ))}
        </p>
      )}
      <ol className="receipts" aria-live="polite" aria-label="Receipts, newest first">
        {sends.map((sent) => <SentRow key={sent.key} sent={sent} />)}
      </ol>
    </section>
  );
}

function SentRow({ sent: { text, receipt, took } }: { readonly sent: Sent }): ReactNode {
  const { reason, retryAfterMs } = receipt ?? {};
  const details = [
    reason && (reasons[reason] ?? reason),
    retryAfterMs && `try again in ${duration(retryAfterMs + 999)}`,
    took !== undefined && `${took} ms`,
  ];
  return (
    <li>
      <Pill word={receipt?.status ?? 'sending'} />
      <span className="sent">{text.length > 120 ? `${text.slice(0, 120)}…` : text}</span>
      <span className="hint">{details.filter(Boolean).join(' · ')}</span>
    </li>
  );
}
