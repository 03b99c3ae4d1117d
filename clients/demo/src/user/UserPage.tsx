import { WebSocketProvider } from 'connections-client/react';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { BackendCard } from '../backend/BackendCard.js';
import { useSampleBackend } from '../backend/useSampleBackend.js';
import { useIsTabOf } from '../tabs/useOpenTabs.js';
import { useWay } from '../tabs/useWay.js';
import { TopBar } from '../words/TopBar.js';
import { FramesCard } from './FramesCard.js';
import { Hero } from './Hero.js';
import { SendCard } from './SendCard.js';
import { StateCard } from './StateCard.js';

/** One tab of a user, with everything that can be seen of the connection. */
export function UserPage({ user, accessToken }: { readonly user: string; readonly accessToken: string | undefined }): ReactNode {
  const [way, choose] = useWay(user);
  const [attempt, setAttempt] = useState(0);
  const users = useMemo(() => [user], [user]);
  const view = useSampleBackend(users);
  const token = useCallback(() => accessToken ?? '', [accessToken]);
  useIsTabOf(user);
  return (
    <WebSocketProvider key={attempt} userId={user} url="hubs/connection" useSharedWorker={way === 'shared'} {...(accessToken !== undefined && { accessToken: token })}>
      <TopBar user={user} />
      <main className="page">
        <Hero user={user} counted={view?.users[user]?.connections} way={way} choose={choose} />
        <div className="side">
          <StateCard connectAnew={() => setAttempt(attempt + 1)} />
          {view && <BackendCard view={view} />}
        </div>
        <div className="flow">
          <SendCard hasExamples={view !== undefined} />
          <FramesCard />
        </div>
      </main>
    </WebSocketProvider>
  );
}
