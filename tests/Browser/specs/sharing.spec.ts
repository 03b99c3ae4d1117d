import { DevTools } from '../harness/devtools.js';
import { eventually } from '../harness/eventually.js';
import { expect, test } from '../harness/fixtures.js';

test('a single tab receives what the backend sends and is told what became of what it sends', async ({ openTab, backend, user }) => {
  const tab = await (await openTab()).untilOpen();
  await backend.untilConnected(user);
  await backend.push(user, 'hello');
  await tab.untilText('hello');
  await tab.send('from the tab');
  await eventually('a receipt', async () => expect(await tab.receipts()).toEqual([expect.objectContaining({ status: 'sent' })]));
  await eventually('the backend has it', async () => expect(await backend.received(user)).toContain('from the tab'));
  expect((await tab.state())?.transport).toBe('shared');
});

for (const [protocol, workerUrl] of Object.entries({ JSON: undefined, MessagePack: '/worker.messagepack.bundle.js' })) {
  test(`text and bytes pass both ways as they are (${protocol})`, async ({ openTab, backend, user }) => {
    const tab = await (await openTab({ transport: 'shared', workerUrl })).untilOpen();
    await backend.untilConnected(user);
    await backend.push(user, 'a text');
    await backend.push(user, new Uint8Array([0, 127, 128, 255]));
    await eventually('the bytes', async () => {
      const data = await tab.page.evaluate(() => window.plain.frames.flatMap((frame) => [...(frame.data ?? [])]));
      expect(data).toEqual([0, 127, 128, 255]);
    });
    expect(await tab.texts()).toContain('a text');
    const receipts = await tab.page.evaluate(async () => [
      await window.plain.connection?.send(new Uint8Array([1, 2, 3])),
      await window.plain.connection?.send('back'),
    ]);
    expect(receipts.map((receipt) => receipt?.status)).toEqual(['sent', 'sent']);
    expect(await backend.received(user)).toEqual(['', 'back']);
    expect(await backend.receivedSizes(user)).toEqual([3, 4]);
  });
}

test('10 tabs of one browser are one hub connection and one upstream, and all see the same frames', async ({ openTabs, backend, site, user }) => {
  const tabs = await openTabs(10);
  await backend.untilConnected(user);
  expect(site.hubs).toBe(1);
  expect(site.dials).toBe(1);
  expect((await backend.user(user)).connections).toBe(1);
  for (let i = 0; i < 20; i++) await backend.push(user, `m${i}`);
  const expected = Array.from({ length: 20 }, (_, i) => `m${i}`);
  for (const tab of tabs) {
    await tab.untilText('m19');
    expect(await tab.texts()).toEqual(expected);
    expect((await tab.state())?.pages).toBe(10);
  }
  await eventually('the gateway counts one tab', async () => expect((await tabs[0]!.state())?.upstream?.tabs).toBe(1));
});

test('two browsers of one user are two hub connections and one upstream', async ({ openTab, browser, backend, site, user }) => {
  const other = await browser.newContext();
  const tabs = await Promise.all([openTab(), openTab(), openTab({ context: other }), openTab({ context: other })]);
  await Promise.all(tabs.map((tab) => tab.untilOpen()));
  expect(site.hubs).toBe(2);
  expect((await backend.user(user)).connections).toBe(1);
  await other.close();
});

test('two users of one browser never share a connection', async ({ openTab, backend, site, user }) => {
  const mine = await (await openTab()).untilOpen();
  const other = await (await openTab({ user: `${user}-other` })).untilOpen();
  await backend.untilConnected(user);
  await backend.untilConnected(other.user);
  await backend.push(user, 'for me');
  await backend.push(other.user, 'for the other');
  await mine.untilText('for me');
  await other.untilText('for the other');
  expect(await mine.texts()).toEqual(['for me']);
  expect(await other.texts()).toEqual(['for the other']);
  expect(site.hubs).toBe(2);
});

test('a closed tab is noticed within 1 s', async ({ openTabs }) => {
  const [first, second, third] = await openTabs(3);
  await second!.close();
  for (const tab of [first!, third!]) await eventually('two pages', async () => expect((await tab.state())?.pages).toBe(2), 1_000);
});

test('a crashed tab is noticed within 2 s', async ({ openTabs }) => {
  const [first, second] = await openTabs(2);
  expect((await first!.state())?.pages).toBe(2);
  await (await DevTools.of(second!.page)).crash();
  await eventually('one page', async () => expect((await first!.state())?.pages).toBe(1), 2_000);
});

test('the connection ends soon after the last tab', async ({ openTabs, site }) => {
  const tabs = await openTabs(2);
  for (const tab of tabs) await tab.close();
  await eventually('no hub connection', () => expect(site.hubs).toBe(0), 5_000);
});

test('a page that closes its connection ends it at once when it was the last', async ({ openTab, site }) => {
  const tab = await (await openTab()).untilOpen();
  await tab.page.evaluate(() => window.plain.connection?.close());
  await eventually('no hub connection', () => expect(site.hubs).toBe(0), 1_000);
  expect((await tab.state())?.status).toBe('closed');
});

test('signing out in one tab ends the connection in all of them, and signing in again connects', async ({ openTabs, site, user }) => {
  const [first, second] = await openTabs(2);
  await first!.page.evaluate(() => window.plain.connection?.signOut());
  for (const tab of [first!, second!]) {
    await eventually('signed out', async () => expect(await tab.state()).toMatchObject({ status: 'closed', reason: 'signed-out' }));
  }
  await eventually('no hub connection', () => expect(site.hubs).toBe(0), 1_000);
  await first!.page.evaluate((userId) => window.plain.connect({ userId }), user);
  await first!.untilOpen();
  expect(site.hubs).toBe(1);
});

test('a change of the user leaves the old connection and never shows its frames to the new one', async ({ openTab, backend, user, site }) => {
  const tab = await (await openTab()).untilOpen();
  const next = `${user}-next`;
  await tab.page.evaluate((userId) => {
    window.plain.connection?.close();
    window.plain.connect({ userId });
  }, next);
  await tab.untilOpen();
  await backend.untilConnected(next);
  await backend.push(user, 'for the old one').catch(() => undefined);
  await backend.push(next, 'for the new one');
  await tab.untilText('for the new one');
  expect(await tab.texts()).toEqual(['for the new one']);
  await eventually('one hub connection', () => expect(site.hubs).toBe(1));
});
