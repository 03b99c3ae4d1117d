import { useRef } from 'react';

/** A wait that is under way. */
export interface Wait {
  readonly from: number;
  readonly until: number;
}

/** A wait runs from when it was first heard of: later reports of the same moment do not start its bar anew. */
export function useWait(since: unknown, retryAfterMs: number | null | undefined): Wait | undefined {
  const heard = useRef<unknown>(undefined);
  const wait = useRef<Wait>(undefined);
  if (heard.current !== since) {
    heard.current = since;
    const now = Date.now();
    const until = now + (retryAfterMs ?? 0);
    if (!retryAfterMs) wait.current = undefined;
    else if (Math.abs(until - (wait.current?.until ?? 0)) > 1_000) wait.current = { from: now, until };
  }
  return wait.current;
}
