/**
 * Starts or joins the worker of that name. Bundlers look for this very expression. `extendedLifetime` keeps the worker through a
 * reload (Chromium); mixing it with plain use is an error in both, so every page says it.
 */
export function spawnWorker(name: string): SharedWorker {
  return new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name, extendedLifetime: true } as WorkerOptions);
}

/** The same for a worker script at an address of the application's choice. */
export function spawnWorkerAt(url: string): (name: string) => SharedWorker {
  return (name) => new SharedWorker(url, { type: 'module', name, extendedLifetime: true } as WorkerOptions);
}
