import { expectContinuous } from '../harness/continuous.js';
import { DevTools } from '../harness/devtools.js';
import { eventually } from '../harness/eventually.js';
import { expect, test } from '../harness/fixtures.js';
import { untilFlowing } from '../harness/tab.js';

test("after the crash of the worker's tab the others have frames again within 2 s, with none missing", async ({ openTabs, backend, user, site }) => {
  const [creator, ...others] = await openTabs(4);
  await backend.untilConnected(user);
  await backend.flood([user], 100);
  await untilFlowing(others, 2_000);
  await (await DevTools.of(creator!.page)).crash();
  await untilFlowing(others, 2_000);
  const last = Math.max(...(await Promise.all(others.map((tab) => tab.lastTick()))));
  await Promise.all(others.map((tab) => tab.untilTick(last + 50)));
  for (const tab of others) {
    await expectContinuous(tab);
    expect(await tab.gaps()).toEqual([]);
  }
  expect(site.hubs).toBe(1);
});

test('after the death of the worker alone every tab has frames again within 2 s, with none missing', async ({ openTabs, backend, user, site }) => {
  const tabs = await openTabs(3);
  await backend.untilConnected(user);
  await backend.flood([user], 100);
  await untilFlowing(tabs, 2_000);
  await (await DevTools.of(tabs[0]!.page)).killWorkers();
  await eventually('the old connection is gone', () => expect(site.dials).toBe(2), 2_000);
  await untilFlowing(tabs, 2_000);
  for (const tab of tabs) await expectContinuous(tab);
});

for (const end of ['wakes', 'dies'] as const) {
  test(`a worker that hangs is left for another one, with no frame missing, and is no second one when it ${end}`, async ({ openTab, openTabs, backend, user, site }) => {
    test.setTimeout(120_000);
    const tabs = await openTabs(2);
    await backend.untilConnected(user);
    await backend.flood([user], 20);
    await untilFlowing(tabs, 2_000);
    await tabs[0]!.page.evaluate(() => new BroadcastChannel('over').addEventListener('message', () => (document.title = 'over')));
    const hang = 'for (const until = Date.now() + 30_000; Date.now() < until;);';
    const over = `new BroadcastChannel('over').postMessage('')${end === 'dies' ? '; self.close()' : ''}`;
    await (await DevTools.of(tabs[0]!.page)).inWorkers(`${hang} ${over}`);
    await eventually('a second connection', () => expect(site.dials).toBe(2), 29_000);
    await untilFlowing(tabs, 5_000);
    await eventually('the end of the hang', async () => expect(await tabs[0]!.page.title()).toBe('over'), 31_000);
    tabs.push(await (await openTab()).untilOpen());
    await untilFlowing(tabs, 5_000);
    for (const tab of tabs) {
      await expectContinuous(tab);
      await eventually('three pages', async () => expect(await tab.state()).toMatchObject({ transport: 'shared', pages: 3 }));
    }
    await eventually('one hub connection', () => expect(site.hubs).toBe(1));
    expect(site.dials).toBe(2);
  });
}

test('a tab that opens while the worker hangs takes the others along to the next one', async ({ openTab, openTabs, backend, user, site }) => {
  const tabs = await openTabs(3);
  await backend.untilConnected(user);
  await backend.flood([user], 20);
  await untilFlowing(tabs, 2_000);
  await (await DevTools.of(tabs[0]!.page)).inWorkers('for (;;);');
  tabs.push(await openTab());
  // Their own pings would take 15 s to tell.
  await untilFlowing(tabs, 8_000);
  for (const tab of tabs) {
    await expectContinuous(tab);
    expect(await tab.state()).toMatchObject({ transport: 'shared', pages: 4 });
  }
  expect(site.dials).toBe(2);
});

test('a reload goes on where the page was, with no frame missing or doubled', async ({ openTab, backend, user }) => {
  const tab = await (await openTab()).untilOpen();
  await backend.untilConnected(user);
  await backend.flood([user], 100);
  let last = 0;
  for (let i = 0; i < 5; i++) {
    await tab.untilTick(last + 20);
    await tab.page.reload();
    const before = await tab.page.evaluate(() => Number(sessionStorage.getItem('last-tick')), undefined);
    expect(before).toBeGreaterThan(last);
    await tab.untilTick(before + 20);
    await expectContinuous(tab, before + 1);
    last = before;
  }
});

test('a reload finds the connection open: the worker outlives it', async ({ openTab, site }) => {
  const tab = await (await openTab()).untilOpen();
  await tab.page.reload();
  await tab.untilOpen();
  expect(site.dials).toBe(1);
});
