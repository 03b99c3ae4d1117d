/** Tries until `attempt` does not throw; what it last threw is the reason when the time is up. */
export async function eventually<T>(what: string, attempt: () => Promise<T> | T, withinMs = 10_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}\n${String(error)}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
