import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Line } from '../src/link/line.js';
import { Link, type LinkOwner, type LinkStatus } from '../src/link/link.js';
import { Backoff, defaultBackoff } from '../src/timing/backoff.js';
import { epochA, FakeGateway } from './fakes/fakeGateway.js';

let gateway: FakeGateway;
let statuses: LinkStatus[];
let heard: string[];
let owner: LinkOwner;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  gateway = new FakeGateway();
  statuses = [];
  heard = [];
  owner = {
    position: () => undefined,
    opened: ({ position }) => heard.push(`opened ${position}`),
    frames: ({ frames }) => heard.push(...frames.map(({ text }) => text ?? '')),
    state: () => undefined,
    receipt: () => undefined,
    heard: () => undefined,
    changed: (status) => statuses.push(status),
  };
});

afterEach(() => vi.useRealTimers());

function start(random = 1): Link {
  const link = new Link(gateway.dialTo('http://gateway', undefined), owner, new Backoff(defaultBackoff, Date.now, () => random));
  link.start();
  return link;
}
const phases = () => statuses.map(({ phase }) => phase);

test('the first connect is tried again for ever, with growing delays', async () => {
  gateway.mode = 'fail';
  start();
  const dialsAt: number[] = [];
  for (let dials = 0; Date.now() < 200_000; await vi.advanceTimersByTimeAsync(500)) {
    if (gateway.dials > dials) dialsAt.push(Date.now());
    dials = gateway.dials;
  }
  expect(dialsAt.map((at, i) => at - (dialsAt[i - 1] ?? 0)).slice(1, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(statuses.find(({ phase }) => phase === 'waiting')).toEqual({ phase: 'waiting', reason: 'nobody there', retryAt: 1_000 });
  gateway.mode = 'answer';
  await vi.advanceTimersByTimeAsync(30_000);
  expect(statuses.at(-1)).toEqual({ phase: 'open' });
});

test('a dial that hangs is given up after 10 s', async () => {
  gateway.mode = 'hang';
  start();
  await vi.advanceTimersByTimeAsync(9_999);
  expect(phases()).toEqual(['dialling']);
  await vi.advanceTimersByTimeAsync(1);
  expect(statuses.at(-1)).toMatchObject({ phase: 'waiting', reason: 'no answer within 10000 ms' });
});

test('the gateway says how long to stay away, and not even a wake shortens that', async () => {
  const link = start(0);
  await vi.advanceTimersByTimeAsync(0);
  gateway.close('going-away', 5_000);
  await vi.advanceTimersByTimeAsync(0);
  expect(statuses.at(-1)).toEqual({ phase: 'waiting', reason: 'going-away', retryAt: 5_000 });
  link.wake();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(gateway.dials).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(gateway.dials).toBe(2);
});

test('a wake shortens a wait of our own to at most 1 s', async () => {
  gateway.mode = 'fail';
  const link = start();
  await vi.advanceTimersByTimeAsync(31_000);
  const before = gateway.dials;
  link.wake();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(gateway.dials).toBe(before + 1);
});

test('a final reason ends the dialling until somebody starts it again', async () => {
  const link = start();
  await vi.advanceTimersByTimeAsync(0);
  gateway.close('disconnected');
  await vi.advanceTimersByTimeAsync(120_000);
  expect(statuses.at(-1)).toEqual({ phase: 'refused', reason: 'disconnected' });
  expect(gateway.dials).toBe(1);
  link.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(gateway.dials).toBe(2);
});

test('a token that expired is worth another dial', async () => {
  start();
  await vi.advanceTimersByTimeAsync(0);
  gateway.close('unauthorized');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(statuses.at(-1)).toEqual({ phase: 'open' });
});

test('a frame that overtakes the answer to Open waits for it', async () => {
  gateway.push('1', '2');
  owner.position = () => `${epochA}-1`;
  start();
  await vi.advanceTimersByTimeAsync(0);
  expect(heard).toEqual([`opened ${epochA}-1`, '2']);
});

test('what the gateway said in parting counts more than the Open that failed by it', async () => {
  let end!: (end: { reason: string }) => void;
  const line: Line = {
    ended: new Promise((resolve) => (end = resolve)),
    open: () => {
      end({ reason: 'unauthorized' });
      return Promise.reject(new Error('the connection was closed'));
    },
    send: () => Promise.reject(new Error('unused')),
    hangUp: () => undefined,
  };
  const link = new Link(() => Promise.resolve(line), owner);
  link.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(statuses.at(-1)).toEqual({ phase: 'refused', reason: 'unauthorized' });
});

test('after stop nothing is heard of a line that was open or under way', async () => {
  const link = start();
  await vi.advanceTimersByTimeAsync(0);
  link.stop();
  gateway.push('late');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard).toEqual([`opened ${epochA}-0`]);
  expect(phases().at(-1)).toBe('stopped');
  expect(gateway.dials).toBe(1);
});

test('an owner that keeps asking for another position is slowed down', async () => {
  let link: Link | undefined = undefined;
  owner.opened = () => link?.reopen();
  link = start();
  await vi.advanceTimersByTimeAsync(100);
  expect(gateway.dials).toBeLessThan(10);
});
