import { randomId } from '../../src/randomId.js';
import { relayVersion, type Hello, type RelayMessage, type RelayState } from '../../src/relay/messages.js';
import type { AttachedPage, Relay } from '../../src/relay/relay.js';

/** A page at a relay, that remembers what it is told and acknowledges frames unless told to be slow. */
export class FakePage {
  readonly texts: string[] = [];
  readonly gaps: string[] = [];
  state: RelayState | undefined;
  signedOut = false;
  position: string | undefined;
  slow = false;
  readonly receipts: string[] = [];
  #page: AttachedPage | undefined;

  constructor(
    readonly relay: Relay,
    readonly options: Partial<Hello> = {},
    /** What it answers when it is asked for a token; `silent` leaves the question open. */
    public token: string | undefined | 'silent' = 'silent',
  ) {
    this.position = options.position;
    this.attach();
  }

  attach(): void {
    const hello: Hello = {
      type: 'hello',
      version: relayVersion,
      page: randomId(),
      relay: 'r',
      url: 'http://gateway/hub',
      user: 'alice',
      hasToken: false,
      ...this.options,
      position: this.position,
    };
    this.#page = this.relay.attach(hello, { post: (message) => this.#receive(message) });
  }

  post(...message: Parameters<AttachedPage['receive']>): void {
    this.#page?.receive(...message);
  }

  die(): void {
    this.#page?.detach();
  }

  /** Handles all it has been given. */
  catchUp(): void {
    const [epoch, offset] = this.position!.split('-') as [string, string];
    this.post({ type: 'ack', epoch, offset: Number(offset) });
  }

  #receive(message: RelayMessage): void {
    if (message.type === 'frames') {
      this.texts.push(...message.frames.map(({ text }) => text ?? ''));
      this.position = `${message.epoch}-${message.frames.at(-1)!.offset}`;
      if (!this.slow) this.catchUp();
    } else if (message.type === 'gap') {
      this.gaps.push(message.gap.reason);
      this.position = `${message.epoch}-${message.gap.next - 1}`;
    } else if (message.type === 'state') this.state = message.state;
    else if (message.type === 'receipt') this.receipts.push(`${message.receipt.id} ${message.receipt.status}`);
    else if (message.type === 'signed-out') this.signedOut = true;
    else if (message.type === 'token-wanted' && this.token !== 'silent') {
      const { token } = this;
      queueMicrotask(() => this.post({ type: 'token', request: message.request, token }));
    }
  }
}
