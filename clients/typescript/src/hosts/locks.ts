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

/** Calls `then` when the holder of a lock has let go of it, was robbed of it, or died. Never after an abort. */
export function whenReleased(name: string, mode: LockMode, signal: AbortSignal, then: () => void): void {
  navigator.locks.request(name, { mode, signal }, () => {}).then(
    () => signal.aborted || then(),
    () => {},
  );
}

/** Takes a lock by force and lets go of it: its holder learns that it was robbed, and who waits for it is next. */
export async function breakLock(name: string): Promise<void> {
  // Somebody else may break it in the same moment, which is as good.
  await navigator.locks.request(name, { steal: true }, () => {}).catch(() => {});
}

/** The lock a page holds while it is attached: nothing else tells of its death, for a `MessagePort` has no close event. */
export function pageLock(page: string): string {
  return `connections/page/${page}`;
}

/** What the locks of all workers of a relay begin with. */
function lifeLocks(relay: string): string {
  return `connections/life/${relay}#`;
}

/** The lock a worker holds as long as it lives. */
export function lifeLock(relay: string, generation: number, worker: string): string {
  return `${lifeLocks(relay)}${generation}/${worker}`;
}

/** A worker that lives, and has not been deposed. */
export interface Life {
  readonly generation: number;
  readonly lock: string;
}

/** The lives of all workers of a relay, that of the newest generation first. There is more than one for moments only. */
export async function livesOf(relay: string): Promise<Life[]> {
  const prefix = lifeLocks(relay);
  const { held = [] } = await navigator.locks.query();
  const lives = held.flatMap(({ name: lock = '' }) => {
    const generation = lock.startsWith(prefix) ? /^\d+(?=\/)/.exec(lock.slice(prefix.length)) : null;
    return generation ? [{ generation: Number(generation[0]), lock }] : [];
  });
  return lives.sort((a, b) => b.generation - a.generation);
}
