import { dialSignalR } from '../link/dialSignalR.js';
import type { Hello } from '../relay/messages.js';
import { Relay } from '../relay/relay.js';
import type { Channel, ChannelEvents, Host } from './host.js';
import { localChannel } from './localChannel.js';

/** A relay for this page alone: the plain connection per tab. */
export class DirectHost implements Host {
  readonly kind = 'direct';

  async attach(hello: Hello, events: ChannelEvents): Promise<Channel> {
    const relay = new Relay(hello, dialSignalR);
    return localChannel(relay, hello, events, () => relay.stop());
  }

  /** A page that does not hang has a relay that does not. */
  escape(): void {}
}
