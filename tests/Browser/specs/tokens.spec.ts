import type { Page } from '@playwright/test';
import { expectContinuous, expectHonest } from '../harness/continuous.js';
import { eventually } from '../harness/eventually.js';
import { expect, test as base } from '../harness/fixtures.js';
import { Gateway } from '../harness/gateway.js';
import { Tab, untilFlowing } from '../harness/tab.js';
import { signingKey, tokenFor } from '../harness/tokens.js';

const test = base.extend<{ openWithToken(user: string, token: () => string): Promise<{ tab: Tab; page: Page; asked(): number }> }, { gateway: Gateway }>({
  gateway: [
    async ({}, use) => {
      const gateway = await Gateway.start({ ASPNETCORE_ENVIRONMENT: 'Production', Auth__SigningKey: signingKey });
      await use(gateway);
      await gateway.dispose();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  openWithToken: async ({ context, line }, use) => {
    await use(async (user, token) => {
      const page = await context.newPage();
      let asked = 0;
      await page.exposeFunction('freshToken', () => {
        asked++;
        return token();
      });
      await page.goto(`${line.origin}/plain.html`);
      await page.evaluate((userId) => {
        const fresh = (window as unknown as { freshToken(): Promise<string> }).freshToken;
        window.plain.connect({ userId, accessToken: fresh });
      }, user);
      return { tab: new Tab(page, user), page, asked: () => asked };
    });
  },
});

test('a token from a page opens the connection that all pages share', async ({ openWithToken, backend, user, site }) => {
  const first = await openWithToken(user, () => tokenFor(user));
  const second = await openWithToken(user, () => tokenFor(user));
  await first.tab.untilOpen();
  await second.tab.untilOpen();
  await backend.untilConnected(user);
  expect(site.hubs).toBe(1);
  expect(first.asked() + second.asked()).toBe(1);
});

test('tokens are renewed before they expire, by a tab that lives: one connection outlasts many of them', async ({ openWithToken, backend, user, site }) => {
  const first = await openWithToken(user, () => tokenFor(user, 5));
  const second = await openWithToken(user, () => tokenFor(user, 5));
  await Promise.all([first.tab.untilOpen(), second.tab.untilOpen()]);
  await backend.untilConnected(user);
  await backend.flood([user], 20);
  await untilFlowing([second.tab], 5_000);
  await first.tab.close();
  const asked = second.asked();
  await eventually('three more tokens', () => expect(second.asked()).toBeGreaterThan(asked + 2), 20_000);
  await untilFlowing([second.tab], 5_000);
  await expectContinuous(second.tab);
  expect(await second.page.evaluate(() => window.plain.states.filter(({ status }) => status === 'waiting'))).toEqual([]);
  expect(site.dials).toBe(1);
});

test('a token that has expired because no fresh one was to be had costs a reconnect, and what the upstream may lose by it is told', async ({ openWithToken, backend, user, site }) => {
  const old = tokenFor(user, 4);
  const opened = await openWithToken(user, () => (site.dials > 0 && site.hubs === 0 ? tokenFor(user) : old));
  await opened.tab.untilOpen();
  await backend.untilConnected(user);
  await backend.flood([user], 20);
  await eventually('another connection', () => expect(site.dials).toBeGreaterThan(1), 20_000);
  await opened.tab.untilOpen();
  await untilFlowing([opened.tab], 5_000);
  // The gateway ends the upstream of a user whose last tab has no good token, and its log, within a second.
  await expectHonest(opened.tab);
  expect(site.hubs).toBe(1);
});

test('after the page that gave the token is gone, another one is asked', async ({ openWithToken, user, line }) => {
  const first = await openWithToken(user, () => tokenFor(user));
  await first.tab.untilOpen();
  const second = await openWithToken(user, () => tokenFor(user));
  await second.tab.untilOpen();
  expect(second.asked()).toBe(0);
  await first.tab.close();
  line.mode = 'cut';
  await second.tab.until('the cut is noticed', () => window.plain.connection?.state.status !== 'open', undefined);
  line.mode = 'through';
  await second.tab.untilOpen();
  expect(second.asked()).toBeGreaterThan(0);
});

test("a token of somebody else's is refused, for good and with a reason", async ({ openWithToken, user }) => {
  const { tab } = await openWithToken(user, () => tokenFor(`${user}-other`));
  await eventually('refused', async () => expect(await tab.state()).toMatchObject({ status: 'refused', reason: 'wrong-user' }));
});

test('a token that the gateway does not take is tried again with a fresh one, and the page says why it waits', async ({ openWithToken, user }) => {
  let bad = true;
  const { tab } = await openWithToken(user, () => (bad ? 'no token' : tokenFor(user)));
  await eventually('waiting', async () => expect(await tab.state()).toMatchObject({ status: 'waiting', reason: 'the gateway answered 401' }));
  bad = false;
  await tab.untilOpen();
});
