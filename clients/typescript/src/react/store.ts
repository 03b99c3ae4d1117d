import { createConnection, type Connection, type ConnectionOptions } from '../createConnection.js';
import { Emitter } from '../emitter.js';
import type { Frame } from '../page/session.js';
import { initialState, type ConnectionState } from '../page/state.js';
import type { Gap } from '../protocol/wire.js';
import { eachAnimationFrame } from './eachAnimationFrame.js';

/** What components may select from. A new object at each change of the state, and at most once per animation frame for frames. */
export interface View {
  readonly state: ConnectionState;
  readonly isConnected: boolean;
  readonly lastFrame: Frame | undefined;
}

export const initialView: View = { state: initialState, isConnected: false, lastFrame: undefined };

/**
 * A connection as components use it: opened by the first that mounts, closed after the last has unmounted. Listeners may come before
 * it is open, because the effects of children run before those of their parents.
 */
export class ConnectionStore {
  readonly frames = new Emitter<[Frame]>();
  readonly gaps = new Emitter<[Gap]>();
  readonly #changes = new Emitter<[]>();
  #view = initialView;
  #connection: Connection | undefined;
  #users = 0;

  /** The newest of the application's; asked when the connection wants a token. */
  accessToken: ConnectionOptions['accessToken'];

  constructor(readonly options: ConnectionOptions) {}

  readonly getView = (): View => this.#view;
  readonly subscribe = (listener: () => void): (() => void) => this.#changes.on(listener);
  readonly send: Connection['send'] = (...message) =>
    this.#connection?.send(...message) ?? Promise.resolve({ status: 'rejected', reason: 'closed' });
  readonly signOut = (): void => this.#connection?.signOut();

  /** One more component uses the connection; the returned function ends that. */
  readonly use = (): (() => void) => {
    this.#users++;
    this.#connection ??= this.#connect();
    return () => {
      this.#users--;
      // StrictMode, and a move in the tree, mount again in the same turn.
      setTimeout(() => {
        if (this.#users) return;
        this.#connection?.close();
        this.#connection = undefined;
        this.#view = initialView;
      });
    };
  };

  #connect(): Connection {
    const accessToken = this.accessToken && (() => this.accessToken!());
    const connection = createConnection({ ...this.options, accessToken });
    let lastFrame: Frame | undefined;
    const publishSoon = eachAnimationFrame(() => this.#publish({ lastFrame }));
    connection.onFrame((frame) => {
      this.frames.emit((lastFrame = frame));
      publishSoon();
    });
    connection.onGap((gap) => this.gaps.emit(gap));
    connection.onState((state) => this.#publish({ state, isConnected: state.status === 'open' }));
    return connection;
  }

  #publish(change: Partial<View>): void {
    this.#view = { ...this.#view, ...change };
    this.#changes.emit();
  }
}

const stores = new Map<string, ConnectionStore>();

/** The store for these settings: one per page, however many components ask. On a server each render has its own. */
export function storeFor(options: ConnectionOptions): ConnectionStore {
  const key = JSON.stringify(options);
  const store = stores.get(key) ?? new ConnectionStore(options);
  if (typeof window === 'object') stores.set(key, store);
  return store;
}
