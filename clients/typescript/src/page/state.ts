import type { HostKind } from '../hosts/host.js';
import type { UpstreamState } from '../protocol/wire.js';
import type { RelayState } from '../relay/messages.js';

/** A connection as the application sees it. A new object at each change. */
export interface ConnectionState {
  /**
   * Between this page and the gateway. `waiting`: for the next dial; `refused`: the gateway said something final, or takes the
   * token for another user's; `closed`: by this page or by a sign-out.
   */
  readonly status: 'connecting' | 'open' | 'waiting' | 'refused' | 'closed';
  /** Why it waits, was refused or is closed. */
  readonly reason?: string | undefined;
  /** When the next dial is due, Unix time in milliseconds, when `waiting`. */
  readonly retryAt?: number | undefined;
  /** Which way was taken, once there is one. */
  readonly transport?: HostKind | undefined;
  /** Between the gateway and the backend, as last heard. */
  readonly upstream?: UpstreamState | undefined;
  /** How many pages of this browser share the connection. */
  readonly pages: number;
  /** The last sign of life from the gateway, Unix time in milliseconds, to about 5 s. */
  readonly lastHeard?: number | undefined;
}

/** Before there is anything to tell. */
export const initialState: ConnectionState = { status: 'connecting', pages: 0 };

const statusOf = { stopped: 'connecting', dialling: 'connecting', open: 'open', waiting: 'waiting', refused: 'refused' } as const;

/** What a relay says, as the application sees it. */
export function stateFrom({ link, upstream, pages, lastHeard }: RelayState, transport: HostKind | undefined): ConnectionState {
  return { status: statusOf[link.phase], reason: link.reason, retryAt: link.retryAt, transport, upstream, pages, lastHeard };
}
