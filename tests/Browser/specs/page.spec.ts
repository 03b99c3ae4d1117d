import type { Locator, Page } from '@playwright/test';
import { eventually } from '../harness/eventually.js';
import { expect, test as base } from '../harness/fixtures.js';

/** The page that the front itself serves at `/`. */
const test = base.extend<{ openPage(path?: string): Promise<Page>; complaints: string[] }>({
  complaints: async ({}, use) => {
    const complaints: string[] = [];
    await use(complaints);
    expect(complaints, 'what the browser complained about').toEqual([]);
  },
  openPage: async ({ context, gateway, complaints }, use) => {
    await use(async (path = '/') => {
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await page.goto(gateway.url + path);
      return page;
    });
  },
});

/** Tabs, connections to the gateway, connections at the backend. */
async function expectSteps(within: Page | Locator, tabs: number, gateway: number, backend: number): Promise<void> {
  for (const [step, value] of Object.entries({ tabs, gateway, backend })) {
    await expect(within.locator(`[data-step=${step}] dd`), step).toHaveText(String(value));
  }
}

test('the overview has two users side by side: shared tabs are one connection, the others one each, and the backend counts one', async ({ openPage, backend }) => {
  const page = await openPage();
  const [alice, bob] = [page.locator('[data-user=alice]'), page.locator('[data-user=bob]')];
  await expectSteps(alice, 3, 1, 1);
  await expectSteps(bob, 3, 3, 1);
  await backend.push('alice', 'for alice');
  for (const i of [0, 1, 2]) {
    await expect(alice.frameLocator('iframe').nth(i).getByText('for alice')).toBeVisible();
    await expect(bob.frameLocator('iframe').nth(i).getByText('for alice')).toHaveCount(0);
  }
  await alice.frameLocator('iframe').first().getByRole('textbox').fill('from alice');
  await alice.frameLocator('iframe').first().getByRole('textbox').press('Enter');
  await eventually('the backend has it', async () => expect(await backend.received('alice')).toContain('from alice'));
});

test('the switch moves all tabs of a user from one connection to one each and back', async ({ openPage }) => {
  const page = await openPage();
  const alice = page.locator('[data-user=alice]');
  await expectSteps(alice, 3, 1, 1);
  await alice.getByRole('radio', { name: 'Per tab' }).click();
  await expectSteps(alice, 3, 3, 1);
  await alice.getByRole('radio', { name: 'Shared' }).click();
  await expectSteps(alice, 3, 1, 1);
});

test('users and tabs come and go on the overview', async ({ openPage, user }) => {
  const page = await openPage();
  await page.getByLabel('User id').fill('no/user');
  await expect(page.getByRole('alert')).toContainText('is not a user id');
  await page.getByLabel('User id').fill('alice');
  await expect(page.getByRole('alert')).toContainText('alice is here already');
  await page.getByLabel('User id').fill(user);
  await page.getByRole('button', { name: 'Add' }).click();
  const lane = page.locator(`[data-user=${user}]`);
  await expectSteps(lane, 2, 1, 1);
  await lane.getByRole('button', { name: 'Open a tab' }).click();
  await expectSteps(lane, 3, 1, 1);
  await lane.getByRole('button', { name: 'Close one' }).click();
  await expectSteps(lane, 2, 1, 1);
  await lane.getByRole('button', { name: 'Remove' }).click();
  await expect(lane).toHaveCount(0);
});

test("a user's own page shows frames as they come, and what became of a message", async ({ openPage, backend, user }) => {
  const pages = [await openPage(`/?user=${user}`), await openPage(`/?user=${user}`)];
  for (const page of pages) await expectSteps(page, 2, 1, 1);
  await backend.push(user, 'hello from the backend');
  await backend.push(user, new Uint8Array([0, 1, 65]));
  for (const page of pages) {
    await expect(page.locator('#count')).toHaveText('1 connection for 2 tabs');
    await expectSteps(page, 2, 1, 1);
    await expect(page.locator('.frames [data-kind=text] .body')).toHaveText('hello from the backend');
    await expect(page.locator('.frames [data-kind=binary] .body')).toContainText('00 01 41');
  }
  await pages[0]!.fill('#message', 'from the page');
  await pages[0]!.press('#message', 'Enter');
  await expect(pages[0]!.locator('.receipts li')).toContainText(['sent']);
  for (const page of pages) await expect(page.locator('.frames [data-kind=text]').first()).toContainText('from the page');
});

test('the fault buttons break the sample backend, the page shows that dials wait, and healing ends it', async ({ openPage, backend, user }) => {
  test.setTimeout(150_000);
  const page = await openPage(`/?user=${user}`);
  await backend.untilConnected(user);
  await page.getByRole('button', { name: 'Refuse 503' }).click();
  await expect(page.getByRole('button', { name: 'Refuse 503' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Drop all' }).click();
  // With more users about, the silo's view of the whole backend may hold the dials back before this user's own breaker does.
  await expect(page.getByRole('status').first()).toHaveText(/The breaker is open|The gateway waits/, { timeout: 30_000 });
  await expect(page.locator('.facts .pill', { hasText: 'waiting' })).toBeVisible();
  await expect(page.locator('#count')).toHaveText('0 connections for 1 tab');
  await page.getByRole('button', { name: 'Heal' }).click();
  await expect(page.getByRole('status').first()).toHaveText('Frames flow: the upstream is open.', { timeout: 90_000 });
  await expect(page.locator('.frames [data-kind=upstream-closed]')).toHaveCount(1);
});

for (const [name, size] of Object.entries({ phone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } })) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`both pages fit a ${name} and are ${scheme} when asked`, async ({ openPage, user }) => {
      for (const path of ['/', `/?user=${user}`]) {
        const page = await openPage(path);
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme: scheme });
        await expect(page.locator('[data-step=gateway] dd').first()).toHaveText('1');
        const seen = await page.evaluate(() => ({
          overflow: document.documentElement.scrollWidth - innerWidth,
          light: getComputedStyle(document.body).backgroundColor === 'rgb(243, 245, 248)',
        }));
        expect(seen).toEqual({ overflow: 0, light: scheme === 'light' });
      }
    });
  }
}
