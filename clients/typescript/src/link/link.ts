import { isFinal } from '../protocol/codes.js';
import type { Batch, OpenResult, SendOptions, UpstreamState, WireReceipt } from '../protocol/wire.js';
import { Backoff } from '../timing/backoff.js';
import type { Dial, Line } from './line.js';
import { openLine } from './openLine.js';
import { Pause } from './pause.js';

/** How many lines may follow each other without a pause because their owner asked for another position. */
const quickReopens = 3;

/** `refused`: the gateway said something final, and only a new start helps. */
export type LinkPhase = 'stopped' | 'dialling' | 'open' | 'waiting' | 'refused';

/** Where the link to the gateway stands. */
export interface LinkStatus {
  readonly phase: LinkPhase;
  /** Why it waits or was refused. */
  readonly reason?: string;
  /** When it dials again, Unix time in milliseconds, when `waiting`. */
  readonly retryAt?: number;
}

/** What the owner of a link provides and hears. */
export interface LinkOwner {
  /** Where to resume, asked at each `Open`. */
  position(): string | undefined;
  /** Before any frame of this line. */
  opened(result: OpenResult): void;
  frames(batch: Batch): void;
  state(state: UpstreamState): void;
  receipt(receipt: WireReceipt): void;
  heard(): void;
  changed(status: LinkStatus): void;
}

/**
 * The one connection to the gateway: dials for ever with full jitter, opens by position, and honours what the gateway says about
 * coming back. `#become` is the only writer of its status.
 */
export class Link {
  #status: LinkStatus = { phase: 'stopped' };
  #line: Line | undefined;
  #running: AbortController | undefined;
  #reopening = false;
  #reopens = 0;
  /** The gateway has said how long to wait. */
  #ordered = false;
  readonly #pause = new Pause();

  constructor(
    readonly dial: Dial,
    readonly owner: LinkOwner,
    readonly backoff: Backoff = new Backoff(),
  ) {}

  get status(): LinkStatus {
    return this.#status;
  }

  /** Starts dialling, unless it already does. */
  start(): void {
    if (this.#running) return;
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  /** Ends the link. What the line still says is ignored. */
  stop(): void {
    this.#end({ phase: 'stopped' });
  }

  /** Ends the link because its owner cannot accept what the gateway said. */
  refuse(reason: string): void {
    this.#end({ phase: 'refused', reason });
  }

  /** Ends this line and dials at once, to open at another position. */
  reopen(): void {
    if (!this.#line) return;
    this.#reopening = true;
    this.#line.hangUp();
  }

  /** The network is back or somebody looks: do not sit out a long wait that only our own caution imposed. */
  wake(): void {
    if (!this.#ordered) this.#pause.shorten(this.backoff.random() * this.backoff.options.baseMs);
  }

  /** Hands a message to the gateway. Rejects when the line is lost before the answer: the outcome is not known. */
  async send(id: string, payload: string | Uint8Array, options?: SendOptions): Promise<WireReceipt> {
    if (!this.#line) throw new Error('the link is not open');
    return this.#line.send(id, payload, options);
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#become({ phase: 'dialling' });
      const { reason, retryAfterMs, opened } = await this.#live(signal);
      if (signal.aborted) return;
      // A token that was good and has expired is worth another dial, which asks for a fresh one.
      if (isFinal(reason) && !(reason === 'unauthorized' && opened)) return this.#end({ phase: 'refused', reason });
      if (this.#reopening && this.#reopens++ < quickReopens) continue;
      this.#reopens = 0;
      const delay = this.backoff.next();
      this.#ordered = retryAfterMs !== undefined;
      await this.#wait(reason, retryAfterMs === undefined ? delay : retryAfterMs + Math.min(delay, retryAfterMs / 5), signal);
    }
  }

  async #wait(reason: string, ms: number, signal: AbortSignal): Promise<void> {
    this.#become({ phase: 'waiting', reason, retryAt: this.backoff.now() + ms });
    await this.#pause.wait(ms, signal);
  }

  /** One line from its dial to its end. */
  async #live(running: AbortSignal): Promise<{ reason: string; retryAfterMs: number | undefined; opened: boolean }> {
    this.#reopening = false;
    let opened = false;
    // Once its owner has asked for another position, or refused it, what this line still brings is not wanted.
    const frames = (batch: Batch): void => {
      if (this.#line && !this.#reopening) this.owner.frames(batch);
    };
    const { reason = 'line closed', retryAfterMs } = await openLine(this.dial, { ...this.owner, frames }, running, (line, result) => {
      opened = true;
      this.#line = line;
      this.backoff.opened();
      this.owner.opened(result);
      if (this.#line && !this.#reopening) this.#become({ phase: 'open' });
    });
    this.#line = undefined;
    return { reason, retryAfterMs, opened };
  }

  #end(status: LinkStatus): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#line = undefined;
    this.#become(status);
  }

  #become(status: LinkStatus): void {
    this.#status = status;
    this.owner.changed(status);
  }
}
