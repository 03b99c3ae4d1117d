import { useEffect, useState, type ReactNode } from 'react';
import { BackendCard } from '../backend/BackendCard.js';
import { useSampleBackend } from '../backend/useSampleBackend.js';
import { listen } from '../pane/report.js';
import { useOpenTabs } from '../tabs/useOpenTabs.js';
import { TopBar } from '../words/TopBar.js';
import { AddUser } from './AddUser.js';
import { LaneCard } from './LaneCard.js';
import { useLanes } from './useLanes.js';

/** Several users side by side, each with tabs that connect as the switch says. */
export function Overview({ notAUser }: { readonly notAUser: string | undefined }): ReactNode {
  const lanes = useLanes();
  const users = lanes.lanes.map(({ user }) => user);
  const view = useSampleBackend(users);
  const tabs = useOpenTabs(users);
  const [gateway, heard] = useState<Readonly<Record<string, number | undefined>>>({});
  useEffect(() => listen((report) => heard((all) => ({ ...all, [report.user]: report.gateway }))), []);
  return (
    <>
      <TopBar />
      <main className="overview">
        <section className="intro">
          <h1>One backend connection per user, however many tabs</h1>
          <p>
            Each small window is a real tab with the package <code>connections-client</code>. <em>Shared</em>: the tabs of a browser have one
            connection to the gateway. <em>Per tab</em>: each has its own. Either way the backend counts one for each user.
          </p>
        </section>
        <div className="lanes">
          {lanes.lanes.map((lane) => (
            <LaneCard key={lane.user} lane={lane} lanes={lanes} tabs={tabs?.[lane.user] ?? lane.tabs.length}
              gateway={lane.tabs.length > 0 ? gateway[lane.user] : 0} backend={view?.users[lane.user]?.connections} />
          ))}
        </div>
        <div className="tools">
          <section className="card" aria-labelledby="add-title">
            <h2 id="add-title">Another user</h2>
            <AddUser notAUser={notAUser} label="Add" users={users} add={lanes.add} />
            {lanes.isFull && <p className="hint">That is all that fits here: remove one first.</p>}
            <p className="hint">
              In Production a token says who you are: open this page with <code>#access_token=…</code> in its address.
            </p>
            <p className="hint">A name on a card opens that user’s own page, with the whole state and every frame.</p>
          </section>
          {view && <BackendCard view={view} />}
        </div>
      </main>
    </>
  );
}
