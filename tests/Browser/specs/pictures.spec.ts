import { fileURLToPath } from 'node:url';
import { expect, test } from '../harness/fixtures.js';

const images = fileURLToPath(new URL('../../../docs/images/', import.meta.url));

// The page's own policy lets it speak to a backend on 127.0.0.1 alone; that of a cluster is elsewhere.
test.use({ bypassCSP: true });

// Not a test: `npm run pictures` takes the pictures of the documentation.
for (const scheme of ['light', 'dark'] as const) {
  test(`the pictures of the pages (${scheme})`, async ({ context, gateway, backend }) => {
    // A cluster's backend is not published; the browser on its machine reaches it all the same, and shows what it counts.
    if (gateway.isCluster) await context.route('**/sample-backend', (route) => route.fulfill({ json: { url: gateway.backend } }));
    const page = await context.newPage();
    await page.setViewportSize({ width: 1200, height: 760 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(gateway.url);
    for (const [user, connections] of [['alice', '1'], ['bob', '3']] as const) {
      const lane = page.locator(`[data-user=${user}]`);
      await expect(lane.locator('[data-step=gateway] dd')).toHaveText(connections);
      await expect(lane.locator('[data-step=backend] dd')).toHaveText('1');
      for (const text of ['{"order":4711,"paid":true}', 'Lunch at noon?', '{"eur":12.40}']) await backend.push(user, text);
      for (const i of [0, 1, 2]) await expect(lane.frameLocator('iframe').nth(i).getByText('12.40')).toBeVisible();
    }
    await page.screenshot({ path: `${images}overview-${scheme}.png` });
    await page.setViewportSize({ width: 1200, height: 820 });
    await page.goto(`${gateway.url}/?user=alice`);
    const second = await context.newPage();
    await second.goto(`${gateway.url}/?user=alice`);
    await expect(page.locator('#count')).toHaveText('1 connection for 2 tabs');
    await backend.push('alice', '{"type":"order","id":4711,"state":"shipped"}');
    for (const text of ['!binary 24', 'hello']) {
      await page.fill('#message', text);
      await page.press('#message', 'Enter');
    }
    await expect(page.locator('.frames [data-kind=binary]').first()).toBeVisible();
    await expect(page.locator('.receipts .pill[data-is=good]')).toHaveCount(2);
    await page.screenshot({ path: `${images}page-${scheme}.png` });
  });
}
