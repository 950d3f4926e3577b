import type { Page } from 'playwright-core';
import { allLooks, findingsIn } from './screens.js';
import { isLive } from './seen.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({ SUPPORT_ADDRESS: 'help@studio.example' });
}, 120_000);
afterAll(() => stage.close());
afterEach(async () => {
  await stage.clear();
  stage.endWithoutComplaints();
});

async function openHelp(path = '/help'): Promise<Page> {
  const page = await stage.page(path);
  await isLive(page);
  await page.waitForSelector('[data-help]');
  return page;
}

test('the prices are those of the list in force, and the address opens a question', async () => {
  const { priceList } = await stage.ask<{ priceList: { operations: { name: string; credits: number }[] } }>(
    'pro',
    '{ priceList(sandbox: true) { operations { name credits } } }',
  );
  const page = await openHelp('/help?question=cost');
  const rows = page.locator('[data-question="cost"] [data-prices] tbody tr');
  await rows.first().waitFor();
  const paid = priceList.operations.filter(({ credits }) => credits > 0);
  expect(await rows.locator('th').allTextContents()).toEqual(paid.map(({ name }) => name));
  expect(await findingsIn(page, allLooks)).toEqual([]);
  // Another question takes its place in the address.
  await page.getByText('Which of my credits are used first?').click();
  await page.waitForFunction(() => location.search.includes('question=order'));
  expect(await page.locator('[data-order] li').count()).toBeGreaterThan(0);
}, 60_000);

test('the account’s own numbers are in the answers, and follow it', async () => {
  const page = await openHelp('/help?question=hold');
  await page.locator('[data-held]').getByText('Nothing of yours is on hold now.').waitFor();
  await stage.hold('pro', 'image.short');
  await page.locator('[data-held]').getByText('5 credits are on hold now.').waitFor();
  await stage.releaseAll('pro');
  await page.locator('[data-held]').getByText('Nothing of yours is on hold now.').waitFor();
}, 60_000);

test('the support address is the server’s, and the mail names the account', async () => {
  const page = await openHelp();
  const { accountId } = await stage.session('pro');
  const mail = await page.locator('[data-support] a').getAttribute('href');
  expect(mail?.startsWith('mailto:help@studio.example?subject=')).toBe(true);
  expect(decodeURIComponent(mail ?? '')).toContain(accountId);
});

test('every question has an answer on every plan', async () => {
  for (const role of ['free', 'enterprise'] as const) {
    const page = await openHelp(`/help?as=${role}`);
    for (const question of await page.locator('[data-question]').all()) {
      await question.locator('summary').click();
      await question.locator('p, ul, table').first().waitFor();
    }
    expect(await findingsIn(page, allLooks)).toEqual([]);
  }
}, 90_000);
