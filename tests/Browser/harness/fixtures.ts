import { expect, test as base, type BrowserContext } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { Backend } from './backend.js';
import { Gateway } from './gateway.js';
import { Line } from './line.js';
import { Site } from './site.js';
import { Tab, type TabOptions } from './tab.js';

interface PerTest {
  readonly user: string;
  readonly site: Site;
  readonly line: Line;
  readonly backend: Backend;
  /** Opens a page that connects as the user. */
  openTab(options?: Partial<TabOptions> & { readonly context?: BrowserContext; readonly line?: Line }): Promise<Tab>;
  openTabs(count: number, options?: Partial<TabOptions>): Promise<Tab[]>;
  /** Errors that no page has caught, rejections without a handler among them. There are none, whatever a test does. */
  readonly uncaught: readonly string[];
}

interface PerWorker {
  readonly gateway: Gateway;
}

/** One gateway for all tests; a user, a site and a line for each. */
export const test = base.extend<PerTest, PerWorker>({
  gateway: [
    async ({}, use) => {
      const gateway = await Gateway.find();
      await use(gateway);
      await gateway.dispose();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  uncaught: [
    async ({ context }, use) => {
      const uncaught: string[] = [];
      context.on('weberror', (event) => uncaught.push(String(event.error().stack ?? event.error())));
      await use(uncaught);
      expect(uncaught, 'what no page has caught').toEqual([]);
    },
    { auto: true },
  ],
  user: async ({}, use) => use(`u-${randomUUID().slice(0, 8)}`),
  backend: async ({ gateway }, use) => {
    const backend = new Backend(() => gateway.backend);
    await use(backend);
    await backend.calm();
  },
  site: async ({ gateway }, use) => {
    const site = await Site.start(() => gateway.port);
    await use(site);
    await site.dispose();
  },
  line: async ({ site }, use) => {
    const line = await Line.start(() => site.port);
    await use(line);
    await line.dispose();
  },
  openTab: async ({ context, line, user }, use) => {
    await use(async (options = {}) => {
      const page = await (options.context ?? context).newPage();
      const tab = new Tab(page, options.user ?? user);
      const connect = JSON.stringify({ userId: tab.user, transport: options.transport, workerUrl: options.workerUrl });
      await page.goto(`${(options.line ?? line).origin}/plain.html?connect=${encodeURIComponent(connect)}`);
      return tab;
    });
  },
  openTabs: async ({ openTab }, use) => {
    await use(async (count, options) => {
      const tabs: Tab[] = [];
      for (let i = 0; i < count; i++) tabs.push(await openTab(options));
      await Promise.all(tabs.map((tab) => tab.untilOpen()));
      return tabs;
    });
  },
});

export { expect };
