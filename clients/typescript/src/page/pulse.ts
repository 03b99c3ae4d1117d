/** How often a page asks its relay for a sign of life, in milliseconds. */
const intervalMs = 5_000;

/** How often it asks in vain before it believes that the relay hangs. */
const patience = 2;

/** Asks a relay for signs of life. */
export class Pulse {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silences = 0;

  constructor(
    /** Asks. */
    readonly beat: () => void,
    /** The relay does not answer; nothing is asked any more. */
    readonly silent: () => void,
  ) {}

  start(): void {
    this.heard();
    this.#wait();
  }

  /** The relay lives. */
  heard(): void {
    this.#silences = 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      if (this.#silences++ >= patience) return this.silent();
      this.#wait();
      this.beat();
    }, intervalMs);
  }
}
