import type { WireReceipt } from '../protocol/wire.js';

/** What became of a message. */
export interface Receipt {
  /**
   * `sent`: handed to the upstream. `queued`: the gateway keeps it until the upstream is back, see `final`. `rejected`, `expired`: it
   * did not and will not go out. `unknown`: it may or may not have gone out.
   */
  readonly status: WireReceipt['status'];
  /** Why; the gateway's reasons, or `queue-full`, `too-large`, `closed`, `no-answer` of this page. */
  readonly reason?: string | null;
  /** When trying again makes sense, in milliseconds, where that is known. */
  readonly retryAfterMs?: number | null;
  /** The id under which the gateway knows it; absent when it never got there. */
  readonly id?: string;
  /** For `queued`: the receipt that says how it ended. */
  readonly final?: Promise<Receipt>;
}
