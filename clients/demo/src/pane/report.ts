/** What a pane tells the overview that holds it. */
export interface PaneReport {
  readonly source: 'connections-pane';
  readonly user: string;
  /** Connections of this user at the gateway, while the pane is connected. */
  readonly gateway: number | undefined;
}

/** Tells the overview. */
export function tell(user: string, gateway: number | undefined): void {
  parent.postMessage({ source: 'connections-pane', user, gateway } satisfies PaneReport, location.origin);
}

/** Listens to all panes of this page; the returned function ends that. */
export function listen(listener: (report: PaneReport) => void): () => void {
  const heard = ({ origin, data }: MessageEvent<unknown>): void => {
    if (origin !== location.origin || typeof data !== 'object' || data === null) return;
    if ((data as PaneReport).source === 'connections-pane') listener(data as PaneReport);
  };
  addEventListener('message', heard);
  return () => removeEventListener('message', heard);
}
