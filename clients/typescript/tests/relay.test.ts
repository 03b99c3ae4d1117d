import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { relayLogLimits } from '../src/relay/relayLog.js';
import { Relay } from '../src/relay/relay.js';
import { Backoff, defaultBackoff } from '../src/timing/backoff.js';
import { epochA, FakeGateway } from './fakes/fakeGateway.js';
import { FakePage } from './fakes/fakePage.js';

let gateway: FakeGateway;
let relay: Relay;

const make = (hasToken = false): Relay =>
  new Relay({ url: 'http://gateway/hub', user: 'alice', hasToken }, gateway.dialTo, new Backoff(defaultBackoff, Date.now, () => 0.5));
/** Lets promises settle; no time passes. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  gateway = new FakeGateway();
  relay = make();
});

afterEach(() => {
  relay.stop();
  vi.useRealTimers();
});

test('a page without a position starts at the newest frame, and all pages see the same', async () => {
  gateway.push('old');
  const pages = [new FakePage(relay), new FakePage(relay)];
  await settle();
  gateway.push('a', 'b');
  const late = new FakePage(relay);
  gateway.push('c');
  for (const page of pages) expect(page.texts).toEqual(['a', 'b', 'c']);
  expect(late.texts).toEqual(['c']);
  expect(gateway.dials).toBe(1);
});

test('a line that is lost is resumed where the log ends', async () => {
  const page = new FakePage(relay);
  await settle();
  gateway.push('a');
  gateway.cut();
  gateway.push('b');
  await vi.advanceTimersByTimeAsync(1_000);
  gateway.push('c');
  expect(page.texts).toEqual(['a', 'b', 'c']);
  expect(page.gaps).toEqual([]);
  expect(gateway.opens).toEqual([undefined, `${epochA}-1`]);
});

test('pages that come with different positions all get what they lack, from one line at a time', async () => {
  gateway.push('1', '2', '3', '4', '5');
  const ahead = new FakePage(relay, { position: `${epochA}-4` });
  await settle();
  const behind = new FakePage(relay, { position: `${epochA}-1` });
  await settle();
  gateway.push('6');
  expect(ahead.texts).toEqual(['5', '6']);
  expect(behind.texts).toEqual(['2', '3', '4', '5', '6']);
  expect(gateway.opens).toEqual([`${epochA}-4`, `${epochA}-1`]);
  for (const page of [ahead, behind]) expect(page.gaps).toEqual([]);
});

test('positions that are known before the dial need one line only, opened at the oldest', async () => {
  gateway.push('1', '2', '3');
  const pages = [2, 1, 3].map((offset) => new FakePage(relay, { position: `${epochA}-${offset}` }));
  await settle();
  expect(gateway.opens).toEqual([`${epochA}-1`]);
  expect(pages.map(({ texts }) => texts)).toEqual([['3'], ['2', '3'], []]);
});

test('what the gateway no longer has is a gap for the page that lacks it, and for no other', async () => {
  gateway.push('1', '2', '3', '4', '5');
  gateway.first = 4;
  const ahead = new FakePage(relay, { position: `${epochA}-4` });
  await settle();
  const behind = new FakePage(relay, { position: `${epochA}-1` });
  await settle();
  gateway.push('6');
  expect(ahead.texts).toEqual(['5', '6']);
  expect(ahead.gaps).toEqual([]);
  expect(behind.gaps).toEqual(['evicted']);
  expect(behind.texts).toEqual(['5', '6']);
  expect(gateway.opens).toEqual([`${epochA}-4`, `${epochA}-1`, `${epochA}-5`]);
});

test('another epoch is one gap for every page, before any newer frame', async () => {
  const pages = [new FakePage(relay), new FakePage(relay)];
  await settle();
  gateway.push('a');
  gateway.crash();
  gateway.push('lost to the crash');
  await vi.advanceTimersByTimeAsync(1_000);
  gateway.push('b');
  for (const page of pages) {
    expect(page.gaps).toEqual(['epoch-changed']);
    expect(page.texts).toEqual(['a', 'b']);
  }
});

test('a position ahead of the log is answered with a gap', async () => {
  gateway.push('1');
  const page = new FakePage(relay, { position: `${epochA}-9` });
  await settle();
  gateway.push('2');
  expect(page.gaps).toEqual(['future-offset']);
  expect(page.texts).toEqual(['2']);
});

test('a slow page holds nobody back, catches up from the log, and has a gap when it is too slow for that', async () => {
  const fast = new FakePage(relay);
  const slow = new FakePage(relay);
  slow.slow = true;
  await settle();
  const texts = (from: number, count: number) => Array.from({ length: count }, (_, i) => `${from + i}`);
  const push = (from: number, count: number) => {
    for (let i = 0; i < count; i += 500) gateway.push(...texts(from + i, 500));
  };
  push(1, 3_000);
  expect(fast.texts).toHaveLength(3_000);
  expect(slow.texts.length).toBeLessThanOrEqual(1_250);
  while (slow.texts.length < 3_000) {
    const had = slow.texts.length;
    slow.catchUp();
    expect(slow.texts.length).toBeGreaterThan(had);
  }
  expect(slow.texts).toEqual(texts(1, 3_000));
  push(3_001, relayLogLimits.frames + 2_000);
  slow.slow = false;
  slow.catchUp();
  expect(slow.gaps).toEqual(['evicted']);
  expect(slow.texts.at(-1)).toBe(fast.texts.at(-1));
  expect(fast.gaps).toEqual([]);
});

test('a hole that nobody announced is not believed: the line is opened again', async () => {
  const page = new FakePage(relay);
  await settle();
  gateway.push('1');
  gateway.log.push({ offset: 2, kind: 'text', at: 0, text: '2' });
  gateway.push('3');
  await settle();
  expect(page.texts).toEqual(['1', '2', '3']);
  expect(gateway.opens).toEqual([undefined, `${epochA}-1`]);
});

test('the link outlives the last page by 3 s, so that a reload finds it open', async () => {
  const page = new FakePage(relay);
  await settle();
  gateway.push('a');
  page.die();
  await vi.advanceTimersByTimeAsync(2_999);
  gateway.push('b');
  page.attach();
  expect(page.texts).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(gateway.dials).toBe(1);
  page.die();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(gateway.connected).toBe(false);
});

test('the last page that leaves on purpose ends the link at once', async () => {
  const pages = [new FakePage(relay), new FakePage(relay)];
  await settle();
  pages[0]!.post({ type: 'leave' });
  await settle();
  expect(gateway.connected).toBe(true);
  pages[1]!.post({ type: 'leave' });
  await settle();
  expect(gateway.connected).toBe(false);
});

test('every page knows how many there are', async () => {
  const [first, second] = [new FakePage(relay), new FakePage(relay)];
  expect([first.state?.pages, second.state?.pages]).toEqual([2, 2]);
  second.die();
  expect(first.state?.pages).toBe(1);
});

test('signing out ends the link and tells every page', async () => {
  const pages = [new FakePage(relay), new FakePage(relay)];
  await settle();
  pages[0]!.post({ type: 'sign-out' });
  await settle();
  expect(gateway.connected).toBe(false);
  expect(pages.map(({ signedOut }) => signedOut)).toEqual([true, true]);
});

test("a token of another user's is refused, and none of that user's frames gets out", async () => {
  gateway.user = 'mallory';
  gateway.push('for mallory');
  const page = new FakePage(relay, { position: `${epochA}-0` });
  await settle();
  gateway.push('for mallory too');
  expect(page.state?.link).toMatchObject({ phase: 'refused', reason: 'wrong-user' });
  expect(page.texts).toEqual([]);
  expect(gateway.connected).toBe(false);
});

test('the token comes from the newest page that answers, anew for each dial', async () => {
  relay = make(true);
  const old = new FakePage(relay, { hasToken: true }, 'first');
  new FakePage(relay, { hasToken: true }, 'silent');
  await settle();
  expect(gateway.tokens).toEqual(['first']);
  old.token = 'second';
  gateway.cut();
  await vi.advanceTimersByTimeAsync(500 + 5_000);
  expect(gateway.tokens).toEqual(['first', 'second']);
});

test('a send is answered to the page that sent it; one that a lost line took with it is left to the page', async () => {
  const [page, other] = [new FakePage(relay), new FakePage(relay)];
  await settle();
  page.post({ type: 'send', id: 'c:1', payload: 'x' });
  await settle();
  gateway.answer = undefined;
  page.post({ type: 'send', id: 'c:2', payload: 'y' });
  gateway.cut();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(page.receipts).toEqual(['c:1 sent']);
  expect(other.receipts).toEqual([]);
  expect(gateway.sent).toEqual(['c:1 x', 'c:2 y']);
});

test('a refused link dials again for a page that attaches anew', async () => {
  const page = new FakePage(relay);
  await settle();
  gateway.close('disconnected');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.state?.link).toEqual({ phase: 'refused', reason: 'disconnected' });
  new FakePage(relay);
  await settle();
  expect(page.state?.link.phase).toBe('open');
});
