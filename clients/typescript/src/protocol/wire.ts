/** What an entry of a user's log is; the last two are markers of the upstream's own life. */
export type FrameKind = 'text' | 'binary' | 'upstream-opened' | 'upstream-closed';

/** One entry of a user's log, as the gateway sends it. */
export interface WireFrame {
  /** Its place in the epoch, from 1 without holes. */
  readonly offset: number;
  readonly kind: FrameKind;
  /** When the gateway had it, Unix time in milliseconds. */
  readonly at: number;
  /** The message, for `text`; a small JSON document for markers. */
  readonly text?: string;
  /** The message, for `binary`. */
  readonly data?: Uint8Array;
}

/** Frames of one epoch, in order and without holes. */
export interface Batch {
  readonly epoch: string;
  /** Present when frames are missing before the first one of this batch. */
  readonly gap?: Gap | null;
  readonly frames: readonly WireFrame[];
}

/** Why missing frames cannot be had. */
export type GapReason = 'epoch-changed' | 'evicted' | 'future-offset';

/** The notice that frames are missing: what was between the last position and `next` is not coming. */
export interface Gap {
  readonly reason: GapReason;
  /** The oldest offset that could still be read (top + 1 when there is none). */
  readonly firstAvailable: number;
  /** The newest offset of the current epoch. */
  readonly top: number;
  /** The offset of the next frame this tab gets. */
  readonly next: number;
}

/** The breaker of this user's upstream. */
export interface BreakerState {
  readonly state: 'closed' | 'open' | 'half-open' | 'forced-open' | 'forced-closed';
  /** Failures in a row. */
  readonly failures: number;
  readonly trips: number;
  readonly retryAfterMs?: number | null;
}

/** What the gateway says about the user's upstream. */
export interface UpstreamState {
  readonly upstream: 'none' | 'idle' | 'connecting' | 'open' | 'waiting';
  /** When it became so, Unix time in milliseconds. */
  readonly since: number;
  /** Why it waits. */
  readonly reason?: string | null;
  /** Milliseconds until the next dial, when `waiting`. */
  readonly retryAfterMs?: number | null;
  readonly breaker?: BreakerState | null;
  /** The backend refused the newest token of the user's tabs: the gateway wants a fresh one. */
  readonly tokenRefused?: boolean;
  /** The top of the log. */
  readonly position?: string | null;
  /** How many owners this user's connection has had. */
  readonly generation?: number;
  /** Who is attached across the cluster. */
  readonly fronts?: number;
  readonly tabs?: number;
}

/** What became of a message, as the gateway answers it. */
export interface WireReceipt {
  /** The id of the message, `clientId:seq`. */
  readonly id: string;
  readonly status: 'sent' | 'queued' | 'rejected' | 'expired' | 'unknown';
  readonly reason?: string | null;
  readonly retryAfterMs?: number | null;
  /** For the reason `expected`: the sequence that is due from this client. */
  readonly expected?: number | null;
}

/** How a message is sent. */
export interface SendOptions {
  /**
   * What becomes of a message that was on its way when the upstream died, or that the gateway can no longer be asked about.
   * `at-most-once`, the default: it is `unknown` and not sent again. `at-least-once`: it is sent again, and the backend may see it twice.
   */
  readonly delivery?: 'at-most-once' | 'at-least-once';
}

/** The answer to `Open`. */
export interface OpenResult {
  /** True: every frame after the given position follows, then live ones. */
  readonly recovered: boolean;
  /** Present when a position was given and could not be honoured. */
  readonly gap?: Gap | null;
  /** Where this tab stands now. */
  readonly position: string;
  readonly state: UpstreamState;
  /** Who the gateway takes you for. */
  readonly user: string;
  /** This connection's id in the gateway's logs. */
  readonly tab: string;
}
