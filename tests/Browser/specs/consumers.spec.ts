import { existsSync } from 'node:fs';
import { Consumer } from '../harness/consumer.js';
import { expect, test as base } from '../harness/fixtures.js';
import { Site } from '../harness/site.js';
import { Tab } from '../harness/tab.js';

const test = base.extend<{ consumer: Consumer }>({
  consumer: async ({}, use) => {
    const consumer = new Consumer();
    await use(consumer);
    consumer.dispose();
  },
});

for (const bundler of ['vite', 'webpack', 'esbuild'] as const) {
  test(`an application that ${bundler} has built from the packed tarball connects, by the worker and by a leader`, async ({
    consumer,
    context,
    gateway,
    backend,
    user,
  }) => {
    await consumer[bundler]();
    const site = await Site.start(() => gateway.port, consumer.out);
    for (const transport of ['shared', 'leader'] as const) {
      const userId = `${user}-${transport}`;
      const connect = encodeURIComponent(JSON.stringify({ userId, transport }));
      const tabs = await Promise.all(
        [0, 1].map(async () => {
          const page = await context.newPage();
          await page.goto(`http://127.0.0.1:${site.port}/plain.html?connect=${connect}`);
          return new Tab(page, userId).untilOpen();
        }),
      );
      await backend.untilConnected(userId);
      await backend.push(userId, 'hello');
      for (const tab of tabs) {
        await tab.untilText('hello');
        expect((await tab.state())?.transport).toBe(transport);
      }
    }
    expect(site.dials).toBe(2);
    await site.dispose();
  });
}

test('an application in TypeScript compiles with the declarations of the packed tarball', async ({ consumer }) => {
  for (const resolution of ['bundler', 'nodenext'] as const) expect(consumer.complaints(resolution), resolution).toEqual([]);
});

test('a server imports every part of the packed tarball, and is told where a connection can be made', async ({ consumer }) => {
  const printed = consumer.node(`
    import { createConnection } from 'connections-client';
    import { WebSocketProvider } from 'connections-client/react';
    import { createElement } from 'react';
    import { renderToString } from 'react-dom/server';
    console.log(renderToString(createElement(WebSocketProvider, { userId: 'alice' }, 'rendered')));
    try { createConnection({ userId: 'alice' }); } catch ({ message }) { console.log(message); }
  `);
  expect(printed).toBe('rendered\nconnections-client: createConnection is for browsers; call it where there is a page\n');
  for (const file of consumer.resolve('worker.bundle.js', 'worker.messagepack.bundle.js', 'package.json')) expect(existsSync(file), file).toBe(true);
});
