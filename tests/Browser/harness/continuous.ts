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
