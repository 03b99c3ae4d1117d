import { expectHonest } from '../harness/continuous.js';
import { eventually } from '../harness/eventually.js';
import { expect, test } from '../harness/fixtures.js';
import { untilFlowing } from '../harness/tab.js';

test("after the gateway's kill -9 every tab goes on by itself, and what is missing is a gap", async ({ gateway, openTabs, backend, user }) => {
  test.setTimeout(120_000);
  const tabs = await openTabs(3);
  await backend.untilConnected(user);
  await backend.flood([user], 20);
  await untilFlowing(tabs, 5_000);
  await tabs[0]!.send('before the restart');
  await eventually('sent', async () => expect((await tabs[0]!.receipts())[0]?.status).toBe('sent'));
  await gateway.kill();
  for (const tab of tabs) {
    await tab.until('it says that it waits', () => window.plain.connection?.state.status !== 'open', undefined, 5_000);
  }
  await gateway.start();
  for (const tab of tabs) await tab.until('it is open again', () => window.plain.connection?.state.status === 'open', undefined, 40_000);
  await backend.untilConnected(user);
  await backend.push(user, 'after the restart');
  for (const tab of tabs) {
    await tab.untilText('after the restart');
    await tab.until('a gap, for the log is lost', () => window.plain.gaps.length === 1, undefined);
    expect((await tab.gaps())[0]).toMatchObject({ reason: 'epoch-changed' });
  }
  // The new gateway has forgotten the tab's client id: the next message begins another one.
  await tabs[0]!.send('after the restart too');
  await eventually('it is there', async () => expect(await backend.received(user)).toEqual(['after the restart too']));
});

test('a first message whose answer was lost with the gateway is unknown, and is not sent twice', async ({ gateway, openTab, backend, line, user }) => {
  test.setTimeout(120_000);
  const tab = await (await openTab()).untilOpen();
  await backend.untilConnected(user);
  line.delayMs = 500;
  await tab.send('once');
  await eventually('the backend has it', async () => expect(await backend.received(user)).toEqual(['once']));
  await gateway.kill();
  line.delayMs = 0;
  expect(await tab.receipts()).toEqual([]);
  // The backend, too: whatever it has from now on was sent again.
  await gateway.start();
  await tab.until('the receipt', () => window.plain.receipts.length === 1, undefined, 40_000);
  expect(await tab.receipts()).toEqual([{ id: expect.any(String), status: 'unknown', reason: 'no-answer' }]);
  await tab.send('next');
  await eventually('the next one', async () => expect(await backend.received(user)).toEqual(['next']));
});

test('a drop of the upstream is shown by markers, and the connection comes back by itself', async ({ openTabs, backend, user }) => {
  const tabs = await openTabs(2);
  await backend.untilConnected(user);
  await backend.flood([user], 20);
  await untilFlowing(tabs, 5_000);
  await backend.calm();
  await fetch(`${backend.url()}/drop?user=${user}`, { method: 'POST' });
  for (const tab of tabs) {
    await eventually('both markers', async () => {
      const kinds = (await tab.frames()).map(({ kind }) => kind);
      expect(kinds.slice(kinds.indexOf('upstream-closed'))).toContain('upstream-opened');
    });
    await expectHonest(tab);
    expect((await tab.state())?.status).toBe('open');
  }
});

test("three failed dials open the user's breaker, every tab sees it, and it closes when the backend is back", async ({ openTabs, backend, user }) => {
  test.setTimeout(120_000);
  const tabs = await openTabs(2);
  await backend.untilConnected(user);
  await backend.fault({ mode: 'refuse', users: [user] });
  await fetch(`${backend.url()}/drop?user=${user}`, { method: 'POST' });
  for (const tab of tabs) {
    await eventually('open', async () => expect((await tab.state())?.upstream).toMatchObject({ upstream: 'waiting', breaker: { state: 'open' } }), 30_000);
    expect((await tab.state())?.status).toBe('open');
  }
  const receipt = await tabs[0]!.page.evaluate(() => window.plain.connection?.send('while open'), undefined);
  expect(receipt?.status).not.toBe('sent');
  await backend.calm();
  for (const tab of tabs) {
    await eventually('closed', async () => expect((await tab.state())?.upstream).toMatchObject({ upstream: 'open', breaker: { state: 'closed' } }), 60_000);
  }
});

test('what is sent while the backend is away is queued, and its end is told', async ({ openTab, backend, user }) => {
  const tab = await (await openTab()).untilOpen();
  await backend.untilConnected(user);
  await backend.fault({ mode: 'refuse', users: [user] });
  await fetch(`${backend.url()}/drop?user=${user}`, { method: 'POST' });
  await eventually('the drop is seen', async () => expect((await tab.state())?.upstream?.upstream).toBe('waiting'));
  await tab.send('patience');
  await eventually('queued', async () => expect(await tab.receipts()).toEqual([expect.objectContaining({ status: 'queued' })]));
  await backend.calm();
  await tab.until('its end', () => window.plain.finals.length === 1, undefined, 45_000);
  expect(await tab.page.evaluate(() => window.plain.finals, undefined)).toEqual([expect.objectContaining({ status: 'sent' })]);
  expect(await backend.received(user)).toEqual(['patience']);
});
