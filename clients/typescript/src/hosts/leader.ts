import { dialSignalR } from '../link/dialSignalR.js';
import type { Hello } from '../relay/messages.js';
import { Reception } from './reception.js';
import { Relay } from '../relay/relay.js';
import type { Channel, ChannelEvents } from './host.js';
import type { Letter } from './letter.js';
import { localChannel } from './localChannel.js';

/** Hosts the relay in this page, for itself and for those who write letters to the leader. */
export function lead(hello: Hello, events: ChannelEvents, fence: number, resign: () => void): Channel {
  const relay = new Relay(hello, dialSignalR);
  const mail = new BroadcastChannel(hello.relay);
  const post = (letter: Letter): void => mail.postMessage(letter);
  const receptions = new Map<string, Reception>();
  mail.onmessage = ({ data }: MessageEvent<Letter>) => {
    if (data.to !== 'leader') return;
    const { from: page, message } = data;
    if (message.type === 'hello') {
      const port = { post: (answer: Parameters<Reception['port']['post']>[0]) => post({ to: 'page', page, fence, message: answer }) };
      receptions.get(page)?.close();
      receptions.set(page, new Reception(port, () => relay, { relay: hello.relay, life: '' }));
    }
    receptions.get(page)?.receive(message);
  };
  const own = localChannel(relay, hello, events, () => {
    relay.stop();
    for (const reception of receptions.values()) reception.close();
    mail.close();
    resign();
  });
  post({ to: 'all', fence });
  return own;
}
