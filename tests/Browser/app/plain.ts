import { createConnection, type Connection, type ConnectionOptions, type ConnectionState, type Frame, type Gap, type Receipt } from 'connections-client';

/** What a test does in a page, and what it sees there. */
export interface PlainPage {
  connection: Connection | undefined;
  readonly frames: Frame[];
  readonly gaps: Gap[];
  readonly states: ConnectionState[];
  readonly receipts: Receipt[];
  /** The final receipts of those that were queued. */
  readonly finals: Receipt[];
  /** When the page started to connect, and when it had its first state `open` and its first frame, as `performance.now()`. */
  readonly times: { start?: number; open?: number; frame?: number };
  connect(options: ConnectionOptions): void;
  /** The page came back from the back-forward cache. */
  restored: boolean;
  send(text: string): void;
  /** Lets go of what the test has collected here. */
  forget(): void;
  /** Ticks by their number, gaps and markers, in the order in which they came. */
  readonly log: (number | 'gap' | Frame['kind'])[];
  /** The number of the backend's newest tick; 0 before the first. */
  lastTick(): number;
}

declare global {
  interface Window {
    plain: PlainPage;
  }
}

window.plain = {
  connection: undefined,
  frames: [],
  gaps: [],
  states: [],
  receipts: [],
  finals: [],
  log: [],
  restored: false,
  times: {},
  connect(options) {
    this.times.start = performance.now();
    const connection = createConnection(options);
    this.connection = connection;
    connection.onFrame((frame) => {
      this.times.frame ??= performance.now();
      this.frames.push(frame);
      this.log.push(frame.text?.includes('"tick"') ? (JSON.parse(frame.text) as { n: number }).n : frame.kind);
    });
    connection.onGap((gap) => {
      this.gaps.push(gap);
      this.log.push('gap');
    });
    connection.onState((state) => {
      if (state.status === 'open') this.times.open ??= performance.now();
      this.states.push(state);
    });
  },
  send(text) {
    void this.connection?.send(text).then((receipt) => {
      this.receipts.push(receipt);
      void receipt.final?.then((final) => this.finals.push(final));
    });
  },
  forget() {
    for (const list of [this.frames, this.gaps, this.states, this.receipts, this.finals, this.log]) list.length = 0;
  },
  lastTick() {
    const tick = this.frames.findLast((frame) => frame.text?.includes('"tick"'));
    return tick?.text ? (JSON.parse(tick.text) as { n: number }).n : 0;
  },
};

// What a test wants to know of a page that is gone.
addEventListener('pagehide', () => sessionStorage.setItem('last-tick', String(window.plain.lastTick())));

addEventListener('pageshow', ({ persisted }) => (window.plain.restored = persisted));

// A reload connects by itself, as an application does.
const options = new URLSearchParams(location.search).get('connect');
if (options) window.plain.connect(JSON.parse(options) as ConnectionOptions);
