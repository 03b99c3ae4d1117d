import type { CircuitListener, CircuitOptions, CircuitState, CircuitStats } from './options.js';

/** The circuit is open: the call was not made. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';

  constructor(
    readonly circuit: string,
    /** Milliseconds until a call may pass. */
    readonly retryAfterMs: number,
  ) {
    super(`circuit open: ${circuit}`);
  }
}

/** Nothing has happened yet. */
export const freshCounts = () => ({ failed: 0, failures: 0, refused: 0, succeeded: 0 });

/** One named circuit: three states, and `become` as the only door between them. */
export class Circuit {
  #state: CircuitState = 'closed';
  #counts = freshCounts();
  /** No call passes before this time. While a probe is under way it bounds how long the others wait for it. */
  #notBefore = 0;
  /** Grows with every transition, so that a call which began in an earlier state cannot move this one. */
  #era = 0;

  constructor(
    readonly name: string,
    readonly now: () => number,
    readonly listeners: Iterable<CircuitListener>,
  ) {}

  get stats(): CircuitStats {
    return { ...this.#counts, state: this.#state, retryAfterMs: Math.max(0, this.#notBefore - this.now()) };
  }

  async run<T>(
    fn: (signal: AbortSignal) => T | Promise<T>,
    { failureThreshold = 3, resetTimeout = 30_000, signal = new AbortController().signal, isFailure = () => true }: CircuitOptions = {},
  ): Promise<T> {
    signal.throwIfAborted();
    const counts = this.#counts;
    const wait = this.stats.retryAfterMs;
    if (wait) {
      counts.refused++;
      throw new CircuitOpenError(this.name, wait);
    }
    const probe = this.#state !== 'closed';
    if (probe) this.become('half-open', resetTimeout);
    const era = this.#era;
    let then = (): unknown => this.become('closed', 0);
    try {
      const result = await fn(signal);
      counts.succeeded++;
      return result;
    } catch (error) {
      if (signal.aborted) then = () => (this.#notBefore = 0);
      else if (isFailure(error)) {
        counts.failed++;
        then = () => (++counts.failures >= failureThreshold || probe) && this.become('open', resetTimeout);
      }
      throw error;
    } finally {
      if (era === this.#era) then();
    }
  }

  /** The only door between the states. No call passes for `waitMs`. */
  become(state: CircuitState, waitMs: number, counts = this.#counts): void {
    this.#counts = counts;
    this.#notBefore = this.now() + waitMs;
    if (state === 'closed') counts.failures = 0;
    if (waitMs) this.#era++;
    if (state === this.#state) return;
    this.#era++;
    this.#state = state;
    // Each in a turn of its own: one that throws keeps the event from nobody.
    for (const listener of this.listeners) queueMicrotask(() => listener(this.name, state));
  }
}
