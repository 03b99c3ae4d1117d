import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { readAddress, type Address } from './address.js';
import { Overview } from './overview/Overview.js';
import { Pane } from './pane/Pane.js';
import { UserPage } from './user/UserPage.js';
import './style/base.css';
import './style/controls.css';
import './style/user.css';
import './style/overview.css';
import './style/narrow.css';

function Page({ address }: { readonly address: Address }): ReactNode {
  const { user, accessToken, pane, notAUser } = address;
  if (user === undefined) return <Overview notAUser={notAUser} />;
  return pane ? <Pane user={user} otherwise={pane} /> : <UserPage user={user} accessToken={accessToken} />;
}

const address = readAddress();
if (address.user !== undefined) document.title = `${address.user} · Connections`;
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Page address={address} />
  </StrictMode>,
);
