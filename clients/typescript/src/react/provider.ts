import { createContext, createElement, useContext, useEffect, type ReactNode } from 'react';
import type { ConnectionOptions } from '../createConnection.js';
import { storeFor, type ConnectionStore } from './store.js';

const ConnectionContext = createContext<ConnectionStore | undefined>(undefined);

/** Settings of a {@link WebSocketProvider}. A change of any but `accessToken` connects anew. */
export interface WebSocketProviderProps extends Pick<ConnectionOptions, 'url' | 'accessToken' | 'workerUrl'> {
  readonly children?: ReactNode;
  /** The user. Another user is another connection. */
  readonly userId: string;
  /** One connection per browser instead of one per tab. Default false, so that turning it off rolls back. */
  readonly useSharedWorker?: boolean | undefined;
}

type Settings = { readonly [K in keyof WebSocketProviderProps]?: WebSocketProviderProps[K] | undefined };

/** Connects while it is mounted, and gives the connection to the components below it. Renders on a server, where it does not connect. */
export function WebSocketProvider(props: WebSocketProviderProps): ReactNode {
  return createElement(ConnectionContext.Provider, { value: useOwnStore(props) }, props.children);
}

/**
 * The connection of the nearest provider, or a shared one for a component that names another user or has no provider. That one has no
 * access token: a token is one user's.
 */
export function useConnectionStore(userId: string | undefined): ConnectionStore {
  const provided = useContext(ConnectionContext);
  const options = provided?.options;
  const own = useOwnStore({ ...options, userId: userId === options?.userId ? undefined : userId, useSharedWorker: true });
  const store = own ?? provided;
  if (!store) throw new Error('connections-client: no WebSocketProvider and no userId');
  return store;
}

function useOwnStore({ userId, url, workerUrl, useSharedWorker, accessToken }: Settings): ConnectionStore | undefined {
  const store = userId === undefined ? undefined : storeFor({ userId, url, workerUrl, transport: useSharedWorker ? 'auto' : 'direct' });
  useEffect(() => {
    if (store) store.accessToken = accessToken ?? store.accessToken;
  });
  useEffect(() => store?.use(), [store]);
  return store;
}
