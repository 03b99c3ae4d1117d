import type { Host } from '../hosts/host.js';
import { SharedHost } from '../hosts/sharedHost.js';
import { spawnWorker, spawnWorkerAt } from '../spawnWorker.js';

/** How a page may be connected: `auto` takes the first that works here, in this order. */
export type Transport = 'auto' | 'shared' | 'leader' | 'direct';

/** The ways to a relay that this browser and the wish of the application leave, best first. Those that are seldom needed load late. */
export function waysTo(transport: Transport, workerUrl: string | undefined): (() => Promise<Host>)[] {
  const locks = 'locks' in navigator;
  const ways = {
    shared: async () => new SharedHost(workerUrl === undefined ? spawnWorker : spawnWorkerAt(workerUrl)),
    leader: async () => new (await import('../hosts/leaderHost.js')).LeaderHost(),
    direct: async () => new (await import('../hosts/directHost.js')).DirectHost(),
  };
  if (transport !== 'auto') return [ways[transport]];
  return [
    ...(locks && typeof SharedWorker === 'function' ? [ways.shared] : []),
    ...(locks && typeof BroadcastChannel === 'function' ? [ways.leader] : []),
    ways.direct,
  ];
}
