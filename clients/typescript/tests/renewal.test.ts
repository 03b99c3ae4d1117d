import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Renewal } from '../src/link/renewal.js';

const minute = 60_000;
const hour = 60 * minute;

let line: AbortController;
let renewal: Renewal;
/** When tokens were asked for, and which the gateway was shown. */
let askedAt: number[];
let shown: string[];
/** What the page answers. */
let answer: () => string;
let refuses: boolean;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  line = new AbortController();
  [askedAt, shown, answer, refuses] = [[], [], () => jwt(hour), false];
  renewal = new Renewal(
    {
      fetch: async () => {
        askedAt.push(Date.now());
        return answer();
      },
      show: async (token) => {
        if (refuses) throw new Error('not valid');
        shown.push(token);
      },
    },
    line.signal,
  );
});

afterEach(() => vi.useRealTimers());

/** A token that ends so long from now, issued now by the clock of a server that may be ahead. */
function jwt(lifeMs: number, aheadMs = 0): string {
  const now = (Date.now() + aheadMs) / 1_000;
  // A user whose claims need the characters that base64 and base64url spell differently.
  const claims = { sub: '???>>>ÿ', iat: now, exp: now + lifeMs / 1_000 };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
}

test('a fresh token is shown a minute before the old one ends, again and again', async () => {
  renewal.saw(jwt(hour));
  await vi.advanceTimersByTimeAsync(59 * minute - 1);
  expect(askedAt).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(askedAt).toEqual([59 * minute]);
  expect(shown).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(59 * minute);
  expect(askedAt).toEqual([59 * minute, 118 * minute]);
});

test('a short life is renewed when a fifth of it is left', async () => {
  renewal.saw(jwt(10_000));
  await vi.advanceTimersByTimeAsync(8_000);
  expect(askedAt).toEqual([8_000]);
});

test('as long as no page has a token, or the gateway does not take it, it is tried again until the end, and not more often than each second', async () => {
  renewal.saw(jwt(10_000));
  answer = () => {
    throw new Error('no page could provide an access token');
  };
  await vi.advanceTimersByTimeAsync(8_000);
  [answer, refuses] = [() => jwt(hour), true];
  await vi.advanceTimersByTimeAsync(hour);
  expect(askedAt).toEqual([8_000, 9_600, 10_600]);
  expect(shown).toEqual([]);
});

test('an application that answers with the token that it had is asked again, not in a loop', async () => {
  const same = jwt(100_000);
  answer = () => same;
  renewal.saw(same);
  await vi.advanceTimersByTimeAsync(hour);
  expect(askedAt.length).toBeGreaterThan(1);
  expect(askedAt.length).toBeLessThan(6);
});

test('a clock that is behind does not make a token live longer', async () => {
  renewal.saw(jwt(hour, 5 * minute));
  await vi.advanceTimersByTimeAsync(59 * minute);
  expect(askedAt).toEqual([59 * minute]);
});

test.each(['opaque', 'a.b.c', `e30.${Buffer.from('{"sub":"a"}').toString('base64url')}.x`])('a token that does not tell its end is left alone: %s', async (token) => {
  renewal.saw(token);
  await vi.advanceTimersByTimeAsync(24 * hour);
  expect(askedAt).toEqual([]);
});

test('a life that no timer can measure is no reason to hurry', async () => {
  renewal.saw(jwt(365 * 24 * hour));
  await vi.advanceTimersByTimeAsync(24 * 24 * hour);
  expect(askedAt).toEqual([]);
});

test('the end of the line ends it, also while a token is on its way', async () => {
  renewal.saw(jwt(10_000));
  answer = () => {
    line.abort();
    return jwt(10_000);
  };
  await vi.advanceTimersByTimeAsync(hour);
  expect(askedAt).toEqual([8_000]);
});

test('a token that the backend has refused is replaced at once, one for each refusal', async () => {
  renewal.saw(jwt(hour));
  renewal.told(true);
  renewal.told(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(shown).toHaveLength(1);
  renewal.told(false);
  renewal.told(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(shown).toHaveLength(2);
});

test('without a token that the gateway takes, the next state asks again', async () => {
  refuses = true;
  renewal.told(true);
  await vi.advanceTimersByTimeAsync(0);
  refuses = false;
  renewal.told(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(askedAt).toHaveLength(2);
  expect(shown).toHaveLength(1);
});
