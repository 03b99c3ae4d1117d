import { createHmac } from 'node:crypto';

export const signingKey = 'a key for tests alone, of more than 32 characters';

/** A JWT for a user, good for so many seconds. */
export function tokenFor(user: string, seconds = 3_600): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: user, exp: Math.floor(Date.now() / 1_000) + seconds })}`;
  return `${body}.${createHmac('sha256', signingKey).update(body).digest('base64url')}`;
}
