/** How often the reason of failed dials is looked for, in milliseconds. */
const whyIntervalMs = 30_000;

/**
 * A browser does not tell why a WebSocket could not be opened: nobody there and a 401 look the same. An ordinary request gets the
 * answer that tells them apart; seldom, so that clients in trouble do not ask twice as much.
 */
export function reasonFinder(accessToken: (() => Promise<string>) | undefined): (url: string) => Promise<Error | undefined> {
  let askedAt = -Infinity;
  let reason: Error | undefined;
  return async (url) => {
    if (Date.now() - askedAt < whyIntervalMs) return reason;
    askedAt = Date.now();
    try {
      const headers = accessToken && { authorization: `Bearer ${await accessToken()}` };
      const { ok, status } = await fetch(url, { ...(headers && { headers }), signal: AbortSignal.timeout(5_000) });
      reason = ok || status === 400 ? undefined : new Error(`the gateway answered ${status}`);
    } catch {
      reason = undefined;
    }
    return reason;
  };
}
