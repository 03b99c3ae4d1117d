import { relayVersion, type Hello, type PageMessage, type RelayPort } from '../relay/messages.js';
import type { AttachedPage, Relay } from '../relay/relay.js';
import { pageLock, whenReleased } from './locks.js';

/** One page at the door of a relay: its first message is a hello, and its lock tells when it is gone. */
export class Reception {
  #page: AttachedPage | undefined;
  readonly #watch = new AbortController();

  constructor(
    readonly port: RelayPort,
    /** The relay for this hello, made by the first of them. */
    readonly relayFor: (hello: Hello) => Relay,
    readonly welcome: { readonly relay: string; readonly life: string },
  ) {}

  receive(message: PageMessage): void {
    if (message.type !== 'hello') this.#page?.receive(message);
    else if (!this.#page) this.#admit(message);
    if (message.type === 'bye' || message.type === 'leave') this.close();
  }

  /** The page is gone. */
  close(): void {
    this.#watch.abort();
    this.#page?.detach();
  }

  #admit(hello: Hello): void {
    this.port.post({ type: 'welcome', version: relayVersion, ...this.welcome });
    if (hello.version !== relayVersion || hello.relay !== this.welcome.relay) return;
    this.#page = this.relayFor(hello).attach(hello, this.port);
    whenReleased(pageLock(hello.page), 'exclusive', this.#watch.signal, () => this.close());
  }
}
