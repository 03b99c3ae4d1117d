import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import type { Backend } from '../harness/backend.js';
import { expect, test as base } from '../harness/fixtures.js';
import { Gateway } from '../harness/gateway.js';

/** Nobody else's users and tabs are in these counts. */
const test = base.extend<object, { gateway: Gateway }>({
  gateway: [
    async ({}, use) => {
      const gateway = await Gateway.start();
      await use(gateway);
      await gateway.dispose();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

// SCREENSHOTS=docs keeps them where the documentation shows them.
const forDocs = process.env['SCREENSHOTS'] === 'docs';
const folder = forDocs ? fileURLToPath(new URL('../../../docs/images/', import.meta.url)) : 'test-results/';
const users = Array.from({ length: 12 }, (_, i) => `user-${i + 1}`);

/** Two tabs for each user, held by a page of the gateway's own origin, and frames for all of them. */
async function load(page: Page, gateway: Gateway, backend: Backend): Promise<void> {
  await page.goto(`${gateway.url}/monitor/monitor.css`);
  await page.evaluate(async (names) => {
    const sockets = names.flatMap((name) => [1, 2].map(() => new WebSocket(`ws://${location.host}/ws?user=${name}`)));
    await Promise.all(sockets.map((s) => new Promise((open, failed) => { s.onopen = open; s.onerror = failed; })));
    Object.assign(window, { sockets });
  }, users);
  for (const user of users) await backend.untilConnected(user);
  await backend.flood(users, 10);
}

async function monitor(browser: Browser, gateway: Gateway, options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(`${gateway.url}/monitor`);
  await expect(page.getByRole('status')).toContainText('Live,');
  await expect(page.locator('.tile', { hasText: 'tabs' }).first().locator('b')).toHaveText('24');
  return page;
}

/** The page has had so many reports. */
async function untilTold(page: Page, reports: number): Promise<void> {
  await page.evaluate((wanted) => new Promise<void>((done) => {
    let seen = 0;
    new MutationObserver(() => ++seen >= wanted && done()).observe(document.querySelector('#line')!, { childList: true, characterData: true, subtree: true });
  }), reports);
}

test('the monitoring page shows users, tabs and nodes live, in the light, in the dark and on a phone', async ({ browser, page, gateway, backend }) => {
  test.setTimeout(300_000);
  await load(page, gateway, backend);
  for (const [name, options] of Object.entries({
    light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
    dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
    phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
  } as const)) {
    const shown = await monitor(browser, gateway, options);
    await expect(shown.locator('#nodes tr')).toHaveCount(gateway.isCluster ? 4 : 2);
    await expect(shown.locator('.tile', { hasText: 'upstreams open' }).locator('b')).toHaveText('12');
    // Charts need some seconds before they show a line.
    await expect(shown.locator('.chart').first().locator('.u-value').nth(1)).toContainText(/\d/, { timeout: 15_000 });
    await expect.poll(() => shown.evaluate(() => document.querySelectorAll('.u-over').length)).toBe(4);
    expect(await shown.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    if (forDocs) await untilTold(shown, 45);
    await shown.screenshot({ path: `${folder}monitor-${name}.png`, fullPage: true });
    await shown.context().close();
  }
});

test('the Orleans dashboard shows the grains', async ({ browser, page, gateway, backend }) => {
  test.setTimeout(120_000);
  await load(page, gateway, backend);
  const shown = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await shown.goto(`${gateway.url}/orleans/#/grains`);
  await expect(shown.getByText('UserConnectionGrain').first()).toBeVisible({ timeout: 20_000 });
  await shown.screenshot({ path: `${folder}orleans.png` });
  await shown.context().close();
});
