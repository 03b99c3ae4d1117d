import { expect, test } from 'vitest';
import { Backoff, defaultBackoff } from '../src/timing/backoff.js';

function backoff(random: () => number) {
  const clock = { now: 0 };
  return { clock, backoff: new Backoff(defaultBackoff, () => clock.now, random) };
}

test('the ceiling doubles from 1 s to 30 s and stays there', () => {
  const { backoff: it } = backoff(() => 1);
  expect(Array.from({ length: 8 }, () => it.next())).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('the delay is uniform between nothing and the ceiling', () => {
  const draws = [0, 0.25, 0.5];
  const { backoff: it } = backoff(() => draws.shift() ?? 0);
  expect([it.next(), it.next(), it.next()]).toEqual([0, 500, 2_000]);
});

test('a connection that lasted 30 s starts the delays over, a shorter one does not', () => {
  const { backoff: it, clock } = backoff(() => 1);
  it.next();
  it.next();
  it.opened();
  clock.now += 29_999;
  expect(it.next()).toBe(4_000);
  it.opened();
  clock.now += 30_000;
  expect(it.next()).toBe(1_000);
  clock.now += 60_000;
  expect(it.next()).toBe(2_000);
});
