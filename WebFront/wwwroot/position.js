/** Where this tab stands in its user's log, kept over reloads. */
export class Position {
  #key;
  #epoch = null;
  #offset = 0;
  #saved = null;

  /**
   * Session storage is this tab's own: two tabs of a user stand in different places, and a closed tab leaves nothing behind.
   * @param {string} key
   */
  constructor(key) {
    this.#key = key;
    const stored = read(key);
    if (/^[0-9a-f]{16}-\d+$/.test(stored ?? '')) this.set(stored);
  }

  /** The position as it is written on the wire, or null before the first one. */
  get text() {
    return this.#epoch === null ? null : `${this.#epoch}-${this.#offset}`;
  }

  /** @param {string} text */
  set(text) {
    const [epoch, offset] = text.split('-');
    this.move(epoch, Number(offset));
  }

  /** @param {string} epoch @param {number} offset the last one this tab has */
  move(epoch, offset) {
    this.#epoch = epoch;
    this.#offset = offset;
  }

  /** Whether a frame is the very next one. @param {string} epoch @param {number} offset */
  isNext(epoch, offset) {
    return epoch === this.#epoch && offset === this.#offset + 1;
  }

  /** The offset of the next frame. */
  get next() {
    return this.#offset + 1;
  }

  /** Storage is synchronous, so it is written now and then and when the page goes; a stale position only repeats frames. */
  save() {
    const text = this.text;
    if (text === null || text === this.#saved) return;
    this.#saved = text;
    try {
      sessionStorage.setItem(this.#key, text);
    } catch {
      // Storage is off or full: the tab resumes after a cut, but not after a reload.
    }
  }
}

function read(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
