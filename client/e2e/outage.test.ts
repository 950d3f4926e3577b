import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { generate, openRoom, stageWithCredits } from './room.js';
import { findingsIn, someLooks } from './screens.js';
import { isLive } from './seen.js';

const stage = stageWithCredits();
const outage = '[data-outage]';

test('a killed server: the whole room dims together, Generate says why it waits, one line stands for all', async () => {
  const page = await openRoom(stage(), /Short/, 5);
  await stage().killServer();
  await page.waitForSelector(`${outage}[data-outage="server"]`);
  const button = generate(page, 5);
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  expect(await page.locator('[data-why-it-waits]').textContent()).toMatch(/^The server does not answer\./);
  // The same ink for what you have, the list below and the chip: nothing looks more current than the rest.
  const ink = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).color);
  const dim = await ink('[data-have]');
  expect([await ink('[aria-labelledby="recent-title"] strong'), await ink('[data-chip-available]')]).toEqual([
    dim,
    dim,
  ]);
  // Dimmed is still to be read. The first look comes last: the test goes on in it.
  expect(await findingsIn(page, someLooks.toReversed())).toEqual([]);
  await button.press('Enter');
  expect(await page.locator('[data-work]').count()).toBe(0);
  // What could not be read says so, and nowhere is there a Retry of its own.
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await page.getByText('Spend by day could not be loaded.').waitFor();
  expect(await page.getByRole('button', { name: 'Retry', exact: true }).count()).toBe(0);
  expect(await page.locator(outage).count()).toBe(1);
  expect(await findingsIn(page, someLooks.toReversed())).toEqual([]);
  await page.getByRole('link', { name: 'Production Room' }).click();
  await stage().startServer();
  await isLive(page);
  await page.locator(outage).waitFor({ state: 'detached' });
  await page.waitForSelector('[data-generate]:not([aria-disabled="true"])');
}, 90_000);

test('a machine that leaves its network is told so at once, and is live when it is back', async () => {
  const page = await stage().page('/');
  await isLive(page);
  await page.context().setOffline(true);
  await page.waitForSelector(`${outage}[data-outage="offline"]`, { timeout: 1_000 });
  expect(await page.locator(outage).textContent()).toMatch(/^You are offline\. Numbers are from \d/);
  await page.context().setOffline(false);
  await isLive(page, 5_000);
  expect(await page.locator(outage).count()).toBe(0);
}, 60_000);

test('a handshake that nobody answers is given up for another after five seconds', async () => {
  const page = await stage().page('/');
  await isLive(page);
  await stage().killServer();
  const sockets = new Set<Socket>();
  const upgradesAt: number[] = [];
  const silent = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (/upgrade: websocket/i.test(data.toString())) upgradesAt.push(performance.now());
    });
  });
  await new Promise<void>((resolve) => silent.listen(Number(new URL(stage().url).port), '127.0.0.1', resolve));
  try {
    const giveUpAt = performance.now() + 25_000;
    while (upgradesAt.length < 2 && performance.now() < giveUpAt)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const [first = 0, second = 0] = upgradesAt;
    expect(second - first).toBeGreaterThan(4_000);
    expect(second - first).toBeLessThan(12_000);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    await stage().startServer();
  }
  await isLive(page, 20_000);
}, 90_000);
