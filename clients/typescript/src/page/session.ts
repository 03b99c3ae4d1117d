import { Emitter } from '../emitter.js';
import type { HostKind } from '../hosts/host.js';
import { formatPosition, type Position } from '../protocol/position.js';
import type { Gap, SendOptions, WireFrame } from '../protocol/wire.js';
import { randomId } from '../randomId.js';
import { relayVersion, type Hello, type PageMessage, type RelayMessage } from '../relay/messages.js';
import { Attachment } from './attachment.js';
import { watchLifecycle } from './lifecycle.js';
import { Memory } from './memory.js';
import { Outbox, type Outgoing } from './outbox.js';
import type { Receipt } from './receipt.js';
import { initialState, stateFrom, type ConnectionState } from './state.js';
import { waysTo, type Transport } from './ways.js';

/** An entry of the user's log. */
export interface Frame extends WireFrame {
  readonly epoch: string;
}

/** The settings of a session; see `ConnectionOptions`. */
export interface SessionOptions {
  readonly url: string;
  readonly userId: string;
  readonly accessToken?: (() => string | Promise<string>) | undefined;
  readonly transport: Transport;
  readonly workerUrl?: string | undefined;
}

/** A page's connection: what it has, what it wants to send, and its attachment to whoever hosts the relay. */
export class Session {
  readonly frames = new Emitter<[Frame]>();
  readonly states = new Emitter<[ConnectionState]>();
  readonly gaps = new Emitter<[Gap]>();
  readonly #relay: string;
  readonly #memory: Memory;
  readonly #outbox = new Outbox();
  readonly #attachment: Attachment;
  readonly #unwatch: () => void;
  #state = initialState;
  #position: Position | undefined;
  #transport: HostKind | undefined;

  constructor(readonly options: SessionOptions) {
    this.#relay = `connections/${relayVersion}/${options.userId}@${options.url}`;
    this.#memory = new Memory(this.#relay);
    this.#position = this.#memory.read();
    this.#attachment = new Attachment(waysTo(options.transport, options.workerUrl), {
      hello: () => this.#hello(),
      attached: (kind) => (this.#transport = kind),
      message: (message) => this.#receive(message),
      failed: (reason, retryAt) => this.#become({ ...this.#state, status: 'waiting', reason, retryAt }),
      detached: () => this.#become({ ...this.#state, status: 'connecting' }),
    });
    this.#unwatch = watchLifecycle({
      suspend: () => {
        this.#memory.write(this.#position, true);
        this.#attachment.detach({ type: 'bye' });
        this.#become({ ...this.#state, status: 'connecting' });
      },
      resume: () => this.#attachment.attach(),
      wake: () => this.#attachment.post({ type: 'wake' }),
    });
    this.#attachment.attach();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  send(payload: string | Uint8Array, options?: SendOptions): Promise<Receipt> {
    if (this.#state.status === 'closed') return Promise.resolve({ status: 'rejected', reason: 'closed' });
    const receipt = this.#outbox.offer(payload, options);
    if (this.#state.status === 'open') this.#post(this.#outbox.release());
    return receipt;
  }

  /** Ends this page's part, after a last word to the relay. */
  close(word: PageMessage, reason: string): void {
    if (this.#state.status === 'closed') return;
    this.#unwatch();
    this.#attachment.detach(word);
    this.#memory.forget();
    this.#outbox.close();
    this.#become({ status: 'closed', reason, pages: 0 });
  }

  #hello(): Hello {
    const { url, userId: user, accessToken } = this.options;
    const position = this.#position && formatPosition(this.#position);
    return { type: 'hello', version: relayVersion, page: randomId(), relay: this.#relay, url, user, position, hasToken: !!accessToken };
  }

  #receive(message: RelayMessage): void {
    switch (message.type) {
      case 'frames':
        return this.#take(message.epoch, message.frames);
      case 'gap':
        this.#position = { epoch: message.epoch, offset: message.gap.next - 1 };
        return this.gaps.emit(message.gap);
      case 'state':
        return this.#become(stateFrom(message.state, this.#transport));
      case 'receipt':
        if (this.#outbox.answer(message.receipt)) this.#post(this.#outbox.release());
        return;
      case 'token-wanted':
        return void this.#provideToken(message.request);
      case 'signed-out':
        return this.close({ type: 'leave' }, 'signed-out');
    }
  }

  /** Hands frames to the application, each once: what it already has is dropped. */
  #take(epoch: string, frames: readonly WireFrame[]): void {
    for (const frame of frames) {
      if (this.#position?.epoch === epoch && frame.offset <= this.#position.offset) continue;
      this.#position = { epoch, offset: frame.offset };
      this.frames.emit({ ...frame, epoch });
    }
    this.#memory.write(this.#position, false);
    if (this.#position) this.#attachment.post({ type: 'ack', ...this.#position });
  }

  async #provideToken(request: number): Promise<void> {
    let token: string | undefined;
    try {
      token = await this.options.accessToken?.();
    } catch {
      // The relay asks another page, and dials again later.
    }
    this.#attachment.post({ type: 'token', request, token });
  }

  #become(state: ConnectionState): void {
    const opened = state.status === 'open' && this.#state.status !== 'open';
    this.#state = state;
    if (opened) this.#post([...this.#outbox.again(), ...this.#outbox.release()]);
    this.states.emit(state);
  }

  #post(messages: readonly Outgoing[]): void {
    for (const message of messages) this.#attachment.post({ type: 'send', ...message });
  }
}
