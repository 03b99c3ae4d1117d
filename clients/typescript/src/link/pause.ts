/** A wait that somebody may cut short. One at a time. */
export class Pause {
  #end: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #until = 0;

  /** Settles after `ms`, sooner when shortened, at once when aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#end = () => {
        clearTimeout(this.#timer);
        signal.removeEventListener('abort', this.#end!);
        this.#end = undefined;
        resolve();
      };
      signal.addEventListener('abort', this.#end);
      this.#schedule(ms);
    });
  }

  /** Ends the wait under way, if any, in at most `ms`. */
  shorten(ms: number): void {
    if (this.#end && Date.now() + ms < this.#until) this.#schedule(ms);
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#until = Date.now() + ms;
    this.#timer = setTimeout(this.#end!, ms);
  }
}
