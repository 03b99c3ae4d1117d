import { holdLock, lifeLock } from './locks.js';
import type { Hello, PageMessage, RelayMessage } from '../relay/messages.js';
import { randomId } from '../randomId.js';
import { Reception } from '../relay/reception.js';
import { Relay, type DialTo } from '../relay/relay.js';

/** What this script needs of the scope it runs in; the compiler knows either pages or workers, not both. */
interface SharedScope {
  readonly name: string;
  onconnect: ((event: MessageEvent) => void) | null;
}

/** Serves the pages that connect to this shared worker; `dialTo` reaches the gateway. */
export function serveWorker(dialTo: DialTo): void {
  const scope = globalThis as unknown as SharedScope;
  const life = lifeLock(scope.name) + randomId();
  const alive = holdLock(life);
  let relay: Relay | undefined;
  const relayFor = (hello: Hello): Relay => (relay ??= new Relay(hello, dialTo));

  scope.onconnect = ({ ports: [port] }) => {
    if (!port) return;
    const reception = new Reception({ post: (message: RelayMessage) => port.postMessage(message) }, relayFor, { relay: scope.name, life });
    // No page is welcome before the lock is held by which it learns of this worker's death.
    port.onmessage = ({ data }: MessageEvent<PageMessage>) => void alive.then(() => reception.receive(data));
  };
}
