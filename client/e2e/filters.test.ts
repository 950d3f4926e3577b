import type { Page } from 'playwright-core';
import { isLive } from './seen.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 120_000);
afterAll(() => stage.close());
afterEach(async () => {
  await stage.clear();
  stage.endWithoutComplaints();
});

const addressOf = (page: Page): string => new URL(page.url()).pathname + new URL(page.url()).search;

test('filters lie in the address: chosen, reloaded, copied, and left behind by a walk', async () => {
  await stage.renew('pro');
  await stage.spend('pro', 'image.short');
  const page = await stage.page('/?as=pro');
  await isLive(page);
  const pages = await page.evaluate(() => history.length);
  await page.getByRole('combobox', { name: 'Days' }).selectOption('7 days');
  await page.getByRole('heading', { name: 'Spend by day, last 7 days' }).waitFor();
  expect(addressOf(page)).toBe('/?as=pro&days=7');
  await page.getByRole('button', { name: 'Show as table' }).click();
  await page.getByRole('region', { name: 'Spend by day, table' }).waitFor();
  expect(addressOf(page)).toBe('/?as=pro&days=7&spend=table');
  await page.getByRole('combobox', { name: 'Of which credits' }).selectOption('Credits');
  await page.waitForSelector('[data-activity] li');
  expect(addressOf(page)).toBe('/?as=pro&days=7&spend=table&credits=standard');
  // A filter is no page that one goes back to.
  expect(await page.evaluate(() => history.length)).toBe(pages);

  await page.reload();
  await page.getByRole('heading', { name: 'Spend by day, last 7 days' }).waitFor();
  const days = page.getByRole('region', { name: 'Spend by day, table' }).getByRole('table');
  await days.getByRole('row').nth(1).waitFor();
  expect(await days.locator('tbody tr').count()).toBe(7);
  expect(await page.getByRole('combobox', { name: 'Of which credits' }).locator(':checked').textContent()).toBe(
    'Credits',
  );

  // The default is what an address without a word means.
  await page.getByRole('combobox', { name: 'Days' }).selectOption('30 days');
  await page.getByRole('button', { name: 'Show as chart' }).click();
  expect(addressOf(page)).toBe('/?as=pro&credits=standard');
  await page.getByRole('link', { name: 'Production Room' }).click();
  await page.getByRole('heading', { level: 1, name: 'Production Room' }).waitFor();
  expect(addressOf(page)).toBe('/production?as=pro');
  await page.goBack();
  await page.getByRole('heading', { name: 'Recent activity' }).waitFor();
  expect(addressOf(page)).toBe('/?as=pro&credits=standard');
}, 60_000);

test('what an address says badly is not said', async () => {
  const page = await stage.page('/?as=pro&days=8&spend=pie&credits=');
  await page.getByRole('heading', { name: 'Spend by day, last 30 days' }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Of which credits' }).locator(':checked').textContent()).toBe(
    'All credits',
  );
});

test('scan credits alone: their movements, and a word where there is none', async () => {
  await stage.renew('pro');
  const page = await stage.page('/?as=pro&credits=scan');
  await page.waitForSelector('[data-activity] li, [aria-labelledby="activity-title"] [data-part="empty"]');
  await stage.spend('pro', 'deep_scan');
  const first = page.locator('[data-activity] li').first();
  await first.getByText('Deep Scan').waitFor();
  for (const text of await page.locator('[data-activity] li').allTextContents()) expect(text).toMatch(/[Ss]can credit/);
  // What happened to other credits meanwhile is there when one asks for all again.
  await stage.spend('pro', 'image.short');
  await page.getByRole('combobox', { name: 'Of which credits' }).selectOption('All credits');
  await first.getByText('Short image').waitFor();
}, 60_000);
