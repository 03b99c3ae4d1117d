import { Consumer } from '../harness/consumer.js';
import { expect, test } from '../harness/fixtures.js';
import { Site } from '../harness/site.js';
import { Tab } from '../harness/tab.js';

for (const bundler of ['vite', 'webpack', 'esbuild'] as const) {
  for (const transport of ['shared', 'leader'] as const) {
    test(`an application that ${bundler} has built from the packed tarball connects (${transport})`, async ({ context, gateway, backend, user }) => {
      const consumer = new Consumer();
      await consumer[bundler]();
      const site = await Site.start(() => gateway.port, consumer.out);
      const connect = encodeURIComponent(JSON.stringify({ userId: user, transport }));
      const tabs = await Promise.all(
        [0, 1].map(async () => {
          const page = await context.newPage();
          await page.goto(`http://127.0.0.1:${site.port}/plain.html?connect=${connect}`);
          return new Tab(page, user).untilOpen();
        }),
      );
      await backend.untilConnected(user);
      await backend.push(user, 'hello');
      for (const tab of tabs) {
        await tab.untilText('hello');
        expect((await tab.state())?.transport).toBe(transport);
      }
      expect(site.hubs).toBe(1);
      await site.dispose();
      consumer.dispose();
    });
  }
}
