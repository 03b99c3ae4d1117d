import { lifeOf } from './tokenLife.js';

/** How long before its end a token is replaced at the earliest, and how soon after a failure it is tried again, in milliseconds. */
const marginMs = 60_000;
const pauseMs = 1_000;

/** The longest wait that a timer can measure, in milliseconds. */
const longestMs = 2 ** 31 - 1;

/** Where fresh tokens come from, and who is to see them. */
export interface RenewalOwner {
  fetch(): Promise<string>;
  /** Rejects when the gateway does not take it. */
  show(token: string): Promise<void>;
}

/**
 * Shows the gateway a fresh token in time, while a line lasts: before the one that it knows ends, and when the backend has refused that.
 * A token that does not tell its end is left at that: its line is closed then, and the next dial brings another.
 */
export class Renewal {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endsAt = 0;
  #refused = false;

  constructor(
    readonly owner: RenewalOwner,
    readonly line: AbortSignal,
  ) {
    line.addEventListener('abort', () => clearTimeout(this.#timer));
  }

  /** The gateway has seen this token. */
  saw(token: string): void {
    this.#endsAt = Date.now() + (lifeOf(token) ?? 0);
    this.#plan();
  }

  /** Whether the backend refuses the token that the gateway relays: one fresh token for each time that it begins to. */
  told(refused = false): void {
    if (this.#refused === refused) return;
    this.#refused = refused;
    // Without a page that has a token, or with one that is no better, the next state asks again.
    if (refused) this.#renew().catch(() => (this.#refused = false));
  }

  /** A fifth of what is left before the end, so that there is time for another attempt. */
  #plan(): void {
    clearTimeout(this.#timer);
    const left = this.#endsAt - Date.now();
    if (left <= 0 || this.line.aborted) return;
    const wait = Math.max(left - Math.min(marginMs, left / 5), pauseMs);
    this.#timer = setTimeout(() => this.#renew().catch(() => this.#plan()), Math.min(wait, longestMs));
  }

  async #renew(): Promise<void> {
    const token = await this.owner.fetch();
    await this.owner.show(token);
    this.saw(token);
  }
}
