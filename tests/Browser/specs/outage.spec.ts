import { Backend } from '../harness/backend.js';
import { eventually } from '../harness/eventually.js';
import { expect, test } from '../harness/fixtures.js';
import { Gateway } from '../harness/gateway.js';
import { Site } from '../harness/site.js';

test('a reload of a page that polls makes no call to a dead backend', async ({ page }) => {
  test.setTimeout(120_000);
  // Longer than the test: what comes after a break is a probe, and that is allowed.
  const gateway = await Gateway.start({ Api__Breaker__BreakDuration: '00:01:00' });
  const backend = new Backend(() => gateway.backend);
  const calls = async (): Promise<number> =>
    ((await (await fetch(`${backend.url()}/stats?users=false`)).json()) as { apiCalls: number }).apiCalls;
  const site = await Site.start(() => gateway.port);
  try {
    await page.goto(`http://127.0.0.1:${site.port}/poll.html`);
    await page.waitForFunction(() => window.poll.answers > 0);
    await backend.fault({ api: 'abort' });
    await eventually('the gateway has opened its breaker', async () => {
      const { breakers } = (await (await fetch(`${gateway.url}/breakers?user=poller`)).json()) as { breakers: { state: string }[] };
      expect(breakers[0]?.state).toBe('open');
    });
    const before = await calls();

    for (let reload = 0; reload < 3; reload++) {
      await page.reload();
      await page.waitForFunction(() => window.poll.failures.length > 10);
      const seen = await page.evaluate(() => window.poll);
      expect(seen.answers).toBe(0);
      expect(new Set(seen.failures)).toEqual(new Set(['http 503', 'circuit-open']));
    }
    expect(await calls()).toBe(before);
  } finally {
    await site.dispose();
    await gateway.dispose();
  }
});

test("a page's breakers become what the gateway's are, in every tab", async ({ context }) => {
  test.setTimeout(120_000);
  const gateway = await Gateway.start({ Api__Routes__hello__Path: '/api/hello' });
  const backend = new Backend(() => gateway.backend);
  const site = await Site.start(() => gateway.port);
  const say = async (command: string): Promise<void> => {
    const answer = await fetch(`${gateway.url}/admin/breakers/hello/${command}?user=operator`, { method: 'POST' });
    expect(answer.ok, await answer.text()).toBe(true);
  };
  try {
    const pages = [await context.newPage(), await context.newPage()];
    for (const page of pages) {
      await page.goto(`http://127.0.0.1:${site.port}/poll.html`);
      await page.waitForFunction(() => window.poll.answers > 0);
    }
    await say('force-open');
    for (const page of pages) await eventually('the page knows', async () => expect(await page.evaluate(() => window.poll.sync())).toBe('open'));
    const before = ((await (await fetch(`${backend.url()}/stats?users=false`)).json()) as { apiCalls: number }).apiCalls;
    for (const page of pages) {
      const had = await page.evaluate(() => window.poll.failures.length);
      await page.waitForFunction((n) => window.poll.failures.length > n + 10, had);
      expect(new Set((await page.evaluate(() => window.poll.failures)).slice(had))).toEqual(new Set(['circuit-open']));
    }
    expect(((await (await fetch(`${backend.url()}/stats?users=false`)).json()) as { apiCalls: number }).apiCalls).toBe(before);

    await say('reset');
    for (const page of pages) {
      await eventually('the page knows', async () => expect(await page.evaluate(() => window.poll.sync())).toBe('closed'));
      const had = await page.evaluate(() => window.poll.answers);
      await page.waitForFunction((n) => window.poll.answers > n, had);
    }
  } finally {
    await site.dispose();
    await gateway.dispose();
  }
});
