import { expectContinuous, expectHonest } from '../harness/continuous.js';
import { eventually } from '../harness/eventually.js';
import { expect, test } from '../harness/fixtures.js';
import { Line, type LineMode } from '../harness/line.js';
import { untilFlowing } from '../harness/tab.js';

/** How soon after the mending of the line every tab has frames again, in seconds: one wait of the backoff, at most 30 s, and a dial. */
const backWithin = 45;

for (const mode of ['cut', 'refuse', 'black-hole'] satisfies LineMode[]) {
  for (const seconds of [1, 5, 60]) {
    test(`${mode === 'refuse' ? 'nobody at the other end for' : `a ${mode} of`} ${seconds} s loses and doubles no frame in any tab`, async ({ browser, openTab, openTabs, backend, user, line, site }) => {
      test.setTimeout((seconds + backWithin + 40) * 1_000);
      const tabs = await openTabs(3);
      // Another browser of this user stays connected: without it, the gateway lets go of the upstream after its linger of 30 s.
      const elsewhere = await Line.start(() => site.port);
      await (await openTab({ context: await browser.newContext(), line: elsewhere })).untilOpen();
      await backend.untilConnected(user);
      await backend.flood([user], 10);
      await untilFlowing(tabs, 5_000);
      line.mode = mode;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
      line.mode = 'through';
      const { sent } = await backend.user(user);
      for (const tab of tabs) await tab.untilTick(sent, backWithin * 1_000);
      for (const tab of tabs) {
        await expectContinuous(tab);
        expect(await tab.gaps()).toEqual([]);
      }
      await eventually('a hub connection for each browser', () => expect(site.hubs).toBe(2));
      await elsewhere.dispose();
    });
  }
}

test('a cut of 45 s outlasts the linger of the upstream: what is missing is a gap, never silence', async ({ openTabs, backend, user, line }) => {
  test.setTimeout(120_000);
  const tabs = await openTabs(2);
  await backend.untilConnected(user);
  await backend.flood([user], 10);
  await untilFlowing(tabs, 5_000);
  line.mode = 'cut';
  await new Promise((resolve) => setTimeout(resolve, 45_000));
  line.mode = 'through';
  await untilFlowing(tabs, backWithin * 1_000);
  for (const tab of tabs) await expectHonest(tab);
});

test('the first connect is tried again until the gateway can be reached', async ({ openTab, user, site }) => {
  const tab = await openTab({ user: `${user}-never` });
  await tab.page.evaluate(() => window.plain.connection?.close(), undefined);
  site.refuses = true;
  await tab.page.evaluate((userId) => window.plain.connect({ userId }), user);
  await tab.until('it waits', () => window.plain.states.some(({ status }) => status === 'waiting'), undefined);
  const waiting = await tab.page.evaluate(() => window.plain.states.find(({ status }) => status === 'waiting'), undefined);
  expect(waiting).toMatchObject({ reason: 'the gateway could not be reached', retryAt: expect.any(Number) });
  site.refuses = false;
  await tab.untilOpen();
  expect(site.hubs).toBe(1);
});

test('what is sent while the line is cut goes out once when it is back, in order', async ({ openTab, backend, line, user }) => {
  const tab = await (await openTab()).untilOpen();
  await backend.untilConnected(user);
  line.mode = 'cut';
  await tab.until('the cut is noticed', () => window.plain.connection?.state.status !== 'open', undefined);
  const texts = Array.from({ length: 20 }, (_, i) => `offline ${i}`);
  for (const text of texts) await tab.send(text);
  expect(await tab.receipts()).toEqual([]);
  line.mode = 'through';
  await eventually('all receipts', async () => expect((await tab.receipts()).map(({ status }) => status)).toEqual(texts.map(() => 'sent')));
  await eventually('all there', async () => expect(await backend.received(user)).toEqual(texts));
});

test('a full outbox refuses the new message and says so', async ({ openTab, line }) => {
  const tab = await (await openTab()).untilOpen();
  line.mode = 'cut';
  await tab.until('the cut is noticed', () => window.plain.connection?.state.status !== 'open', undefined);
  for (let i = 0; i < 258; i++) await tab.send(`m${i}`);
  await eventually('two refusals', async () => {
    const refusal = { status: 'rejected', reason: 'queue-full' };
    expect(await tab.receipts()).toEqual([refusal, refusal]);
  });
});
