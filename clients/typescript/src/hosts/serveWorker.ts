import { randomId } from '../randomId.js';
import type { Hello, PageMessage, RelayMessage } from '../relay/messages.js';
import { Relay, type DialTo } from '../relay/relay.js';
import { parseWorkerName } from './generation.js';
import { breakLock, holdLock, lifeLock, livesOf } from './locks.js';
import { Reception } from './reception.js';

/** What this script needs of the scope it runs in; the compiler knows either pages or workers, not both. */
interface SharedScope {
  readonly name: string;
  onconnect: ((event: MessageEvent) => void) | null;
  close(): void;
}

/** Serves the pages that connect to this shared worker, unless there is a newer one; `dialTo` reaches the gateway. */
export function serveWorker(dialTo: DialTo): void {
  const scope = globalThis as unknown as SharedScope;
  const own = parseWorkerName(scope.name);
  const life = lifeLock(own.relay, own.generation, randomId());
  let relay: Relay | undefined;
  const relayFor = (hello: Hello): Relay => (relay ??= new Relay(hello, dialTo));
  const stepDown = (): void => {
    relay?.stop();
    scope.close();
  };
  const alive = holdLock(life, {}, stepDown).then(async () => {
    if (await depose(own.relay, own.generation)) stepDown();
  });

  scope.onconnect = ({ ports: [port] }) => {
    if (!port) return;
    const reception = new Reception({ post: (message: RelayMessage) => port.postMessage(message) }, relayFor, { relay: scope.name, life });
    // No page is welcome before the lock is held by which it learns of this worker's death.
    port.onmessage = ({ data }: MessageEvent<PageMessage>) => void alive.then(() => reception.receive(data));
  };
}

/**
 * Takes the lives of older generations by force: their pages learn of it at once, and a worker that only hung steps down when it is
 * back, so that a browser has one connection. Returns whether there is a newer generation than this one.
 */
async function depose(relay: string, generation: number): Promise<boolean> {
  const lives = await livesOf(relay);
  await Promise.all(lives.filter((life) => life.generation < generation).map(({ lock }) => breakLock(lock)));
  return lives.some((life) => life.generation > generation);
}
