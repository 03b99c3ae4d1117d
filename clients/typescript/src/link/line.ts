import type { Batch, OpenResult, SendOptions, UpstreamState, WireReceipt } from '../protocol/wire.js';

/** Why a line ended, and whether another may be dialled. */
export interface LineEnd {
  /** A name of the close codes, or the text of a network error; `undefined` when nobody gave one. */
  readonly reason?: string | undefined;
  /** How long the gateway asks to stay away, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** What a line tells while it lasts. */
export interface LineEvents {
  frames(batch: Batch): void;
  state(state: UpstreamState): void;
  /** The final receipt of a message that was answered with `queued`. */
  receipt(receipt: WireReceipt): void;
  /** The gateway gave a sign of life, if only a ping. */
  heard(): void;
}

/** One hub connection to the gateway, from its handshake to its end. */
export interface Line {
  open(position: string | undefined): Promise<OpenResult>;
  send(id: string, payload: string | Uint8Array, options?: SendOptions): Promise<WireReceipt>;
  /** Settles once, when the line has ended for whatever reason. Never rejects. */
  readonly ended: Promise<LineEnd>;
  hangUp(): void;
}

/** Makes a line, or rejects. Aborting the signal gives the attempt up, and hangs up a line that was made. */
export type Dial = (events: LineEvents, signal: AbortSignal) => Promise<Line>;
