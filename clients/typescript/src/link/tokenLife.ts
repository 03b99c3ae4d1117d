/**
 * How long a JWT that has just been issued is good, by its own account, in milliseconds; `undefined` for any other token. Never more than
 * its whole life: the clock of this machine may be behind.
 */
export function lifeOf(token: string): number | undefined {
  try {
    const [, claims = ''] = token.split('.');
    const { exp, iat } = JSON.parse(atob(claims.replace(/-/g, '+').replace(/_/g, '/'))) as { exp?: unknown; iat?: unknown };
    if (typeof exp !== 'number') return undefined;
    const left = exp * 1_000 - Date.now();
    return typeof iat === 'number' ? Math.min(left, (exp - iat) * 1_000) : left;
  } catch {
    return undefined;
  }
}
