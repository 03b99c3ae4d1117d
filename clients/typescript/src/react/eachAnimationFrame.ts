/** A page that is hidden has no animation frames; it is served this often, in milliseconds. */
const hiddenIntervalMs = 1_000;

/** Wraps `run` so that however often it is called, it runs at most once per animation frame, and soon after the last call. */
export function eachAnimationFrame(run: () => void): () => void {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout>;
  const flush = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    run();
  };
  return () => {
    if (frame) return;
    frame = requestAnimationFrame(flush);
    timer = setTimeout(flush, hiddenIntervalMs);
  };
}
