import type { ReactNode } from 'react';
import { Counts } from '../tabs/Counts.js';
import { useWay } from '../tabs/useWay.js';
import { WaySwitch } from '../tabs/WaySwitch.js';
import { mostTabs, type Lane, type Lanes } from './useLanes.js';

interface Props {
  readonly lane: Lane;
  readonly lanes: Lanes;
  /** Tabs of this user in this browser, these panes among them. */
  readonly tabs: number;
  readonly gateway: number | undefined;
  readonly backend: number | undefined;
}

/** A user with tabs, and how many connections they are. */
export function LaneCard({ lane: { user, way: otherwise, tabs: panes }, lanes, tabs, gateway, backend }: Props): ReactNode {
  const [way, choose] = useWay(user, otherwise);
  const href = `?user=${encodeURIComponent(user)}`;
  return (
    <section className="card lane" aria-labelledby={`lane-${user}`} data-user={user}>
      <header className="lane-head">
        <h2 id={`lane-${user}`}><a href={href} target="_blank" rel="noopener">{user}</a></h2>
        <WaySwitch user={user} way={way} choose={choose} />
      </header>
      <Counts tabs={tabs} gateway={gateway} backend={backend} />
      <div className="panes">
        {panes.map((key, i) => <iframe key={key} src={`${href}&pane=${otherwise}`} title={`Tab ${i + 1} of ${user}`} />)}
      </div>
      <p className="lane-foot">
        <button className="small primary" onClick={() => lanes.openTab(user)} disabled={panes.length >= mostTabs}>Open a tab</button>
        <button className="small" onClick={() => lanes.closeTab(user)} disabled={panes.length === 0}>Close one</button>
        <button className="small" onClick={() => lanes.remove(user)}>Remove {user}</button>
      </p>
    </section>
  );
}
