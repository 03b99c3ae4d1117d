import { expectContinuous } from '../harness/continuous.js';
import { DevTools } from '../harness/devtools.js';
import { eventually } from '../harness/eventually.js';
import { expect, test } from '../harness/fixtures.js';
import { untilFlowing } from '../harness/tab.js';

test.describe('without SharedWorker', () => {
  test.beforeEach(async ({ context }) => {
    await context.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'));
  });

  test('5 tabs elect a leader and are one hub connection', async ({ openTabs, backend, site, user }) => {
    const tabs = await openTabs(5);
    await backend.untilConnected(user);
    expect(site.hubs).toBe(1);
    for (let i = 0; i < 10; i++) await backend.push(user, `m${i}`);
    for (const tab of tabs) {
      await tab.untilText('m9');
      expect(await tab.texts()).toEqual(Array.from({ length: 10 }, (_, i) => `m${i}`));
      expect(await tab.state()).toMatchObject({ transport: 'leader', pages: 5 });
    }
    await tabs[4]!.send('from a follower');
    await eventually('a receipt', async () => expect((await tabs[4]!.receipts())[0]?.status).toBe('sent'));
  });

  for (const end of ['closes', 'crashes'] as const) {
    test(`when the leader ${end} another one leads within 2 s, with no frame missing`, async ({ openTabs, backend, site, user }) => {
      const [leader, ...followers] = await openTabs(4);
      await backend.untilConnected(user);
      await backend.flood([user], 100);
      await untilFlowing(followers, 2_000);
      if (end === 'closes') await leader!.close();
      else await (await DevTools.of(leader!.page)).crash();
      await untilFlowing(followers, 2_000);
      const last = Math.max(...(await Promise.all(followers.map((tab) => tab.lastTick()))));
      for (const tab of followers) {
        await tab.untilTick(last + 20);
        await expectContinuous(tab);
        expect(await tab.gaps()).toEqual([]);
      }
      expect(site.hubs).toBe(1);
    });
  }

  test('a leader that hangs is deposed, and steps down when it is back', async ({ openTabs, backend, site, user }) => {
    const [leader, follower] = await openTabs(2);
    await backend.untilConnected(user);
    await backend.flood([user], 20);
    await untilFlowing([follower!], 2_000);
    // Hangs for 25 s, whatever comes.
    void leader!.page.evaluate(() => {
      const until = performance.now() + 25_000;
      while (performance.now() < until);
    }, undefined);
    await eventually('a second connection', () => expect(site.dials).toBeGreaterThan(1), 24_000);
    await untilFlowing([follower!], 5_000);
    await untilFlowing([leader!], 30_000);
    for (const tab of [leader!, follower!]) await expectContinuous(tab);
    await eventually('one hub connection', () => expect(site.hubs).toBe(1));
  });

  test('a follower that closes is noticed within 1 s', async ({ openTabs }) => {
    const [leader, follower] = await openTabs(2);
    expect((await leader!.state())?.pages).toBe(2);
    await follower!.close();
    await eventually('one page', async () => expect((await leader!.state())?.pages).toBe(1), 1_000);
  });
});

test('without Web Locks each tab has its own connection, and the user still one upstream', async ({ context, openTabs, backend, site, user }) => {
  await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'));
  const tabs = await openTabs(3);
  await backend.untilConnected(user);
  await backend.push(user, 'hello');
  for (const tab of tabs) {
    await tab.untilText('hello');
    expect(await tab.state()).toMatchObject({ transport: 'direct', pages: 1 });
  }
  expect(site.hubs).toBe(3);
  expect((await backend.user(user)).connections).toBe(1);
});

test('a worker that cannot be loaded steps down to a leader', async ({ context, openTabs, site }) => {
  await context.addInitScript(() => {
    const Original = window.SharedWorker;
    // Playwright cannot see a worker's requests; a script that is not there fails in the same way.
    window.SharedWorker = class extends Original {
      constructor(_: string | URL, options?: string | WorkerOptions) {
        super('/missing.js', options as WorkerOptions);
      }
    };
  });
  const tabs = await openTabs(2);
  expect((await tabs[0]!.state())?.transport).toBe('leader');
  expect(site.hubs).toBe(1);
});

test('a tab that stepped down joins the worker that serves a later one: one connection', async ({ context, openTab, openTabs, backend, user, site }) => {
  await context.addInitScript(() => {
    const Original = window.SharedWorker;
    window.SharedWorker = class extends Original {
      constructor(url: string | URL, options?: string | WorkerOptions) {
        super(localStorage.getItem('mended') ? url : '/missing.js', options as WorkerOptions);
      }
    };
  });
  const tabs = await openTabs(2);
  await backend.untilConnected(user);
  await backend.flood([user], 20);
  await untilFlowing(tabs, 5_000);
  expect((await tabs[0]!.state())?.transport).toBe('leader');
  await tabs[0]!.page.evaluate(() => localStorage.setItem('mended', 'yes'));
  tabs.push(await (await openTab()).untilOpen());
  for (const tab of tabs) {
    await eventually('three pages', async () => expect(await tab.state()).toMatchObject({ status: 'open', transport: 'shared', pages: 3 }));
  }
  await untilFlowing(tabs, 2_000);
  for (const tab of tabs) await expectContinuous(tab);
  expect(site.hubs).toBe(1);
});

for (const other of ['user', 'version'] as const) {
  test(`a worker that turns out to be of another ${other} is not used: a leader is`, async ({ openTabs, site }) => {
    const tabs = await openTabs(2, { workerUrl: `/other-${other}.js` });
    for (const tab of tabs) expect(await tab.state()).toMatchObject({ transport: 'leader', pages: 2 });
    expect(site.hubs).toBe(1);
  });
}

test('a way that was asked for and does not work here is told, and tried again', async ({ openTab }) => {
  const tab = await openTab({ transport: 'shared', workerUrl: '/missing.js' });
  await eventually('it says why', async () => {
    expect(await tab.state()).toMatchObject({ status: 'waiting', reason: expect.stringContaining('the shared worker could not be started') });
  });
  const { retryAt } = (await tab.state())!;
  await tab.until('another try', (before) => (window.plain.connection?.state.retryAt ?? 0) > before, retryAt!);
});

for (const transport of ['shared', 'leader'] as const) {
  test(`after a deploy that changes what tabs and relay say to each other, old and new tabs have a relay each (${transport})`, async ({ openTab, backend, user, site, line }) => {
    const old = await (await openTab({ transport })).untilOpen();
    const next = await openTab({ transport });
    const connect = encodeURIComponent(JSON.stringify({ userId: user, transport }));
    await next.page.goto(`${line.origin}/next/plain.html?connect=${connect}`);
    await next.untilOpen();
    await backend.untilConnected(user);
    await backend.push(user, 'for both');
    for (const tab of [old, next]) {
      await tab.untilText('for both');
      expect(await tab.state()).toMatchObject({ transport, pages: 1 });
    }
    expect(site.hubs).toBe(2);
    expect((await backend.user(user)).connections).toBe(1);
  });
}

test('a direct connection reloads without loss too', async ({ openTab, backend, user }) => {
  const tab = await (await openTab({ transport: 'direct' })).untilOpen();
  await backend.untilConnected(user);
  await backend.flood([user], 50);
  await tab.untilTick(20);
  await tab.page.reload();
  const before = await tab.page.evaluate(() => Number(sessionStorage.getItem('last-tick')), undefined);
  await tab.untilTick(before + 20);
  await expectContinuous(tab, before + 1);
});
