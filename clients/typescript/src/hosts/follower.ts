import type { Hello } from '../relay/messages.js';
import type { Channel, ChannelEvents } from './host.js';
import type { Letter } from './letter.js';
import { whenReleased } from './locks.js';

/** How long a leader has to answer a hello, in milliseconds. */
const helloTimeoutMs = 3_000;

/** A channel to the leader with its fencing number. */
export interface Following {
  readonly channel: Channel;
  readonly fence: number;
}

/**
 * Says hello to whoever leads. `silent`: a leader holds the lock and does not answer; `free`: the office fell vacant meanwhile.
 * @param fence leaders with a lower number are not believed.
 */
export function follow(
  hello: Hello,
  events: ChannelEvents,
  leaderLock: string,
  fence: number,
  release: (() => void) | undefined,
): Promise<Following | 'silent' | 'free'> {
  const mail = new BroadcastChannel(hello.relay);
  const watch = new AbortController();
  const write = (message: Parameters<Channel['post']>[0]): void =>
    mail.postMessage({ to: 'leader', from: hello.page, message } satisfies Letter);
  return new Promise((resolve) => {
    let welcome = false;
    const leave = (outcome: 'silent' | 'free'): void => {
      clearTimeout(timer);
      watch.abort();
      mail.close();
      if (welcome) events.lost();
      else resolve(outcome);
    };
    const timer = setTimeout(() => leave('silent'), helloTimeoutMs);
    const channel: Channel = {
      post: write,
      close: () => {
        watch.abort();
        mail.close();
        release?.();
      },
    };
    mail.onmessage = ({ data }: MessageEvent<Letter>) => {
      if (data.to === 'leader' || data.fence < fence) return;
      if (data.to === 'all') {
        if (welcome) leave('free');
        else write(hello);
      } else if (data.page === hello.page) {
        if (welcome) return void (data.fence === fence && events.message(data.message));
        if (data.message.type !== 'welcome') return;
        clearTimeout(timer);
        welcome = true;
        fence = data.fence;
        resolve({ channel, fence });
      }
    };
    whenReleased(leaderLock, 'exclusive', watch.signal, () => leave('free'));
    write(hello);
  });
}
