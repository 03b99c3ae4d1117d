import { relayVersion, type Hello, type PageMessage, type RelayMessage } from '../relay/messages.js';
import type { Channel, ChannelEvents, Host } from './host.js';
import { workerName } from './generation.js';
import { holdLock, livesOf, pageLock, whenReleased } from './locks.js';

/**
 * How long a worker has to answer each hello, in milliseconds. One that is about to end takes the first with it; one that has ended may be
 * given out for longer than that (Firefox, on a busy machine), which is why the last hello is for another generation.
 */
const patienceMs = [1_500, 3_000, 3_000];

type Welcome = Extract<RelayMessage, { type: 'welcome' }>;

/** The relay in a SharedWorker: one per browser and user. */
export class SharedHost implements Host {
  readonly kind = 'shared';
  /** The newest generation heard of: where to begin when no worker lives. */
  #generation = 0;
  /** The life of the worker that this page is attached to, or was last. */
  #life = '';
  /** The life of a worker that hangs. */
  #hung = '';

  constructor(readonly spawn: (name: string) => SharedWorker) {}

  async attach(hello: Hello, events: ChannelEvents): Promise<Channel> {
    const release = await holdLock(pageLock(hello.page));
    try {
      for (const [attempt, patience] of patienceMs.entries()) {
        const [newest] = await livesOf(hello.relay);
        if (newest) this.#generation = newest.generation + Number(newest.lock === this.#hung);
        else if (attempt === 2) this.#generation++;
        const channel = await this.#attach({ ...hello, relay: workerName(hello.relay, this.#generation) }, events, patience, release);
        if (channel) return channel;
        // The same worker lives all the time and does not answer: it hangs.
        if (newest && (await livesOf(hello.relay)).some(({ lock }) => lock === newest.lock)) this.#hung = newest.lock;
      }
      throw new Error('the shared worker does not answer');
    } catch (error) {
      release?.();
      throw error;
    }
  }

  async serves(relay: string): Promise<boolean> {
    return (await livesOf(relay)).length > 0;
  }

  /** Every page that escapes goes to the same generation, and its worker deposes the one that hangs: see `serveWorker`. */
  escape(): void {
    this.#hung = this.#life;
  }

  /** `undefined` when the worker was silent. */
  async #attach(hello: Hello, events: ChannelEvents, patience: number, release?: () => void): Promise<Channel | undefined> {
    const worker = this.spawn(hello.relay);
    const { port } = worker;
    const watch = new AbortController();
    const close = (): void => {
      watch.abort();
      port.onmessage = null;
      port.close();
    };
    try {
      const welcome = await welcomed(worker, hello, events, patience);
      if (!welcome) {
        // It may have been slow only, and read the hello later.
        port.postMessage({ type: 'bye' } satisfies PageMessage);
        return void close();
      }
      this.#life = welcome.life;
      whenReleased(welcome.life, 'shared', watch.signal, () => events.lost());
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

/** Says hello, and passes everything after the welcome on. Rejects for a worker that fails or is another's. */
function welcomed(worker: SharedWorker, hello: Hello, events: ChannelEvents, patience: number): Promise<Welcome | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, patience);
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
