import type { CircuitOptions, CircuitState, CircuitStats } from './options.js';

/** The circuit is open: the call was not made. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';

  constructor(
    readonly circuit: string,
    /** Milliseconds until a call may pass. */
    readonly retryAfterMs: number,
  ) {
    super(`circuit ${circuit} is open`);
  }
}

/** One named circuit: three states, and `#become` as the only door between them. */
export class Circuit {
  #state: CircuitState = 'closed';
  #failures = 0;
  #succeeded = 0;
  #failed = 0;
  #refused = 0;
  /** No call passes before this time, unless closed. While a probe is under way it bounds how long the others wait for it. */
  #notBefore = 0;
  /** Grows with every transition, so that a call which began in an earlier state cannot move this one. */
  #era = 0;

  constructor(
    readonly name: string,
    readonly changed: (name: string, state: CircuitState) => void,
    readonly now: () => number,
  ) {}

  get stats(): CircuitStats {
    return {
      state: this.#state,
      failures: this.#failures,
      succeeded: this.#succeeded,
      failed: this.#failed,
      refused: this.#refused,
      retryAfterMs: this.#wait(),
    };
  }

  async run<T>(fn: (signal?: AbortSignal) => T | Promise<T>, options: CircuitOptions): Promise<T> {
    const { failureThreshold = 3, resetTimeout = 30_000, signal, isFailure } = options;
    signal?.throwIfAborted();
    const wait = this.#wait();
    if (wait) {
      this.#refused++;
      throw new CircuitOpenError(this.name, wait);
    }
    const probe = this.#state !== 'closed';
    if (probe) this.#become('half-open', resetTimeout);
    const era = this.#era;
    try {
      const result = await fn(signal);
      this.#succeeded++;
      if (era === this.#era) this.#close();
      return result;
    } catch (error) {
      if (signal?.aborted) {
        if (era === this.#era) this.#notBefore = 0;
      } else if (isFailure?.(error) === false) {
        if (era === this.#era) this.#close();
      } else {
        this.#failed++;
        if (era === this.#era && (++this.#failures >= failureThreshold || probe)) this.open(resetTimeout);
      }
      throw error;
    }
  }

  /** Opens for a time. */
  open(forMs: number): void {
    this.#become('open', forMs);
  }

  reset(): void {
    this.#era++;
    this.#succeeded = this.#failed = this.#refused = 0;
    this.#close();
  }

  #close(): void {
    this.#failures = 0;
    if (this.#state !== 'closed') this.#become('closed', 0);
  }

  #wait(): number {
    return this.#state === 'closed' ? 0 : Math.max(0, this.#notBefore - this.now());
  }

  #become(state: CircuitState, waitMs: number): void {
    const before = this.#state;
    this.#state = state;
    this.#notBefore = this.now() + waitMs;
    this.#era++;
    if (before !== state) this.changed(this.name, state);
  }
}
