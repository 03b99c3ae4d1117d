import type { Dial, Line, LineEnd, LineEvents } from '../../src/link/line.js';
import { parsePosition } from '../../src/protocol/position.js';
import type { Gap, OpenResult, WireFrame, WireReceipt } from '../../src/protocol/wire.js';

export const epochA = 'aaaaaaaaaaaaaaaa';
export const epochB = 'bbbbbbbbbbbbbbbb';

interface FakeLine {
  readonly events: LineEvents;
  end(end: LineEnd): void;
}

/**
 * A scripted gateway with one user's log. It keeps docs/protocol.md: positions are honoured or answered with a gap, frames follow in
 * order. To extend: change `log`, `epoch`, `first` or the switches between two actions of the test.
 */
export class FakeGateway {
  epoch = epochA;
  log: WireFrame[] = [];
  /** Frames before this offset are evicted. */
  first = 1;
  /** What a dial does. */
  mode: 'answer' | 'fail' | 'hang' = 'answer';
  user = 'alice';
  /** The positions of all `Open` calls, and the tokens of all dials. */
  readonly opens: (string | undefined)[] = [];
  readonly tokens: (string | undefined)[] = [];
  readonly sent: string[] = [];
  /** Answers a send, or leaves it hanging. */
  answer: ((id: string) => WireReceipt) | undefined = (id) => ({ id, status: 'sent' });
  dials = 0;
  #line: FakeLine | undefined;

  /** Whether a line is open. */
  get connected(): boolean {
    return this.#line !== undefined;
  }

  get top(): number {
    return this.log.length;
  }

  readonly dialTo = (_url: string, accessToken: (() => Promise<string>) | undefined): Dial => {
    return async (events, signal) => {
      this.dials++;
      this.tokens.push(await accessToken?.());
      if (this.mode === 'fail') throw new Error('nobody there');
      if (this.mode === 'hang') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      const line = this.#makeLine(events);
      signal.addEventListener('abort', () => line.hangUp());
      return line;
    };
  };

  /** Appends messages to the log and pushes them to the line, if there is one. */
  push(...texts: string[]): void {
    for (const text of texts) this.log.push({ offset: this.top + 1, kind: 'text', at: 0, text });
    this.#line?.events.frames({ epoch: this.epoch, frames: this.log.slice(-texts.length) });
  }

  /** The network ends the line. */
  cut(): void {
    this.#end({ reason: 'line lost' });
  }

  /** The gateway ends the line. */
  close(reason: string, retryAfterMs?: number): void {
    this.#end({ reason, retryAfterMs });
  }

  /** The owner of the log died: another epoch, and nothing in it. */
  crash(): void {
    this.cut();
    this.epoch = epochB;
    this.log = [];
    this.first = 1;
  }

  #end(end: LineEnd): void {
    this.#line?.end(end);
    this.#line = undefined;
  }

  #makeLine(events: LineEvents): Line {
    let end!: (end: LineEnd) => void;
    const ended = new Promise<LineEnd>((resolve) => (end = resolve));
    const line: FakeLine = { events, end };
    return {
      ended,
      hangUp: () => {
        if (this.#line === line) this.#line = undefined;
        end({});
      },
      open: (position) => {
        this.opens.push(position);
        this.#line = line;
        return Promise.resolve(this.#open(position, events));
      },
      send: async (id, payload) => {
        this.sent.push(`${id} ${String(payload)}`);
        if (this.answer) return this.answer(id);
        await ended;
        throw new Error('line lost');
      },
    };
  }

  #open(position: string | undefined, events: LineEvents): OpenResult {
    const state = { upstream: 'open' as const, since: 0, position: `${this.epoch}-${this.top}` };
    const common = { state, user: this.user, tab: 't' };
    const asked = parsePosition(position);
    if (!asked) return { ...common, recovered: false, position: state.position };
    const gap = this.#gap(asked.epoch, asked.offset);
    if (gap) {
      // As the real one: the same gap stands in the first batch.
      events.frames({ epoch: this.epoch, gap, frames: [] });
      return { ...common, recovered: false, gap, position: state.position };
    }
    const missing = this.log.slice(asked.offset);
    if (missing.length) events.frames({ epoch: this.epoch, frames: missing });
    return { ...common, recovered: true, position: position! };
  }

  #gap(epoch: string, offset: number): Gap | undefined {
    const numbers = { firstAvailable: this.first, top: this.top, next: this.top + 1 };
    if (epoch !== this.epoch) return { reason: 'epoch-changed', ...numbers };
    if (offset > this.top) return { reason: 'future-offset', ...numbers };
    if (offset + 1 < this.first) return { reason: 'evicted', ...numbers };
    return undefined;
  }
}
