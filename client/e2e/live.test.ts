import type { Page } from 'playwright-core';
import { openAccountMenu } from './room.js';
import { chipNumber, heroNumber, isLive, says } from './seen.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
  await stage.renew('pro');
}, 120_000);
afterAll(() => stage.close());
afterEach(() => stage.clear());

/** Waits until the other room's code is there, whether it comes before or after the page is live. */
async function hasOtherRoom(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => /assets\/ProductionRoom-.*\.js/.test(name)),
  );
}

test('a restarted server: the badge says so, and the page is current within a second of its return', async () => {
  const page = await stage.page('/');
  await isLive(page);
  await stage.killServer();
  await page.waitForSelector('[data-freshness="reconnecting"]', { timeout: 5_000 });
  await page.waitForSelector('[data-freshness="stale"]', { timeout: 15_000 });
  expect(await page.locator('[data-freshness="stale"]').last().textContent()).toMatch(/Stale since \d/);
  // All that is out of date is dimmed, and alike: number, strip and what it is good for.
  for (const part of [heroNumber, chipNumber, 'main [role="meter"]', 'main section[aria-labelledby="balance-title"]'])
    expect([part, await page.locator(`[data-stale] ${part.replace('main ', '')}`).count()]).not.toEqual([part, 0]);
  expect(await page.locator(heroNumber).textContent()).not.toBe('');
  await stage.startServer();
  const { available } = await stage.spend('pro', 'image.short');
  // The wait between tries is at most 800 ms, however long the outage was.
  expect(await says(page, heroNumber, String(available), 1_500)).toBe(String(available));
  await isLive(page);
}, 90_000);

test('a section that could not be read while the server was away is there by itself when it is back', async () => {
  const page = await stage.page('/');
  await isLive(page);
  await hasOtherRoom(page);
  await page.waitForLoadState('networkidle');
  await stage.killServer();
  await page.getByRole('link', { name: 'Production Room' }).click();
  await page.getByText('The quote could not be loaded.').waitFor();
  await page.getByText('The latest generations could not be loaded.').waitFor();
  await stage.startServer();
  await page.getByRole('button', { name: /^Generate for/ }).waitFor({ timeout: 5_000 });
  await page.getByText('The latest generations could not be loaded.').waitFor({ state: 'detached' });
  await isLive(page);
}, 60_000);

test('an account that could not be opened while the server was away opens by itself when it is back', async () => {
  const page = await stage.page('/');
  await isLive(page);
  await openAccountMenu(page);
  await stage.killServer();
  await page.getByRole('combobox', { name: 'Demo account' }).selectOption('enterprise');
  await page.getByText('The server could not be reached.').waitFor();
  await stage.startServer();
  await isLive(page);
  const { available } = await stage.balance('enterprise');
  await says(page, heroNumber, String(available));
}, 60_000);

test('a short restart is caught up at once, without a reload', async () => {
  const page = await stage.page('/');
  await isLive(page);
  await stage.killServer();
  await stage.startServer();
  const { available } = await stage.spend('pro', 'image.short');
  expect(await says(page, heroNumber, String(available), 3_000)).toBe(String(available));
  await isLive(page);
}, 60_000);

test('a link that dies without a word is noticed within ten seconds, and caught up when it returns', async () => {
  const page = await stage.page('/');
  await isLive(page);
  await page.context().setOffline(true);
  await page.waitForFunction(() => document.querySelector('[data-freshness="live"]') === null, undefined, {
    timeout: 10_000,
  });
  const { available } = await stage.spend('pro', 'image.short');
  await page.context().setOffline(false);
  expect(await says(page, heroNumber, String(available), 2_000)).toBe(String(available));
  await isLive(page);
}, 60_000);

test('paused stays paused over a reload, and resuming catches up', async () => {
  const page = await stage.page('/');
  await isLive(page);
  const before = (await stage.balance('pro')).available;
  await openAccountMenu(page);
  await page.getByRole('button', { name: 'Pause live updates' }).click();
  await page.waitForSelector('[data-freshness="paused"]');
  const { available } = await stage.spend('pro', 'image.short');
  await page.waitForTimeout(500);
  expect(await page.locator(heroNumber).textContent()).toBe(String(before));
  await page.reload();
  await page.waitForSelector('[data-freshness="paused"]');
  await openAccountMenu(page);
  await page.getByRole('button', { name: 'Resume live updates' }).click();
  await isLive(page);
  await says(page, heroNumber, String(available));
}, 60_000);

test('a burst of a hundred spends ends on the last number, in few frames of work and at most two sentences', async () => {
  await stage.renew('enterprise');
  const page = await stage.page('/?as=enterprise');
  await isLive(page);
  await page.evaluate(() => {
    const spoken: string[] = [];
    const region = document.querySelector('[data-announcer]');
    if (region !== null)
      new MutationObserver(() => spoken.push(region.textContent ?? '')).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    (globalThis as { spoken?: string[] }).spoken = spoken;
  });
  const spends = await Promise.all(Array.from({ length: 100 }, () => stage.spend('enterprise', 'regeneration.basic')));
  const last = spends.reduce((newest, each) => (each.version > newest.version ? each : newest));
  await says(page, chipNumber, new Intl.NumberFormat('en').format(last.available), 2_000);
  const spoken = await page.evaluate(() => (globalThis as { spoken?: string[] }).spoken ?? []);
  expect(spoken.length).toBeLessThanOrEqual(2);
}, 60_000);

test('a token that the server no longer takes is replaced, over both doors, without a word', async () => {
  const page = await stage.page('/healthz');
  await page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      const stamp = document.getElementById('stamped-balance');
      if (stamp?.textContent?.endsWith('}') !== true) return;
      stamp.textContent = stamp.textContent.replace(/"token":"[^"]+"/, '"token":"expired"');
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  const refused = page.waitForResponse((response) => response.status() === 401);
  await page.goto(`${stage.url}/`);
  await refused;
  await isLive(page);
  await page.waitForSelector('[data-activity]');
  const { available } = await stage.spend('pro', 'regeneration.basic');
  expect(await says(page, heroNumber, String(available))).toBe(String(available));
}, 60_000);

test('without a network the other room still opens, says what it could not ask, and asks when it can', async () => {
  const page = await stage.page('/');
  await isLive(page);
  await hasOtherRoom(page);
  await page.waitForLoadState('networkidle');
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Production Room' }).click();
  await page.getByText('The quote could not be loaded.').waitFor();
  await page.context().setOffline(false);
  await isLive(page);
  await page.getByRole('button', { name: /^Generate for/ }).waitFor();
}, 60_000);
