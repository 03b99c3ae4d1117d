import { formatPosition, parsePosition, type Position } from '../protocol/position.js';
import type { Batch, Gap, OpenResult } from '../protocol/wire.js';
import type { Feed } from './feed.js';
import { RelayLog } from './relayLog.js';

/** What became of an answer to `Open` or of a batch: `reopen` asks for a new line at {@link Stream.position}. */
export type StreamVerdict = 'ok' | 'reopen';

/**
 * The frames that all pages share: one log, and a feed per page. Pages may arrive with older positions than the log's first (after
 * the death of another relay); then the line is opened again from the oldest, so that nobody misses what the gateway still has.
 */
export class Stream {
  readonly feeds = new Set<Feed>();
  #log: RelayLog | undefined;
  #asked: Position | undefined;

  /** Where the next `Open` resumes: at the oldest of what is here and what a page still wants. */
  position(): string | undefined {
    const known = this.#log ? { epoch: this.#log.epoch, offset: this.#log.top } : this.#firstCursor();
    this.#asked = known;
    for (const { cursor } of this.#wanting()) if (cursor && known && cursor.offset < this.#asked!.offset) this.#asked = cursor;
    return this.#asked && formatPosition(this.#asked);
  }

  /** Adds a page's feed. */
  add(feed: Feed): StreamVerdict {
    this.feeds.add(feed);
    const log = this.#log;
    if (!log) return 'ok';
    feed.place({ epoch: log.epoch, offset: log.top });
    feed.pump(log);
    return feed.wants(log) ? 'reopen' : 'ok';
  }

  opened(result: OpenResult): StreamVerdict {
    const at = parsePosition(result.position);
    if (!at) return 'reopen';
    const log = this.#log;
    const asked = this.#asked;
    if (result.gap && log && asked && asked.offset < log.top && at.epoch === log.epoch) {
      // Only the pages that wanted more than the log has lose something; the others go on where they were.
      this.#giveUp(result.gap);
      this.#pump(log);
      return 'reopen';
    }
    const start = result.recovered && asked ? asked : at;
    if (!log || log.epoch !== start.epoch || log.top !== start.offset) this.#log = new RelayLog(start);
    if (result.gap) this.#giveUp(result.gap);
    return this.#settle(result);
  }

  append(batch: Batch): StreamVerdict {
    const first = batch.frames[0]?.offset;
    if (batch.gap) {
      this.#log = new RelayLog({ epoch: batch.epoch, offset: batch.gap.next - 1 });
      this.#giveUp(batch.gap);
    }
    const log = this.#log;
    if (!log || batch.epoch !== log.epoch || (first !== undefined && first > log.top + 1)) return 'reopen';
    for (const frame of batch.frames) if (frame.offset > log.top) log.append(frame);
    this.#pump(log);
    return 'ok';
  }

  acknowledge(feed: Feed, epoch: string, offset: number): void {
    if (this.#log) feed.acknowledge(epoch, offset, this.#log);
  }

  #settle(result: OpenResult): StreamVerdict {
    const log = this.#log!;
    const top = parsePosition(result.state.position);
    const newest = top?.epoch === log.epoch ? top : { epoch: log.epoch, offset: log.top };
    for (const feed of this.feeds) {
      feed.place(newest);
      const ahead = result.gap?.reason === 'future-offset' && feed.cursor?.epoch === log.epoch && feed.cursor.offset > log.base;
      if (ahead) feed.tell('future-offset', log);
    }
    this.#pump(log);
    return this.#wanting().length ? 'reopen' : 'ok';
  }

  /** What was asked for, and what is older than anything the gateway has, is not coming. */
  #giveUp(gap: Gap): void {
    for (const feed of this.#wanting()) {
      const has = feed.cursor?.offset ?? 0;
      if (has <= (this.#asked?.offset ?? 0) || has + 1 < gap.firstAvailable) feed.giveUp();
    }
  }

  #pump(log: RelayLog): void {
    for (const feed of this.feeds) feed.pump(log);
  }

  #wanting(): Feed[] {
    const log = this.#log;
    return log ? [...this.feeds].filter((feed) => feed.wants(log)) : [];
  }

  /** Without a log: the oldest position of the first page's epoch. */
  #firstCursor(): Position | undefined {
    const cursors = [...this.feeds].flatMap(({ cursor }) => cursor ?? []);
    return cursors.filter(({ epoch }) => epoch === cursors[0]?.epoch).sort((a, b) => a.offset - b.offset)[0];
  }
}
