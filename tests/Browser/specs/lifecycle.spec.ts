import { expectContinuous } from '../harness/continuous.js';
import { eventually } from '../harness/eventually.js';
import { expect, test as base } from '../harness/fixtures.js';
import { Puppets } from '../harness/puppets.js';
import { untilFlowing } from '../harness/tab.js';

const test = base.extend<{ puppets: Puppets }>({
  puppets: async ({ line, user }, use) => {
    const puppets = await Puppets.chromium(line.origin, user);
    await use(puppets);
    await puppets.dispose();
  },
});

for (const transport of ['shared', 'leader'] as const) {
  test(`a frozen tab is detached, and has every frame when it thaws (${transport})`, async ({ puppets, backend, user }) => {
    const frozen = await puppets.openTab({ transport });
    const awake = await puppets.openTab({ transport });
    await backend.untilConnected(user);
    await backend.flood([user], 50);
    await untilFlowing([frozen, awake], 5_000);
    await frozen.page.lifecycle('frozen');
    await eventually('the frozen page is not counted', async () => expect((await awake.state())?.pages).toBe(1), 2_000);
    await untilFlowing([awake], 2_000);
    const had = await awake.lastTick();
    await awake.untilTick(had + 100);
    await frozen.page.lifecycle('active');
    await frozen.untilTick(had + 100);
    for (const tab of [frozen, awake]) {
      await expectContinuous(tab);
      expect(await tab.gaps()).toEqual([]);
    }
  });
}

for (const transport of ['shared', 'direct'] as const) {
  test(`a page that comes back from the back-forward cache has every frame (${transport})`, async ({ puppets, backend, user, line }) => {
    const cached = await puppets.openTab({ transport });
    const awake = await puppets.openTab({ transport });
    await backend.untilConnected(user);
    await backend.flood([user], 50);
    await untilFlowing([cached, awake], 5_000);
    await cached.page.page.goto(`${line.origin}/plain.html`);
    const had = await awake.lastTick();
    await awake.untilTick(had + 50);
    await cached.page.evaluate(() => void setTimeout(() => history.back()), undefined);
    await eventually('the page is back as it was', async () => {
      expect(await cached.page.evaluate(() => window.plain.restored, undefined)).toBe(true);
    });
    await cached.untilTick(had + 50);
    await expectContinuous(cached);
  });
}
