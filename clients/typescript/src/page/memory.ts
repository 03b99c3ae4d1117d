import { formatPosition, parsePosition, type Position } from '../protocol/position.js';

/** How often a position is written while frames flow, in milliseconds. */
const writeIntervalMs = 1_000;

/** Which slots of this page are taken, so that two connections of one page do not write over each other. */
const taken = new Set<string>();

/** Keeps a position in `sessionStorage`, for the reload of this tab. Where there is no storage it forgets. */
export class Memory {
  readonly #key: string;
  #writtenAt = 0;

  constructor(relay: string) {
    let slot = 0;
    while (taken.has(`${relay}/${slot}`)) slot++;
    taken.add((this.#key = `${relay}/${slot}`));
  }

  read(): Position | undefined {
    try {
      return parsePosition(sessionStorage.getItem(this.#key));
    } catch {
      return undefined;
    }
  }

  /** Writes, unless it has just done so and need not be exact. */
  write(position: Position | undefined, exact: boolean): void {
    const now = Date.now();
    if (!position || (!exact && now - this.#writtenAt < writeIntervalMs)) return;
    this.#writtenAt = now;
    try {
      sessionStorage.setItem(this.#key, formatPosition(position));
    } catch {
      // Without storage a reload starts at the newest frame.
    }
  }

  /** Forgets the position: the connection was closed on purpose. */
  forget(): void {
    taken.delete(this.#key);
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // Nothing was kept.
    }
  }
}
