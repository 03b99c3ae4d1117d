import type { Receipt } from './page/receipt.js';
import { Session, type Frame } from './page/session.js';
import type { ConnectionState } from './page/state.js';
import type { Transport } from './page/ways.js';
import type { Gap, SendOptions } from './protocol/wire.js';

/** How to connect. Fixed for the life of a connection: close it and make another to change something. */
export interface ConnectionOptions {
  /** The user. Pages with different users never share a connection, and a token of another user's is refused. */
  readonly userId: string;
  /** The hub, absolute or relative to the page. Default `/hubs/connection`. */
  readonly url?: string | undefined;
  /**
   * Provides a fresh access token; asked at each dial, and before a JWT expires, in one of the pages that are alive. Without it the user
   * id goes on the URL, which the gateway takes in Development alone.
   */
  readonly accessToken?: (() => string | Promise<string>) | undefined;
  /** Default `auto`: one connection per browser where the browser can, else one per page. */
  readonly transport?: Transport | undefined;
  /** Where `worker.bundle.js` is served (same origin), for builds that cannot bundle the worker. */
  readonly workerUrl?: string | undefined;
}

/** A user's live connection in this page. However many pages there are, the browser has one connection to the gateway. */
export interface Connection {
  readonly userId: string;
  /** The state now; a new object at each change. */
  readonly state: ConnectionState;
  /**
   * Sends a message to the backend, or keeps it until the gateway can be reached: 256 messages or 1 MiB, for 60 s. Never rejects;
   * the receipt says what became of it.
   */
  send(message: string | Uint8Array, options?: SendOptions): Promise<Receipt>;
  /** Calls `listener` with each frame, once and in order. Each of these three returns a function that ends the listening. */
  onFrame(listener: (frame: Frame) => void): () => void;
  /** Calls `listener` at each change of the state. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Calls `listener` when frames are missing and cannot be had, before the next frame. */
  onGap(listener: (gap: Gap) => void): () => void;
  /** Ends this page's part in the connection. The last page to do so ends the connection. */
  close(): void;
  /** Ends the connection in all pages of this user in this browser: for the log-out. */
  signOut(): void;
}

/** Connects this page to the gateway and keeps it connected until it is closed. For browsers; there is nothing to call on a server. */
export function createConnection(options: ConnectionOptions): Connection {
  const { userId, accessToken, transport = 'auto', workerUrl } = options;
  if (typeof location === 'undefined') throw new Error('connections-client: createConnection is for browsers; call it where there is a page');
  if (!userId) throw new TypeError('connections-client: createConnection needs a userId');
  const absolute = (url: string): string => new URL(url, location.href).href;
  const session = new Session({
    url: absolute(options.url ?? '/hubs/connection'),
    userId,
    accessToken,
    transport,
    workerUrl: workerUrl === undefined ? undefined : absolute(workerUrl),
  });
  return {
    userId,
    get state() {
      return session.state;
    },
    send: (message, options) => session.send(message, options),
    onFrame: (listener) => session.frames.on(listener),
    onState: (listener) => session.states.on(listener),
    onGap: (listener) => session.gaps.on(listener),
    close: () => session.close({ type: 'leave' }, 'closed'),
    signOut: () => session.close({ type: 'sign-out' }, 'signed-out'),
  };
}
