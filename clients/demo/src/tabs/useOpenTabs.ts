import { useEffect, useState } from 'react';

const everyMs = 500;
const prefix = (user: string): string => `connections.demo/tab/${user}/`;

/** Counts this page among the open tabs of a user in this browser: it holds a lock as long as it lives. */
export function useIsTabOf(user: string): void {
  useEffect(() => {
    let gone = (): void => undefined;
    const held = new Promise<void>((release) => (gone = release));
    void navigator.locks?.request(prefix(user) + Math.random(), () => held);
    return gone;
  }, [user]);
}

/** How many tabs each user has open in this browser; undefined where the browser cannot tell. */
export function useOpenTabs(users: readonly string[]): Readonly<Record<string, number>> | undefined {
  const [open, count] = useState<Readonly<Record<string, number>>>();
  const names = users.join('/');
  useEffect(() => {
    if (!navigator.locks) return undefined;
    const look = async (): Promise<void> => {
      const { held = [] } = await navigator.locks.query();
      count(Object.fromEntries(names.split('/').map((user) => [user, held.filter(({ name }) => name?.startsWith(prefix(user))).length])));
    };
    void look();
    const timer = setInterval(() => document.hidden || void look(), everyMs);
    return () => clearInterval(timer);
  }, [names]);
  return open;
}
