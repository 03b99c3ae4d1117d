import type { WireReceipt } from '../protocol/wire.js';
import { randomId } from '../randomId.js';

/** What became of a message. */
export interface Receipt {
  /**
   * `sent`: handed to the upstream. `queued`: the gateway keeps it until the upstream is back. `rejected`, `expired`: it did not and
   * will not go out. `unknown`: it may or may not have gone out.
   */
  readonly status: WireReceipt['status'];
  /** Why; the gateway's reasons, or `queue-full`, `too-large`, `closed`, `no-answer` of this page. */
  readonly reason?: string | null;
  /** When trying again makes sense, in milliseconds, where that is known. */
  readonly retryAfterMs?: number | null;
  /** The id under which the gateway knows it; absent when it never got there. */
  readonly id?: string;
}

/** A message on its way. */
export interface Outgoing {
  readonly id: string;
  readonly payload: string | Uint8Array;
}

/** The bounds of an outbox. */
export interface OutboxLimits {
  readonly messages: number;
  /** Characters of texts and bytes of binary messages. */
  readonly size: number;
  /** How long a message may wait for the gateway, in milliseconds. */
  readonly ttlMs: number;
}

export const outboxLimits: OutboxLimits = { messages: 256, size: 1024 * 1024, ttlMs: 60_000 };

interface Entry {
  readonly payload: string | Uint8Array;
  readonly at: number;
  readonly settle: (receipt: Receipt) => void;
}

/**
 * Messages that wait for the gateway, and those it has not answered yet. A message gets its id when it first goes out, so that ids
 * are contiguous as the gateway demands; under that id it may go out again, and is answered once.
 */
export class Outbox {
  readonly #waiting: Entry[] = [];
  readonly #unanswered = new Map<string, Entry>();
  #size = 0;
  #client = randomId();
  #sequence = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly limits: OutboxLimits = outboxLimits) {}

  /** Takes a message, or says at once why not. */
  offer(payload: string | Uint8Array): Promise<Receipt> {
    return new Promise((settle) => {
      const { messages, size } = this.limits;
      if (payload.length > size) return settle({ status: 'rejected', reason: 'too-large' });
      if (this.#waiting.length + this.#unanswered.size >= messages || this.#size + payload.length > size) {
        return settle({ status: 'rejected', reason: 'queue-full' });
      }
      this.#size += payload.length;
      this.#waiting.push({ payload, at: Date.now(), settle });
      this.#timer ??= setTimeout(() => this.#expire(), this.limits.ttlMs);
    });
  }

  /** What has been out and is unanswered, in order: what a new link is given first. */
  get unanswered(): Outgoing[] {
    return [...this.#unanswered].map(([id, { payload }]) => ({ id, payload }));
  }

  /** What waits, now with ids. */
  release(): Outgoing[] {
    return this.#waiting.splice(0).map((entry) => {
      const id = `${this.#client}:${++this.#sequence}`;
      this.#unanswered.set(id, entry);
      return { id, payload: entry.payload };
    });
  }

  answer(receipt: WireReceipt): void {
    const entry = this.#unanswered.get(receipt.id);
    this.#unanswered.delete(receipt.id);
    if (entry) this.#settle(entry, receipt);
  }

  /** Answers everything: what never went out is rejected, the rest is unknown. */
  close(): void {
    clearTimeout(this.#timer);
    for (const entry of this.#waiting.splice(0)) this.#settle(entry, { status: 'rejected', reason: 'closed' });
    this.#abandon('closed');
  }

  #expire(): void {
    const due = Date.now() - this.limits.ttlMs;
    while (this.#waiting[0] && this.#waiting[0].at <= due) this.#settle(this.#waiting.shift()!, { status: 'expired' });
    const [oldest] = this.#unanswered.values();
    if (oldest && oldest.at <= due) this.#abandon('no-answer');
    const next = [...this.#unanswered.values(), ...this.#waiting][0];
    this.#timer = next && setTimeout(() => this.#expire(), next.at - due);
  }

  /** Gives up on all that is unanswered, and begins a new sequence: the gateway may never have seen the end of this one. */
  #abandon(reason: string): void {
    for (const [id, entry] of this.#unanswered) this.#settle(entry, { id, status: 'unknown', reason });
    this.#unanswered.clear();
    this.#client = randomId();
    this.#sequence = 0;
  }

  #settle(entry: Entry, receipt: Receipt): void {
    this.#size -= entry.payload.length;
    entry.settle(receipt);
  }
}
