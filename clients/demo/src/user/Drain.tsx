import type { ReactNode } from 'react';
import type { Wait } from './useWait.js';

/** What is left of a wait, as a bar that drains. */
export function Drain({ wait, now }: { readonly wait: Wait | undefined; readonly now: number }): ReactNode {
  if (!wait || wait.until <= now) return null;
  const left = Math.min(1, (wait.until - now) / Math.max(1, wait.until - wait.from));
  return <span className="drain"><span style={{ transform: `scaleX(${left.toFixed(3)})` }} /></span>;
}
