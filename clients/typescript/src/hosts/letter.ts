import type { PageMessage, RelayMessage } from '../relay/messages.js';

/**
 * What goes over the BroadcastChannel of a relay. The fencing number grows with each leader: one that was frozen, and has not yet
 * noticed that its lock is gone, is not believed.
 */
export type Letter =
  | { readonly to: 'leader'; readonly from: string; readonly message: PageMessage }
  | { readonly to: 'page'; readonly page: string; readonly fence: number; readonly message: RelayMessage }
  /** A new leader has taken office: say hello. */
  | { readonly to: 'all'; readonly fence: number };
