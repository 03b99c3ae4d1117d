/**
 * A worker that hangs keeps its name, so that its successor needs another one: that of the next generation. The first has the plain
 * name of the relay.
 */
export function workerName(relay: string, generation: number): string {
  return generation ? `${relay}#${generation}` : relay;
}

/** The relay and the generation that a worker's name tells. */
export function parseWorkerName(name: string): { readonly relay: string; readonly generation: number } {
  const [, relay = name, generation] = /^(.*)#(\d+)$/.exec(name) ?? [];
  return { relay, generation: Number(generation ?? 0) };
}
