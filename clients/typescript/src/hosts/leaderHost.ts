import type { Hello } from '../relay/messages.js';
import type { Channel, ChannelEvents, Host } from './host.js';
import { follow } from './follower.js';
import { lead } from './leader.js';
import { holdLock, pageLock } from './locks.js';

/** The relay in one page, chosen by a lock, that serves the others over a BroadcastChannel: where there is no SharedWorker. */
export class LeaderHost implements Host {
  readonly kind = 'leader';
  #steal = false;
  /** The highest fencing number heard of. */
  #fence = 0;

  async attach(hello: Hello, events: ChannelEvents): Promise<Channel> {
    for (let patience = 3; patience > 0; patience--) {
      const leading = await this.#lead(hello, events);
      if (leading) return leading;
      const following = await this.#follow(hello, events);
      if (typeof following === 'object') return following;
      if (following === 'silent') this.escape();
    }
    throw new Error('no leader answers');
  }

  /** The leader is frozen and keeps its lock: take it. */
  escape(): void {
    this.#steal = true;
  }

  async #lead(hello: Hello, events: ChannelEvents): Promise<Channel | undefined> {
    const options: LockOptions = this.#steal ? { steal: true } : { ifAvailable: true };
    this.#steal = false;
    let leading: Channel | undefined;
    const resign = await holdLock(leaderLock(hello.relay), options, () => {
      leading?.close();
      events.lost();
    });
    if (!resign) return undefined;
    this.#fence = Math.max(Date.now(), this.#fence + 1);
    leading = lead(hello, events, this.#fence, resign);
    return leading;
  }

  async #follow(hello: Hello, events: ChannelEvents): Promise<Channel | 'silent' | 'free'> {
    const release = await holdLock(pageLock(hello.page));
    const outcome = await follow(hello, events, leaderLock(hello.relay), this.#fence, release);
    if (typeof outcome === 'string') {
      release?.();
      return outcome;
    }
    this.#fence = outcome.fence;
    return outcome.channel;
  }
}

function leaderLock(relay: string): string {
  return `${relay}/leader`;
}
