import { relayVersion, type Hello, type RelayMessage } from '../relay/messages.js';
import type { Channel, ChannelEvents, Host } from './host.js';
import { holdLock, pageLock, whenReleased } from './locks.js';

/** How long a worker has to answer a hello, in milliseconds. */
const helloTimeoutMs = 3_000;

type Welcome = Extract<RelayMessage, { type: 'welcome' }>;

/** The relay in a SharedWorker: one per browser and user. */
export class SharedHost implements Host {
  readonly kind = 'shared';
  /** A worker that hangs keeps its name and its lock; its successor needs another name. */
  #generation = 0;

  constructor(readonly spawn: (name: string) => SharedWorker) {}

  async attach(hello: Hello, events: ChannelEvents): Promise<Channel> {
    const release = await holdLock(pageLock(hello.page));
    try {
      return await this.#attach(hello, events, release);
    } catch (error) {
      if (error !== 'silent' || this.#generation > 0) {
        release?.();
        throw error;
      }
      // The other pages may already have escaped from a worker that hangs.
      this.escape();
      return await this.#attach(hello, events, release);
    }
  }

  escape(): void {
    this.#generation++;
  }

  async #attach(hello: Hello, events: ChannelEvents, release: (() => void) | undefined): Promise<Channel> {
    const relay = this.#generation ? `${hello.relay}#${this.#generation}` : hello.relay;
    const worker = this.spawn(relay);
    const { port } = worker;
    const watch = new AbortController();
    const close = (): void => {
      watch.abort();
      port.onmessage = null;
      port.close();
    };
    try {
      const { life } = await welcomed(worker, { ...hello, relay }, events);
      whenReleased(life, 'shared', watch.signal, () => events.lost());
    } catch (error) {
      close();
      throw error;
    }
    return {
      post: (message) => port.postMessage(message),
      close: () => {
        close();
        release?.();
      },
    };
  }
}

/** Says hello, passes everything after the welcome on, and rejects for a worker that fails, is another's, or stays silent. */
function welcomed(worker: SharedWorker, hello: Hello, events: ChannelEvents): Promise<Welcome> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject('silent'), helloTimeoutMs);
    worker.onerror = () => {
      clearTimeout(timer);
      reject(new Error('the shared worker could not be started'));
    };
    worker.port.onmessage = ({ data }: MessageEvent<RelayMessage>) => {
      if (data.type !== 'welcome') return events.message(data);
      clearTimeout(timer);
      if (data.version === relayVersion && data.relay === hello.relay) resolve(data);
      else reject(new Error(`the shared worker is ${data.relay}, version ${data.version}`));
    };
    worker.port.postMessage(hello);
  });
}
