import type { LinkStatus } from '../link/link.js';
import type { Gap, SendOptions, UpstreamState, WireFrame, WireReceipt } from '../protocol/wire.js';

/** The version of these messages. It is part of every worker's, lock's and channel's name, so that two versions never meet. */
export const relayVersion = 1;

/** The first message of a page: who it is and what it wants. */
export interface Hello {
  readonly type: 'hello';
  readonly version: number;
  /** Unique for each attachment; also the name of the lock that the page holds as long as it lives. */
  readonly page: string;
  /** The name of the relay the page wants: two users never share one. */
  readonly relay: string;
  readonly url: string;
  readonly user: string;
  /** What the page already has. Without it, it starts at the newest frame. */
  readonly position?: string | undefined;
  /** Whether the page can provide access tokens. */
  readonly hasToken: boolean;
}

/** From a page to the relay. */
export type PageMessage =
  | Hello
  | { readonly type: 'send'; readonly id: string; readonly payload: string | Uint8Array; readonly options?: SendOptions | undefined }
  /** Everything up to this offset has been handled: more may be pushed. */
  | { readonly type: 'ack'; readonly epoch: string; readonly offset: number }
  | { readonly type: 'token'; readonly request: number; readonly token?: string | undefined }
  | { readonly type: 'ping' }
  /** The network is back or the page became visible. */
  | { readonly type: 'wake' }
  /** The page goes, perhaps to come back after a reload. */
  | { readonly type: 'bye' }
  /** The page was closed on purpose: do not wait for it to come back. */
  | { readonly type: 'leave' }
  /** The user signed out: end the connection for all pages. */
  | { readonly type: 'sign-out' };

/** What a relay knows about the connection, for all its pages. */
export interface RelayState {
  readonly link: LinkStatus;
  /** What the gateway last said about the upstream. */
  readonly upstream?: UpstreamState | undefined;
  /** How many pages share this connection. */
  readonly pages: number;
  /** The last sign of life from the gateway, Unix time in milliseconds, to about 5 s. */
  readonly lastHeard?: number | undefined;
}

/** From the relay to a page. */
export type RelayMessage =
  /** The answer to a hello. `relay` is the name the relay has, `life` the lock it holds as long as it lives. */
  | { readonly type: 'welcome'; readonly version: number; readonly relay: string; readonly life: string }
  | { readonly type: 'frames'; readonly epoch: string; readonly frames: readonly WireFrame[] }
  | { readonly type: 'gap'; readonly epoch: string; readonly gap: Gap }
  | { readonly type: 'state'; readonly state: RelayState }
  | { readonly type: 'receipt'; readonly receipt: WireReceipt }
  | { readonly type: 'token-wanted'; readonly request: number }
  | { readonly type: 'pong' }
  /** The user signed out in some page. */
  | { readonly type: 'signed-out' };

/** One end of a channel between a page and its relay. */
export interface RelayPort {
  post(message: RelayMessage): void;
}
