import type { SendOptions, WireReceipt } from '../protocol/wire.js';
import { randomId } from '../randomId.js';
import type { Receipt } from './receipt.js';

/** A message on its way. */
export interface Outgoing {
  readonly id: string;
  readonly payload: string | Uint8Array;
  readonly options: SendOptions | undefined;
}

/** The bounds of an outbox. */
export interface OutboxLimits {
  readonly messages: number;
  /** Characters of texts and bytes of binary messages. */
  readonly size: number;
  /** How long a message may wait for the gateway, and how long for an answer, in milliseconds. */
  readonly ttlMs: number;
}

export const outboxLimits: OutboxLimits = { messages: 256, size: 1024 * 1024, ttlMs: 60_000 };

interface Entry {
  readonly payload: string | Uint8Array;
  readonly options: SendOptions | undefined;
  /** Since when it waits: for the gateway, or in the gateway's own queue. */
  at: number;
  /** Answers the sender; for a message that was answered with `queued`, finally. */
  settle: (receipt: Receipt) => void;
  /** How often it has been out, and was not refused for certain. */
  posts: number;
  /** The sender has been told that the gateway keeps it. */
  queued: boolean;
}

/**
 * Messages that wait for the gateway, and those it has not answered for good. A message gets its id when it first goes out, so that ids
 * are contiguous as the gateway demands; under that id it may go out again, and is answered once. But not a client's first: a gateway
 * that has lost its memory takes that for a new one. The others wait for its answer, so that a lost line leaves one message unknown.
 */
export class Outbox {
  #waiting: Entry[] = [];
  readonly #unanswered = new Map<string, Entry>();
  #size = 0;
  #client = randomId();
  #sequence = 0;
  /** The gateway has answered a message of the client. */
  #known = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly limits: OutboxLimits = outboxLimits) {}

  /** Takes a message, or says at once why not. */
  offer(payload: string | Uint8Array, options?: SendOptions): Promise<Receipt> {
    return new Promise((settle) => {
      const { messages, size, ttlMs } = this.limits;
      if (payload.length > size) return settle({ status: 'rejected', reason: 'too-large' });
      if (this.#waiting.length + this.#unanswered.size >= messages || this.#size + payload.length > size) {
        return settle({ status: 'rejected', reason: 'queue-full' });
      }
      this.#size += payload.length;
      this.#waiting.push({ payload, options, at: Date.now(), settle, posts: 0, queued: false });
      this.#timer ??= setTimeout(() => this.#expire(), ttlMs);
    });
  }

  /** What waits, now with ids: until the gateway knows the client, its first message alone. */
  release(): Outgoing[] {
    return this.#waiting.splice(0, this.#known ? Infinity : Number(this.#sequence === 0)).map((entry) => {
      const id = `${this.#client}:${++this.#sequence}`;
      this.#unanswered.set(id, entry);
      return outgoing(id, entry);
    });
  }

  /** What has been out and is asked about by going out again, in order: what a new link is given first. */
  again(): Outgoing[] {
    this.#withdraw((id) => id.endsWith(':1'), 0, 'no-answer');
    return [...this.#unanswered].map(([id, entry]) => outgoing(id, entry));
  }

  /** Takes an answer. True when there is something to {@link release} again. */
  answer(receipt: WireReceipt): boolean {
    const { id, status, reason, expected } = receipt;
    const entry = this.#unanswered.get(id);
    if (!entry) return false;
    const [client, sequence] = id.split(':');
    if (client === this.#client) this.#known = true;
    if (status === 'queued') keep(entry, receipt);
    else if (reason !== 'expected') this.#settle(id, entry, receipt);
    else if ((expected ?? 0) > Number(sequence)) this.#settle(id, entry, { id, status: 'unknown', reason: 'no-answer' });
    else this.#withdraw((other) => other.startsWith(`${client}:`), 1, 'owner-lost');
    return this.#waiting.length > 0;
  }

  /** Answers everything: what never went out is rejected, the rest is unknown. */
  close(): void {
    clearTimeout(this.#timer);
    this.#dismiss(this.#waiting.splice(0), { status: 'rejected', reason: 'closed' });
    this.#abandon('closed');
  }

  /**
   * Takes back what cannot be asked about, because the gateway has forgotten the client or would take it for a new message. What was out
   * more often than it was refused is unknown, unless its sender would rather have it twice than never; the rest goes out under another client.
   */
  #withdraw(which: (id: string) => boolean, refusals: number, reason: string): void {
    const anew: Entry[] = [];
    for (const [id, entry] of this.#unanswered) {
      if (!which(id)) continue;
      entry.posts = entry.queued ? 1 : entry.posts - refusals;
      if (entry.posts && entry.options?.delivery !== 'at-least-once') this.#settle(id, entry, { id, status: 'unknown', reason });
      else anew.push(entry);
      this.#unanswered.delete(id);
      this.#begin();
    }
    this.#waiting.unshift(...anew);
  }

  #expire(): void {
    const due = Date.now() - this.limits.ttlMs;
    const old = this.#waiting.filter(({ at }) => at <= due);
    this.#waiting = this.#waiting.filter(({ at }) => at > due);
    this.#dismiss(old, { status: 'expired' });
    this.#abandon('no-answer', due);
    const next = Math.min(...[...this.#unanswered.values(), ...this.#waiting].map(({ at }) => at));
    this.#timer = next < Infinity ? setTimeout(() => this.#expire(), next - due) : undefined;
  }

  /** Answers what waits, and of what has been out under another client nothing is known. */
  #dismiss(waiting: readonly Entry[], receipt: Receipt): void {
    for (const entry of waiting) this.#settle('', entry, entry.posts ? { status: 'unknown', reason: 'no-answer' } : receipt);
  }

  /** Gives up on what is unanswered since `due`, and begins a new sequence: the gateway may never have seen the end of this one. */
  #abandon(reason: string, due = Infinity): void {
    for (const [id, entry] of this.#unanswered) {
      if (entry.at > due) continue;
      this.#settle(id, entry, { id, status: 'unknown', reason });
      this.#begin();
    }
  }

  #begin(): void {
    this.#client = randomId();
    this.#sequence = 0;
    this.#known = false;
  }

  #settle(id: string, entry: Entry, receipt: Receipt): void {
    this.#unanswered.delete(id);
    this.#size -= entry.payload.length;
    entry.settle(receipt);
  }
}

function outgoing(id: string, entry: Entry): Outgoing {
  entry.posts++;
  return { id, payload: entry.payload, options: entry.options };
}

/** Tells the sender that the gateway keeps the message, and later how it ends. The gateway has the same patience: wait for its word. */
function keep(entry: Entry, receipt: Receipt): void {
  if (entry.queued) return;
  entry.queued = true;
  entry.at = Date.now() + outboxLimits.ttlMs;
  const told = entry.settle;
  const final = new Promise<Receipt>((settle) => (entry.settle = settle));
  told({ ...receipt, final });
}
