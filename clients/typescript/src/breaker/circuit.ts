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

const fresh = { failures: 0, succeeded: 0, failed: 0, refused: 0 };

/** One named circuit: three states, and `become` as the only door between them. */
export class Circuit {
  #state: CircuitState = 'closed';
  #counts = { ...fresh };
  /** No call passes before this time. While a probe is under way it bounds how long the others wait for it. */
  #notBefore = 0;
  /** Grows with every transition, so that a call which began in an earlier state cannot move this one. */
  #era = 0;

  constructor(
    readonly name: string,
    readonly now: () => number,
    readonly changed: (state: CircuitState) => void,
  ) {}

  get stats(): CircuitStats {
    return { ...this.#counts, state: this.#state, retryAfterMs: Math.max(0, this.#notBefore - this.now()) };
  }

  async run<T>(fn: (signal?: AbortSignal) => T | Promise<T>, options: CircuitOptions): Promise<T> {
    const { failureThreshold = 3, resetTimeout = 30_000, signal, isFailure } = options;
    signal?.throwIfAborted();
    const counts = this.#counts;
    const { state, retryAfterMs } = this.stats;
    if (retryAfterMs) {
      counts.refused++;
      throw new CircuitOpenError(this.name, retryAfterMs);
    }
    const probe = state !== 'closed';
    if (probe) this.become('half-open', resetTimeout);
    const era = this.#era;
    let then = (): unknown => {
      counts.failures = 0;
      return probe && this.become('closed', 0);
    };
    try {
      const result = await fn(signal);
      counts.succeeded++;
      return result;
    } catch (error) {
      if (signal?.aborted) {
        then = () => (this.#notBefore = 0);
      } else if (isFailure?.(error) ?? true) {
        counts.failed++;
        then = () => (++counts.failures >= failureThreshold || probe) && this.become('open', resetTimeout);
      }
      throw error;
    } finally {
      if (era === this.#era) then();
    }
  }

  reset(): void {
    this.#counts = { ...fresh };
    this.become('closed', 0);
  }

  /** The only door between the states. No call passes for `waitMs`. */
  become(state: CircuitState, waitMs: number): void {
    this.#notBefore = this.now() + waitMs;
    this.#era++;
    if (state === 'closed') this.#counts.failures = 0;
    if (state !== this.#state) this.changed((this.#state = state));
  }
}
