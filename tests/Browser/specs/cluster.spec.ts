import { expectContinuous } from '../harness/continuous.js';
import { Cluster } from '../harness/cluster.js';
import { eventually } from '../harness/eventually.js';
import { Backend } from '../harness/backend.js';
import { expect, test } from '../harness/fixtures.js';
import { Site } from '../harness/site.js';
import { Tab, untilFlowing } from '../harness/tab.js';

test("a front's kill -9 loses and doubles no frame in any tab: they go on at another front", async ({ context, user }) => {
  test.setTimeout(120_000);
  const cluster = await Cluster.start(2);
  const backend = new Backend(() => cluster.backend);
  let front = cluster.fronts[0]!;
  const site = await Site.start(() => front.port);
  try {
    const connect = encodeURIComponent(JSON.stringify({ userId: user }));
    const tabs = await Promise.all(
      [0, 1, 2].map(async () => {
        const page = await context.newPage();
        await page.goto(`http://127.0.0.1:${site.port}/plain.html?connect=${connect}`);
        return new Tab(page, user).untilOpen();
      }),
    );
    await backend.untilConnected(user);
    await backend.flood([user], 50);
    await untilFlowing(tabs, 5_000);
    const dead = front;
    front = cluster.fronts[1]!;
    await dead.program.kill();
    await untilFlowing(tabs, 15_000);
    await backend.calm();
    const { sent, dials } = await backend.user(user);
    for (const tab of tabs) {
      await tab.untilTick(sent);
      await expectContinuous(tab);
      expect(await tab.gaps()).toEqual([]);
    }
    // The silo still owns the user: the backend has not noticed anything.
    expect(dials).toBe(1);
    await eventually('one hub connection', () => expect(site.hubs).toBe(1));
    expect(site.dials).toBeGreaterThan(1);
  } finally {
    await site.dispose();
    await cluster.dispose();
  }
});
