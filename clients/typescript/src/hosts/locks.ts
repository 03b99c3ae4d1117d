/**
 * Holds a lock until the returned function is called, or the page or worker dies. `undefined` when the lock was asked for
 * `ifAvailable` and is not.
 * @param stolen called when somebody takes the lock by force.
 */
export function holdLock(name: string, options: LockOptions = {}, stolen?: () => void): Promise<(() => void) | undefined> {
  return new Promise((held, failed) => {
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (lock) return new Promise<void>((release) => held(release));
      held(undefined);
      return undefined;
    };
    navigator.locks.request(name, options, hold).catch((error: unknown) => {
      failed(error);
      stolen?.();
    });
  });
}

/** Calls `then` when the holder of a lock has let go of it, or died. Never after an abort. */
export function whenReleased(name: string, mode: LockMode, signal: AbortSignal, then: () => void): void {
  navigator.locks.request(name, { mode, signal }, () => {}).then(
    () => signal.aborted || then(),
    () => {},
  );
}

/** The lock a page holds while it is attached: nothing else tells of its death, for a `MessagePort` has no close event. */
export function pageLock(page: string): string {
  return `connections/page/${page}`;
}

/** What the lock of a worker begins with, which it holds as long as it lives. */
export function lifeLock(relay: string): string {
  return `connections/life/${relay}/`;
}

/** The names of all locks that somebody holds and whose name begins so. */
export async function heldLocks(prefix: string): Promise<string[]> {
  const { held = [] } = await navigator.locks.query();
  return held.flatMap(({ name }) => (name?.startsWith(prefix) ? name : []));
}
