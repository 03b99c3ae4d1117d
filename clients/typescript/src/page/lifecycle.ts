/** What the browser does to a page. */
export interface LifecycleEvents {
  /** The page is about to be frozen, put into the back-forward cache, or unloaded. */
  suspend(): void;
  /** The page is back. */
  resume(): void;
  /** The network is back or the page became visible. */
  wake(): void;
}

/** Watches the page; the returned function ends that. */
export function watchLifecycle({ suspend, resume, wake }: LifecycleEvents): () => void {
  const watch = new AbortController();
  const on = (target: EventTarget, type: string, listener: (event: Event) => void): void =>
    target.addEventListener(type, listener, { signal: watch.signal });
  on(window, 'pagehide', suspend);
  on(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && resume());
  on(document, 'freeze', suspend);
  on(document, 'resume', resume);
  on(document, 'visibilitychange', () => document.hidden || wake());
  on(window, 'online', wake);
  return () => watch.abort();
}
