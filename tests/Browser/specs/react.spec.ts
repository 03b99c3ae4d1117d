import type { Page } from '@playwright/test';
import type { ReactPage } from '../app/react.js';
import { eventually } from '../harness/eventually.js';
import { expect, test as base } from '../harness/fixtures.js';

declare global {
  interface Window {
    react: ReactPage;
  }
}

const test = base.extend<{ open(options?: { readonly shared?: boolean; readonly strict?: boolean }): Promise<Page> }>({
  open: async ({ context, line, user }, use) => {
    await use(async ({ shared = true, strict = false } = {}) => {
      const page = await context.newPage();
      await page.goto(`${line.origin}/${strict ? 'dev/' : ''}react.html?user=${user}&shared=${shared}&strict=${strict}`);
      await expect(page.locator('#status')).toHaveText('connected');
      return page;
    });
  },
});

test('components show what the backend sends', async ({ open, backend, user }) => {
  const page = await open();
  await backend.untilConnected(user);
  for (let i = 1; i <= 7; i++) await backend.push(user, `m${i}`);
  await expect(page.locator('#last')).toHaveText('m7');
  await expect(page.locator('#list li')).toHaveText(['m3', 'm4', 'm5', 'm6', 'm7']);
  await page.fill('#input', 'typed');
  await page.press('#input', 'Enter');
  await eventually('the backend has it', async () => expect(await backend.received(user)).toEqual(['typed']));
});

test('health counts the tabs that share the connection', async ({ open, site }) => {
  const [first] = [await open(), await open()];
  const health = async (): Promise<unknown> => JSON.parse((await first!.textContent('#health')) ?? '');
  await eventually('two healthy tabs', async () => expect(await health()).toEqual({ isHealthy: true, connectionCount: 2, heard: true, transport: 'shared' }));
  expect(site.hubs).toBe(1);
});

test('with the flag off each tab has a connection of its own', async ({ open, site }) => {
  const pages = [await open({ shared: false }), await open({ shared: false })];
  expect(site.hubs).toBe(2);
  await expect(pages[0]!.locator('#health')).toContainText('direct');
});

test('StrictMode connects once, and unmounting ends the connection', async ({ open, site }) => {
  const page = await open({ shared: false, strict: true });
  expect(await page.evaluate(() => window.react.mounts)).toBe(2);
  expect(site.dials).toBe(1);
  await page.evaluate(() => window.react.show({ mounted: false }));
  await expect(page.locator('#gone')).toBeVisible();
  await eventually('no hub connection', () => expect(site.hubs).toBe(0), 2_000);
});

test('another user is another connection, and the old one ends', async ({ open, site, user, backend }) => {
  const page = await open({ shared: false });
  await backend.untilConnected(user);
  await backend.push(user, 'for the old one');
  await expect(page.locator('#list')).toContainText('for the old one');
  const next = `${user}-next`;
  await page.evaluate((to) => window.react.show({ user: to }), next);
  await backend.untilConnected(next);
  await eventually('one hub connection', () => expect(site.hubs).toBe(1));
  await backend.push(next, 'for the new one');
  await expect(page.locator('#last')).toHaveText('for the new one');
  await expect(page.locator('#list')).toContainText('for the new one');
  await expect(page.locator('#list')).not.toContainText('for the old one');
});

test('a component for another user dials where the provider does', async ({ open, site, user, backend }) => {
  const page = await open();
  await page.evaluate((beside) => window.react.show({ beside }), `${user}-beside`);
  await expect(page.locator('#beside')).toHaveText('connected');
  await backend.untilConnected(`${user}-beside`);
  expect(site.urls).toEqual([`/hubs/connection?from=provider&user=${user}`, `/hubs/connection?from=provider&user=${user}-beside`]);
});

test('what a server has rendered is hydrated without a complaint although the connection is open by then', async ({ open }) => {
  const page = await open({ shared: false });
  await page.evaluate(() => window.react.hydrate());
  await expect(page.locator('#hydrated output')).toHaveText('connected');
  expect(await page.evaluate(() => window.react.complaints)).toEqual([]);
});

test('a component renders again only for what it has read', async ({ open, backend, user }) => {
  const page = await open();
  await backend.untilConnected(user);
  await expect(page.locator('#health')).toContainText('"isHealthy":true');
  const before = await page.evaluate(() => ({ ...window.react.renders }));
  for (let i = 1; i <= 5; i++) await backend.push(user, `m${i}`);
  await expect(page.locator('#last')).toHaveText('m5');
  const after = await page.evaluate(() => ({ ...window.react.renders }));
  expect(after['last']).toBeGreaterThan(before['last']!);
  expect(after['status']).toBe(before['status']);
  expect(after['sender']).toBe(before['sender']);
});

test('1,000 frames a second for 10 s: every frame is seen, one render per animation frame, and typing stays fluent', async ({ open, backend, user }) => {
  const page = await open();
  await backend.untilConnected(user);
  await backend.flood([user], 1_000);
  await page.waitForFunction(() => window.react.offsets.length > 100);
  await page.evaluate(() => {
    window.react.longTasks.length = 0;
  });
  const started = performance.now();
  const typing: number[] = [];
  while (performance.now() - started < 10_000) {
    const key = performance.now();
    await page.press('#input', 'a');
    typing.push(performance.now() - key);
    await page.waitForTimeout(100);
  }
  await backend.calm();
  const { sent } = await backend.user(user);
  expect(sent).toBeGreaterThan(9_000);
  // The marker of the upstream's opening came before the page.
  await page.waitForFunction((all) => (window.react.offsets.at(-1) ?? 0) >= all, sent);
  const { offsets, gaps, longTasks, rendersPerFrame, renders } = await page.evaluate(() => window.react);
  // A machine that stands still for a second is told so: the gateway keeps 1,000 frames.
  expect(gaps).toEqual([]);
  expect(offsets).toEqual(offsets.map((_, i) => offsets[0]! + i));
  expect(rendersPerFrame).toBe(1);
  console.log(`frames ${offsets.length}, renders ${renders['last']}, longest task ${Math.max(0, ...longTasks)} ms, slowest key ${Math.max(...typing).toFixed(0)} ms`);
  expect(longTasks).toEqual([]);
  // One that there is would have been seen.
  await page.evaluate(() => {
    setTimeout(() => {
      const until = performance.now() + 60;
      while (performance.now() < until);
    });
  });
  await page.waitForFunction(() => window.react.longTasks.length > 0, undefined, { timeout: 5_000 });
  expect(await page.inputValue('#input')).toHaveLength(typing.length);
});
