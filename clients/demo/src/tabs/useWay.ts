import { useCallback, useSyncExternalStore } from 'react';

/** How the tabs of a user are connected: all through one connection of the browser, or each by its own. */
export type Way = 'shared' | 'per-tab';

const key = (user: string): string => `connections.demo/way/${user}`;

// Pages of one document hear nothing of their own changes; the event of the storage is for the others.
const changed = new EventTarget();

function subscribe(listener: () => void): () => void {
  const watch = new AbortController();
  addEventListener('storage', listener, { signal: watch.signal });
  changed.addEventListener('change', listener, { signal: watch.signal });
  return () => watch.abort();
}

/** The way of a user's tabs, the same in all tabs of this browser, and how to change it. */
export function useWay(user: string, otherwise: Way = 'shared'): readonly [Way, (way: Way) => void] {
  const read = (): Way => (localStorage.getItem(key(user)) as Way | null) ?? otherwise;
  const choose = useCallback(
    (way: Way) => {
      localStorage.setItem(key(user), way);
      changed.dispatchEvent(new Event('change'));
    },
    [user],
  );
  return [useSyncExternalStore(subscribe, read), choose];
}
