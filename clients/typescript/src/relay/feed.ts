import { parsePosition, type Position } from '../protocol/position.js';
import type { GapReason } from '../protocol/wire.js';
import type { RelayLog } from './relayLog.js';
import type { RelayPort } from './messages.js';

/** How many frames may be on their way to a page before it has handled some. */
const unacknowledgedLimit = 1_000;

/** The most frames in one message. */
const batchLimit = 250;

/**
 * What one page has been given: a cursor on the relay's log. A slow page holds nobody back and owns no queue; when the log has moved
 * on without it, it gets a gap.
 */
export class Feed {
  #cursor: Position | undefined;
  #acknowledged = 0;
  /** The page has just come, and may lack what the log does not have but the gateway has. Later it can only be too slow. */
  #resuming = true;

  constructor(
    readonly port: RelayPort,
    position: string | undefined,
  ) {
    this.#cursor = parsePosition(position);
    this.#acknowledged = this.#cursor?.offset ?? 0;
  }

  /** What the page has; `undefined` before a page without a position got its place. */
  get cursor(): Position | undefined {
    return this.#cursor;
  }

  /** Gives a page without a position its place. */
  place(position: Position): void {
    this.#cursor ??= this.#settle(position);
  }

  /** Whether the page needs frames from before the log, and the gateway may still have them. */
  wants(log: RelayLog): boolean {
    return this.#resuming && this.#cursor?.epoch === log.epoch && this.#cursor.offset < log.base;
  }

  /** The gateway does not have what this page lacks. */
  giveUp(): void {
    this.#resuming = false;
  }

  acknowledge(epoch: string, offset: number, log: RelayLog): void {
    if (epoch !== this.#cursor?.epoch) return;
    this.#acknowledged = Math.max(this.#acknowledged, offset);
    this.pump(log);
  }

  /** Gives the page what it may have now. A position ahead of the log is of the same log and waits for it. */
  pump(log: RelayLog): void {
    if (!this.#cursor || this.wants(log) || this.#isBusy(this.#cursor)) return;
    this.#resuming = false;
    if (this.#cursor.epoch !== log.epoch) this.tell('epoch-changed', log);
    else if (this.#cursor.offset < log.base) this.tell('evicted', log);
    while (this.#cursor.offset < log.top && !this.#isBusy(this.#cursor)) {
      const frames = log.after(this.#cursor.offset, batchLimit);
      this.#cursor = { epoch: log.epoch, offset: this.#cursor.offset + frames.length };
      this.port.post({ type: 'frames', epoch: log.epoch, frames });
    }
  }

  /** Tells the page that frames are missing, and puts it where the log begins. */
  tell(reason: GapReason, log: RelayLog): void {
    this.#cursor = this.#settle({ epoch: log.epoch, offset: log.base });
    this.port.post({ type: 'gap', epoch: log.epoch, gap: { reason, firstAvailable: log.base + 1, top: log.top, next: log.base + 1 } });
  }

  /** The page has enough to do; it hears of a gap, too, only when it has handled something. */
  #isBusy({ offset }: Position): boolean {
    return offset - this.#acknowledged >= unacknowledgedLimit;
  }

  #settle(position: Position): Position {
    this.#acknowledged = position.offset;
    this.#resuming = false;
    return position;
  }
}
