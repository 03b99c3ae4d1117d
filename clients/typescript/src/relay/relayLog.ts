import type { Position } from '../protocol/position.js';
import type { WireFrame } from '../protocol/wire.js';

/** What a relay keeps for its slower pages. */
export interface RelayLogLimits {
  readonly frames: number;
  readonly bytes: number;
}

/** Five times the gateway's window of frames: a busy page has seconds to catch up. */
export const relayLogLimits: RelayLogLimits = { frames: 5_000, bytes: 4 * 1024 * 1024 };

/** The newest frames of one epoch, without holes, bounded in number and size. The oldest go first. */
export class RelayLog {
  #frames: WireFrame[] = [];
  #bytes = 0;
  #base: Position;

  constructor(
    start: Position,
    readonly limits: RelayLogLimits = relayLogLimits,
  ) {
    this.#base = start;
  }

  get epoch(): string {
    return this.#base.epoch;
  }

  /** Frames up to and including this offset are not here any more. */
  get base(): number {
    return this.#base.offset;
  }

  /** The newest offset. */
  get top(): number {
    return this.#base.offset + this.#frames.length;
  }

  /** Adds the frame after the top. */
  append(frame: WireFrame): void {
    this.#frames.push(frame);
    this.#bytes += sizeOf(frame);
    let evicted = 0;
    while (this.#frames.length - evicted > this.limits.frames || (this.#bytes > this.limits.bytes && evicted < this.#frames.length - 1)) {
      this.#bytes -= sizeOf(this.#frames[evicted++]!);
    }
    if (evicted === 0) return;
    this.#frames.splice(0, evicted);
    this.#base = { epoch: this.epoch, offset: this.base + evicted };
  }

  /** Up to `limit` frames after an offset that is not before the base. */
  after(offset: number, limit: number): WireFrame[] {
    const from = offset - this.base;
    return this.#frames.slice(from, from + limit);
  }
}

function sizeOf(frame: WireFrame): number {
  return 64 + (frame.text?.length ?? 0) + (frame.data?.length ?? 0);
}
