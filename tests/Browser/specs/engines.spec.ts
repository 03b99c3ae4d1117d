import { expectContinuous } from '../harness/continuous.js';
import { eventually } from '../harness/eventually.js';
import { expect, test } from '../harness/fixtures.js';
import { Puppets } from '../harness/puppets.js';
import { untilFlowing, type Scriptable, type Tab, type TabOptions } from '../harness/tab.js';
import { WebKit } from '../harness/webkit.js';

interface Engine {
  openTab(options?: Partial<TabOptions>): Promise<Tab<Scriptable>>;
  dispose(): Promise<void>;
}

const engines: Record<string, (origin: string, user: string) => Promise<Engine>> = {
  firefox: (origin, user) => Puppets.firefox(origin, user),
  webkit: (origin, user) => WebKit.start(origin, user),
};

for (const [name, start] of Object.entries(engines)) {
  test.describe(name, () => {
    let engine: Engine;
    test.beforeEach(async ({ line, user }) => {
      engine = await start(line.origin, user);
    });
    test.afterEach(() => engine.dispose());

    test('4 tabs are one hub connection, and a closed one is noticed within 1 s', async ({ backend, site, user }) => {
      const tabs: Tab<Scriptable>[] = [];
      for (let i = 0; i < 4; i++) tabs.push(await engine.openTab());
      await backend.untilConnected(user);
      expect(site.hubs).toBe(1);
      await backend.push(user, 'hello');
      for (const tab of tabs) {
        await tab.untilText('hello');
        expect(await tab.state()).toMatchObject({ transport: 'shared', pages: 4 });
      }
      await tabs[3]!.send('from a tab');
      await eventually('the backend has it', async () => expect(await backend.received(user)).toEqual(['from a tab']));
      await tabs[1]!.close();
      await eventually('three pages', async () => expect((await tabs[0]!.state())?.pages).toBe(3), 1_000);
    });

    test('a worker that hangs is left for another one by all tabs as soon as one of them notices', async ({ backend, site, user }) => {
      const options = { transport: 'shared', workerUrl: '/killable-worker.js' } as const;
      const tabs = [await engine.openTab(options), await engine.openTab(options)];
      await backend.untilConnected(user);
      await backend.flood([user], 20);
      await untilFlowing(tabs, 5_000);
      await tabs[0]!.page.evaluate(() => new BroadcastChannel('hang').postMessage(''), undefined);
      tabs.push(await engine.openTab(options));
      // By their own pings it would be 15 s.
      await untilFlowing(tabs, 8_000);
      for (const tab of tabs) {
        await expectContinuous(tab);
        expect(await tab.state()).toMatchObject({ transport: 'shared', pages: 3 });
      }
      expect(site.dials).toBe(2);
    });

    for (const transport of ['shared', 'leader'] as const) {
      test(`the death of the relay is survived, with no frame missing (${transport})`, async ({ backend, site, user }) => {
        test.setTimeout(90_000);
        const options = { transport, workerUrl: '/killable-worker.js' };
        const [first, ...others] = [await engine.openTab(options), await engine.openTab(options), await engine.openTab(options)];
        await backend.untilConnected(user);
        await backend.flood([user], 20);
        await untilFlowing(others, 5_000);
        if (transport === 'shared') await first!.page.evaluate(() => new BroadcastChannel('kill').postMessage(''), undefined);
        else await first!.close();
        // Firefox gives out a worker that has closed itself for a moment longer, which costs a page its first hello, of 1.5 s. On a busy machine
        // it may not tell of the end at all before silence does, after three pings, 15 s.
        await eventually('a second connection', async () => {
          const states = await Promise.all(others.map((tab) => tab.state()));
          expect(site.dials, JSON.stringify(states)).toBeGreaterThan(1);
        }, 30_000);
        await untilFlowing(others, 10_000);
        for (const tab of others) {
          await expectContinuous(tab);
          expect((await tab.state())?.transport).toBe(transport);
        }
        await eventually('one hub connection', () => expect(site.hubs).toBe(1), 5_000);
      });
    }
  });
}
