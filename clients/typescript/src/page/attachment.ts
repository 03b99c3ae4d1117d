import type { Channel, ChannelEvents, Host, HostKind } from '../hosts/host.js';
import type { Hello, PageMessage, RelayMessage } from '../relay/messages.js';
import { Backoff } from '../timing/backoff.js';
import { Pulse } from './pulse.js';

/** A way whose relay dies this often, each time within {@link shortLifeMs}, is left for the next one. */
const deathsToStepDown = 3;
const shortLifeMs = 10_000;

/** What the owner of an attachment provides and hears. */
export interface AttachmentOwner {
  /** The hello for a new attachment. */
  hello(): Hello;
  attached(kind: HostKind): void;
  message(message: RelayMessage): void;
  /** No way worked; the next try is due at `retryAt`, Unix time in milliseconds. */
  failed(reason: string, retryAt: number): void;
  /** The relay is gone; another attachment is under way. */
  detached(): void;
}

/** Keeps a page attached to a relay by the best way that works, and finds another relay when one dies or hangs. */
export class Attachment {
  #way = 0;
  #host: Host | undefined;
  #channel: Channel | undefined;
  /** Grows with each attachment and detachment, so that what belongs to an earlier one is dropped. */
  #era = 0;
  /** Until the next try, when no way worked. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Also said to a relay that answers the hello when the page has already gone on. */
  #word: PageMessage = { type: 'bye' };
  #deaths = 0;
  #attachedAt = 0;
  /** It has gone back to the first way, which it does once. */
  #returned = false;
  readonly #backoff = new Backoff();
  readonly #pulse = new Pulse(
    () => {
      this.post({ type: 'ping' });
      void this.#look(this.#era);
    },
    () => {
      this.#host?.escape();
      this.#lost();
    },
  );

  constructor(
    readonly ways: readonly (() => Promise<Host>)[],
    readonly owner: AttachmentOwner,
  ) {}

  /** Attaches, unless it is attached. */
  attach(): void {
    if (!this.#channel) void this.#attach(++this.#era);
  }

  post(message: PageMessage): void {
    this.#channel?.post(message);
  }

  /** Lets go, with a last word. */
  detach(word: PageMessage): void {
    this.#word = word;
    this.post(word);
    this.#drop();
  }

  #drop(): void {
    this.#era++;
    clearTimeout(this.#timer);
    this.#pulse.stop();
    this.#channel?.close();
    this.#channel = undefined;
  }

  async #attach(era: number): Promise<void> {
    const events: ChannelEvents = {
      message: (message) => {
        if (era !== this.#era) return;
        this.#pulse.heard();
        this.owner.message(message);
      },
      lost: () => void (era === this.#era && this.#lost()),
    };
    let reason = '';
    for (; this.#way < this.ways.length; this.#next()) {
      try {
        this.#host ??= await this.ways[this.#way]!();
        if (era !== this.#era) return;
        const channel = await this.#host.attach(this.owner.hello(), events);
        if (era !== this.#era) {
          channel.post(this.#word);
          return channel.close();
        }
        return this.#settle(this.#host, channel);
      } catch (error) {
        if (era !== this.#era) return;
        reason = String(error);
      }
    }
    this.#way = 0;
    const wait = this.#backoff.next();
    this.#timer = setTimeout(() => this.attach(), wait);
    this.owner.failed(reason, Date.now() + wait);
  }

  #settle(host: Host, channel: Channel): void {
    this.#channel = channel;
    this.#attachedAt = Date.now();
    this.owner.attached(host.kind);
    if (host.kind !== 'direct') this.#pulse.start();
  }

  /** Others are served by the first way, which was only too slow for this page: one browser has one connection. */
  async #look(era: number): Promise<void> {
    if (!this.#way || this.#returned) return;
    const first = await this.ways[0]!();
    if (!(await first.serves?.(this.owner.hello().relay)) || era !== this.#era) return;
    this.#returned = true;
    this.#lost(0, first);
  }

  #lost(way = this.#way, host = this.#host): void {
    this.#drop();
    this.#way = way;
    this.#host = host;
    this.#deaths = Date.now() - this.#attachedAt < shortLifeMs ? this.#deaths + 1 : 0;
    if (this.#deaths >= deathsToStepDown && this.#way + 1 < this.ways.length) this.#next();
    this.owner.detached();
    this.attach();
  }

  #next(): void {
    this.#way++;
    this.#host = undefined;
    this.#deaths = 0;
  }
}
