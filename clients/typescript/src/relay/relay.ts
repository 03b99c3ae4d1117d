import type { Dial } from '../link/line.js';
import { Link } from '../link/link.js';
import type { Backoff } from '../timing/backoff.js';
import type { UpstreamState } from '../protocol/wire.js';
import { Feed } from './feed.js';
import type { Hello, PageMessage, RelayPort, RelayState } from './messages.js';
import { Stream, type StreamVerdict } from './stream.js';
import { Tokens } from './tokens.js';

/** How long the link outlives the last page, in milliseconds: a reload finds it open. */
const lingerMs = 3_000;

/** How fine `lastHeard` is, in milliseconds. */
const heardGrainMs = 5_000;

/** Makes the dial of a relay; the token is asked for at each dial. */
export type DialTo = (url: string, accessToken: (() => Promise<string>) | undefined) => Dial;

/** A page as its relay sees it. */
export interface AttachedPage {
  receive(message: PageMessage): void;
  /** The page is gone. Says so as often as it likes. */
  detach(): void;
}

interface Page {
  readonly port: RelayPort;
  readonly feed: Feed;
  readonly hasToken: boolean;
}

/**
 * Shares one link among the pages of a user: in a SharedWorker, in the page that leads, or in a page for itself. All pages of a
 * relay want the same gateway and user; whoever hosts it sees to that.
 */
export class Relay {
  readonly #pages = new Set<Page>();
  readonly #tokens = new Tokens();
  readonly #stream = new Stream();
  readonly #link: Link;
  #upstream: UpstreamState | undefined;
  #lastHeard: number | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(
    { url, user, hasToken }: Pick<Hello, 'url' | 'user' | 'hasToken'>,
    dialTo: DialTo,
    backoff?: Backoff,
  ) {
    const token = () => this.#tokens.from([...this.#pages].filter((page) => page.hasToken).map((page) => page.port));
    this.#link = new Link(
      dialTo(hasToken ? url : withUser(url, user), hasToken ? token : undefined),
      {
        position: () => this.#stream.position(),
        opened: (result) => {
          if (result.user !== user) return this.#link.refuse('wrong-user');
          this.#upstream = result.state;
          this.#lastHeard = Date.now();
          this.#obey(this.#stream.opened(result));
        },
        frames: (batch) => this.#obey(this.#stream.append(batch)),
        state: (state) => {
          this.#upstream = state;
          this.#tell();
        },
        // Only the page that sent it knows the id; the others let it pass.
        receipt: (receipt) => this.#pages.forEach(({ port }) => port.post({ type: 'receipt', receipt })),
        heard: () => this.#heard(),
        changed: () => this.#tell(),
      },
      backoff,
    );
  }

  /** Adds a page that has said hello. */
  attach(hello: Hello, port: RelayPort): AttachedPage {
    clearTimeout(this.#linger);
    const page: Page = { port, feed: new Feed(port, hello.position), hasToken: hello.hasToken };
    this.#pages.add(page);
    this.#obey(this.#stream.add(page.feed));
    this.#link.start();
    this.#tell();
    return { receive: (message) => this.#receive(page, message), detach: () => this.#detach(page, lingerMs) };
  }

  /** Ends the link at once: whoever hosts this relay steps down. */
  stop(): void {
    clearTimeout(this.#linger);
    this.#link.stop();
  }

  #receive(page: Page, message: PageMessage): void {
    if (!this.#pages.has(page)) return;
    switch (message.type) {
      case 'send':
        return void this.#send(page, message);
      case 'ack':
        return this.#stream.acknowledge(page.feed, message.epoch, message.offset);
      case 'token':
        return this.#tokens.answer(message.request, message.token);
      case 'ping':
        return page.port.post({ type: 'pong' });
      case 'wake':
        return this.#link.wake();
      case 'bye':
        return this.#detach(page, lingerMs);
      case 'leave':
        return this.#detach(page, 0);
      case 'sign-out':
        this.stop();
        for (const other of this.#pages) other.port.post({ type: 'signed-out' });
        return;
      case 'hello':
        return;
    }
  }

  /** A line that is lost before the answer leaves the message to its page, which sends it again under the same id. */
  async #send(page: Page, { id, payload, options }: Extract<PageMessage, { type: 'send' }>): Promise<void> {
    const receipt = await this.#link.send(id, payload, options).catch(() => undefined);
    if (receipt) page.port.post({ type: 'receipt', receipt });
  }

  #detach(page: Page, linger: number): void {
    if (!this.#pages.delete(page)) return;
    this.#stream.feeds.delete(page.feed);
    this.#tell();
    if (this.#pages.size > 0) return;
    if (linger === 0) this.stop();
    else this.#linger = setTimeout(() => this.stop(), linger);
  }

  #obey(verdict: StreamVerdict): void {
    if (verdict === 'reopen') this.#link.reopen();
  }

  #heard(): void {
    const now = Date.now();
    if (now - (this.#lastHeard ?? 0) < heardGrainMs) return;
    this.#lastHeard = now;
    this.#tell();
  }

  #tell(): void {
    const link = this.#link.status;
    const state: RelayState = { link, upstream: this.#upstream, pages: this.#pages.size, lastHeard: this.#lastHeard };
    for (const { port } of this.#pages) port.post({ type: 'state', state });
  }
}

/** Without a token the user goes on the URL, which a gateway takes in Development alone. */
function withUser(url: string, user: string): string {
  const target = new URL(url);
  if (!target.searchParams.has('user')) target.searchParams.set('user', user);
  return target.href;
}
