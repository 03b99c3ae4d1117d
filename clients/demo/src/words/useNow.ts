import { useEffect, useState } from 'react';

/** The time, for countdowns: moves a few times a second while somebody looks. */
export function useNow(everyMs = 250): number {
  const [now, tick] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || tick(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
