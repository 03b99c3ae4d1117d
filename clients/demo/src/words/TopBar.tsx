import type { ReactNode } from 'react';

/** The head of the page: where one is, and who. */
export function TopBar({ user }: { readonly user?: string }): ReactNode {
  return (
    <header className="bar">
      <a className="brand" href="./"><img src="icon.svg" alt="" width="28" height="28" />Connections</a>
      {user !== undefined && (
        <p className="who">You are <strong>{user}</strong> <a href="./">All users</a></p>
      )}
    </header>
  );
}
