import type { Hello } from '../relay/messages.js';
import type { Relay } from '../relay/relay.js';
import type { Channel, ChannelEvents } from './host.js';

/** A channel to a relay in this very page; messages arrive in a later turn, as they do from elsewhere. */
export function localChannel(relay: Relay, hello: Hello, events: ChannelEvents, closed: () => void): Channel {
  let open = true;
  const page = relay.attach(hello, { post: (message) => queueMicrotask(() => open && events.message(message)) });
  return {
    post: (message) => page.receive(message),
    close: () => {
      open = false;
      page.detach();
      closed();
    },
  };
}
