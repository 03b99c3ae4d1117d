import { eventually } from '../harness/eventually.js';
import { expect, test } from '../harness/fixtures.js';

test('a single tab receives what the backend sends and is told what became of what it sends', async ({ openTab, backend, user }) => {
  const tab = await (await openTab()).untilOpen();
  await backend.untilConnected(user);
  await backend.push(user, 'hello');
  await tab.untilText('hello');
  await tab.send('from the tab');
  await eventually('a receipt', async () => expect(await tab.receipts()).toEqual([expect.objectContaining({ status: 'sent' })]));
  expect(await backend.received(user)).toContain('from the tab');
  expect((await tab.state())?.transport).toBe('shared');
});

test('10 tabs of one browser are one hub connection and one upstream, and all see the same frames', async ({ openTabs, backend, site, user }) => {
  const tabs = await openTabs(10);
  await backend.untilConnected(user);
  expect(site.hubs).toBe(1);
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
