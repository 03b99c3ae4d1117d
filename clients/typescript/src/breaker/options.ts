/** How one call goes through its circuit. */
export interface CircuitOptions {
  /** Failures in a row that open the circuit. Default 3. */
  readonly failureThreshold?: number;
  /** How long it stays open before one probe, in milliseconds. Default 30,000. */
  readonly resetTimeout?: number;
  /** Gives up the call; an abort counts neither as a success nor as a failure. */
  readonly signal?: AbortSignal | undefined;
  /** Which errors count. Default: all. An error that does not count is a proof of life, as good as a success. */
  readonly isFailure?: (error: unknown) => boolean;
}

/** `closed`: calls pass. `open`: calls are refused. `half-open`: one probe is under way. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** A circuit as it is now. */
export interface CircuitStats {
  readonly state: CircuitState;
  /** Failures in a row. */
  readonly failures: number;
  /** Calls that succeeded, failed, or were refused, since the last reset. */
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
  /** Milliseconds until a call may pass; 0 when closed. */
  readonly retryAfterMs: number;
}

/** What the gateway answers to `GET /breakers`: the breakers of the routes that it passes on. */
export interface ServerBreakers {
  readonly breakers: readonly {
    readonly name: string;
    readonly state: CircuitState;
    /** How long no call passes, in milliseconds, when `open`. */
    readonly retryAfterMs: number | null;
  }[];
}

/** Hears of a circuit's transition. */
export type CircuitListener = (name: string, state: CircuitState) => void;
