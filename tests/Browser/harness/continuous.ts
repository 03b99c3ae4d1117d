import { expect } from '@playwright/test';
import type { Scriptable, Tab } from './tab.js';

/** Asserts that nothing is missing or doubled: ticks count on by one, and offsets too. */
export async function expectContinuous(tab: Tab<Scriptable>, fromTick?: number): Promise<void> {
  const ticks = await tab.ticks();
  expect(ticks.length).toBeGreaterThan(0);
  const first = fromTick ?? ticks[0]!;
  expect(ticks).toEqual(Array.from({ length: ticks.length }, (_, i) => first + i));
  const frames = await tab.frames();
  const start = frames[0]!;
  expect(frames.map(({ epoch, offset }) => `${epoch}-${offset}`)).toEqual(frames.map((_, i) => `${start.epoch}-${start.offset + i}`));
}

/** Asserts that nothing is doubled or out of order, and that every hole stands behind a gap or between the upstream's markers. */
export async function expectHonest(tab: Tab<Scriptable>): Promise<void> {
  const log = await tab.page.evaluate(() => window.plain.log, undefined);
  let last: number | undefined;
  let excused = false;
  for (const entry of log) {
    if (entry === 'gap' || entry === 'upstream-closed') excused = true;
    else if (typeof entry === 'number') {
      if (last !== undefined && !excused) expect(entry).toBe(last + 1);
      if (last !== undefined) expect(entry).toBeGreaterThan(last);
      last = entry;
      excused = false;
    }
  }
}
