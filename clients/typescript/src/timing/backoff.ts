/** How long to wait between attempts. */
export interface BackoffOptions {
  /** The ceiling of the first delay, in milliseconds. */
  readonly baseMs: number;
  /** The ceiling of every delay, in milliseconds. */
  readonly capMs: number;
  /** How long a connection must have lasted, in milliseconds, for the delays to start over. */
  readonly healthyMs: number;
}

/** The delays of the gateway's own dials. */
export const defaultBackoff: BackoffOptions = { baseMs: 1_000, capMs: 30_000, healthyMs: 30_000 };

/**
 * Full jitter: each delay is uniform between 0 and a ceiling that doubles with every attempt, so that clients which lost their
 * gateway together do not come back together.
 */
export class Backoff {
  #attempts = 0;
  #openedAt: number | undefined;

  constructor(
    readonly options: BackoffOptions = defaultBackoff,
    readonly now: () => number = Date.now,
    readonly random: () => number = Math.random,
  ) {}

  /** An attempt succeeded; the delays start over once it has lasted. */
  opened(): void {
    this.#openedAt = this.now();
  }

  /** The delay before the next attempt, in milliseconds. */
  next(): number {
    const { baseMs, capMs, healthyMs } = this.options;
    if (this.#openedAt !== undefined && this.now() - this.#openedAt >= healthyMs) this.#attempts = 0;
    this.#openedAt = undefined;
    return this.random() * Math.min(capMs, baseMs * 2 ** this.#attempts++);
  }
}
