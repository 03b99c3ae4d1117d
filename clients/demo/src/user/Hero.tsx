import { useSharedWebSocket } from 'connections-client/react';
import type { ReactNode } from 'react';
import { Counts } from '../tabs/Counts.js';
import { useOpenTabs } from '../tabs/useOpenTabs.js';
import type { Way } from '../tabs/useWay.js';
import { WaySwitch } from '../tabs/WaySwitch.js';
import { plural } from '../words/format.js';
import { WayPicture } from './WayPicture.js';

const headlines: Record<string, string> = { waiting: 'Cut off for the moment', refused: 'Not connected', closed: 'Not connected' };

interface Props {
  readonly user: string;
  /** What the backend itself counts; undefined where there is none to ask. */
  readonly counted: number | undefined;
  readonly way: Way;
  readonly choose: (way: Way) => void;
}

/** Tabs against connections: what this is all about. */
export function Hero({ user, counted, way, choose }: Props): ReactNode {
  const { state } = useSharedWebSocket();
  const live = state.status === 'open' && state.upstream !== undefined;
  const atGateway = live ? (state.upstream?.tabs ?? 1) : undefined;
  const tabs = useOpenTabs([user])?.[user] || Math.max(1, state.pages);
  // The gateway's word on the upstream is worth less than the backend's own count.
  const connections = counted ?? (live && state.upstream?.upstream === 'open' ? 1 : 0);
  const tone = !live ? 'calm' : connections > 1 ? 'bad' : connections === 1 ? 'good' : 'calm';
  return (
    <section className="card hero" aria-labelledby="count">
      <div className="claim">
        <h1 id="count" className="count" data-is={tone}>
          {live ? `${plural(connections, 'connection')} for ${plural(tabs, 'tab')}` : (headlines[state.status] ?? 'Connecting')}
        </h1>
        <p className="source">{counted === undefined ? 'The gateway says so: no backend is here to count for itself.' : 'The backend’s own count, not the gateway’s opinion.'}</p>
        <Counts tabs={tabs} gateway={atGateway} backend={counted} />
        <p className="another">
          <WaySwitch user={user} way={way} choose={choose} />
          <a className="button primary" href={location.href} target="_blank" rel="noopener">Open another tab</a>
        </p>
      </div>
      <WayPicture tabs={tabs} way={way} fronts={live ? (state.upstream?.fronts ?? 0) : 0} connections={connections} upstream={live ? (state.upstream?.upstream ?? 'idle') : 'idle'} />
    </section>
  );
}
