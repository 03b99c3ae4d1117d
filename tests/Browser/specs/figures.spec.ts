import { expect, test } from '../harness/fixtures.js';
import { DevTools } from '../harness/devtools.js';
import type { Tab } from '../harness/tab.js';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** From the call of `createConnection` to the first frame, in milliseconds. */
const firstFrame = (tab: Tab): Promise<number> => tab.page.evaluate(() => window.plain.times.frame! - window.plain.times.start!, undefined);

test('at a round trip of 100 ms later tabs have their first frame in a quarter of the time of a connection per tab', async ({
  openTab,
  backend,
  line,
  user,
}) => {
  test.setTimeout(180_000);
  const times: Record<'shared' | 'direct', number[]> = { shared: [], direct: [] };
  for (const transport of ['shared', 'direct'] as const) {
    line.delayMs = 0;
    const first = await (await openTab({ transport })).untilOpen();
    await backend.untilConnected(user);
    // So many that the wait for the next one does not count.
    await backend.flood([user], 200);
    line.delayMs = 50;
    for (let i = 0; i < 9; i++) {
      const tab = await openTab({ transport });
      await tab.until('a frame', () => window.plain.times.frame !== undefined, undefined);
      times[transport].push(await firstFrame(tab));
      await tab.close();
    }
    await first.close();
    await backend.calm();
  }
  const [shared, direct] = [median(times.shared), median(times.direct)];
  console.log(`first frame of a later tab, median of 9 at 100 ms round trip: shared ${shared.toFixed(0)} ms, direct ${direct.toFixed(0)} ms`);
  expect(shared).toBeLessThanOrEqual(direct / 4);
});

test('memory does not grow while tabs open, close and reload under 200 frames a second', async ({ openTab, backend, user, site }) => {
  const minutes = Number(process.env['SOAK_MINUTES'] ?? 0.5);
  test.setTimeout((minutes * 60 + 120) * 1_000);
  const stays = await (await openTab()).untilOpen();
  await backend.untilConnected(user);
  const tools = await DevTools.of(stays.page);
  const tabs: Tab[] = [];
  const churn = async (round: number): Promise<void> => {
    if (tabs.length < 9) tabs.push(await openTab());
    else if (round % 3 === 0) await tabs.shift()!.close();
    else await tabs[round % tabs.length]!.page.reload();
    for (const tab of [stays, ...tabs]) await tab.page.evaluate(() => window.plain.forget(), undefined);
  };
  const heaps = async (): Promise<{ page: number; worker: number }> => ({ page: await tools.heap(), worker: await tools.workerHeap() });

  let round = 0;
  // Until the relay's log is full (5,000 frames), and all tabs were there, there is something that may grow.
  await backend.flood([user], 500);
  while ((await backend.user(user)).sent < 6_000 || round < 20) await churn(round++);
  await backend.flood([user], 200);
  const warm = await heaps();
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) await churn(round++);
  const late = await heaps();
  const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(2)} MiB`;
  console.log(`${round} rounds: page ${mib(warm.page)} -> ${mib(late.page)}, worker ${mib(warm.worker)} -> ${mib(late.worker)}`);
  expect(late.page - warm.page).toBeLessThan(1_048_576);
  expect(late.worker - warm.worker).toBeLessThan(1_048_576);
  expect(site.hubs).toBe(1);
  expect((await stays.state())?.pages).toBe(tabs.length + 1);
});
