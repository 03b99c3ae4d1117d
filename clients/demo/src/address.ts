import type { Way } from './tabs/useWay.js';

/** What the page's address says. */
export interface Address {
  /** Whose page this is; undefined for the overview. */
  readonly user: string | undefined;
  /** What was asked for and is not a user id. */
  readonly notAUser: string | undefined;
  readonly accessToken: string | undefined;
  /** For a small page inside the overview: how it connects until somebody chooses. */
  readonly pane: Way | undefined;
}

const userId = /^(?!\.{1,2}$)[A-Za-z0-9_.@-]{1,128}$/;

/** Whether the gateway would take it. */
export const isUserId = (text: string): boolean => userId.test(text);

/** Reads the address. A token stands in the fragment, which never leaves the browser and so stays out of logs on the way here. */
export function readAddress({ search, hash }: Pick<Location, 'search' | 'hash'> = location): Address {
  const query = new URLSearchParams(search);
  const accessToken = new URLSearchParams(hash.slice(1)).get('access_token') ?? undefined;
  const asked = (accessToken === undefined ? query.get('user') : subjectOf(accessToken)) ?? undefined;
  const user = asked !== undefined && isUserId(asked) ? asked : undefined;
  return { user, notAUser: user === undefined ? asked : undefined, accessToken, pane: (query.get('pane') as Way | null) ?? undefined };
}

/** The user of a token, as the gateway will read it. Unverified: this page only wants to know its own name. */
function subjectOf(token: string): string {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    return String((JSON.parse(atob(payload)) as { sub?: unknown }).sub ?? '');
  } catch {
    return '(the token cannot be read)';
  }
}
