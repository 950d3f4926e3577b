import type { Page } from 'playwright-core';
import { tabTo } from './keyboard.js';
import { stageWithCredits } from './room.js';
import { allLooks, findingsIn } from './screens.js';
import { isLive } from './seen.js';

const stage = stageWithCredits();

async function openAlerts(path = '/alerts'): Promise<Page> {
  const page = await stage().page(path);
  await isLive(page);
  await page.waitForSelector('[data-mails]');
  await page.waitForSelector('[data-history]');
  return page;
}

/** How often the account was warned, as an integrator reads it. */
async function warned(): Promise<number> {
  const query = `query ($accountId: ID!) { account(id: $accountId) {
    events(newestFirst: true, first: 100, types: [BALANCE_LOW]) { edges { node { id } } }
  } }`;
  const { account } = await stage().ask<{ account: { events: { edges: unknown[] } } }>('pro', query);
  return account.events.edges.length;
}

async function setLevels(levels: object[]): Promise<void> {
  const { accountId } = await stage().session('pro');
  await stage().ask(
    'pro',
    'mutation ($input: SetLowBalanceLevelsInput!) { setLowBalanceLevels(input: $input) { __typename } }',
    { input: { accountId, levels } },
  );
}

afterEach(() => setLevels([{ level: 'LOW', percent: 20 }, { level: 'CRITICAL', percent: 5 }, { level: 'EMPTY' }]));

test('a level is changed by keyboard, warns once, and says from where on it warns again', async () => {
  const page = await openAlerts();
  const amount = page.getByLabel('Low, at or below', { exact: true });
  await tabTo(page, amount);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('60');
  await tabTo(page, page.getByLabel('Low, counted in', { exact: true }));
  await page.keyboard.type('cr');
  await tabTo(page, page.getByRole('button', { name: 'Save the levels' }));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Save the levels' }).waitFor({ state: 'detached' });
  expect(await amount.inputValue()).toBe('60');

  const warnings = page.locator('[data-history] [data-type="BALANCE_LOW"]');
  const before = await warned();
  const { available } = await stage().balance('pro');
  expect(available).toBe(100);
  for (let spent = 0; spent < 8; spent++) await stage().spend('pro', 'image.short');
  await warnings.first().getByText('60 credits left').waitFor();
  await warnings.first().getByText('Still so.').waitFor();
  await page
    .locator('[data-levels]')
    .getByText(/Has warned; again after \d+ credits were there/)
    .waitFor();
  // More of the same warns no second time.
  await stage().spend('pro', 'image.short');
  await page.waitForFunction(() => document.querySelector('[data-chip-available]')?.textContent === '55');
  expect(await warned()).toBe(before + 1);

  // What ended it is told beside it.
  await stage().renew('pro');
  await warnings
    .first()
    .getByText(/^Over since .*: the credits renewed\.$/)
    .waitFor();
  expect(await findingsIn(page, allLooks)).toEqual([]);
}, 120_000);

test('what happened is paged and filtered in the address, an event is linked to, and read marks stay', async () => {
  for (let time = 0; time < 6; time++) {
    await stage().spendDownTo('pro', 3);
    await stage().renew('pro');
  }
  const page = await openAlerts('/alerts?show=low');
  const rows = page.locator('[data-history] [data-event]');
  expect(await rows.count()).toBe(10);
  await page.getByRole('button', { name: 'Show older' }).click();
  await page.waitForFunction(() => document.querySelectorAll('[data-history] [data-event]').length > 10);
  const oldest = await rows.last().getAttribute('data-event');

  await page.goto(new URL(`/alerts?event=${oldest ?? ''}`, stage().url).href);
  // Not among the newest: it is looked up by itself.
  await page.locator(`[data-linked-event] [data-event="${oldest ?? ''}"]`).waitFor();
  await page.goto(new URL('/alerts?event=evt_nonsense', stage().url).href);
  await page.locator('[data-linked-event] p').filter({ hasNotText: 'Looking' }).waitFor();

  await page.locator('[data-unread]').waitFor();
  expect(await rows.first().getByText('New', { exact: true }).count()).toBe(1);
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await page.locator('[data-unread]').waitFor({ state: 'detached' });
  await page.reload();
  await page.waitForSelector('[data-history]');
  await page.waitForLoadState('networkidle');
  expect(await page.locator('[data-unread]').count()).toBe(0);
  await page.getByLabel('Which events').selectOption({ label: 'Budgets' });
  await page.getByText('Nothing happened yet').waitFor();
  expect(new URL(page.url()).searchParams.get('show')).toBe('budgets');
}, 120_000);

test('mails: an address waits for its link, what cannot be is said at the field, each kind is saved as it is chosen', async () => {
  const page = await openAlerts();
  await page.getByLabel('Mails go to').fill('nobody');
  await page.getByRole('button', { name: 'Save the address' }).click();
  await page.locator('[data-mails] [data-problem]').waitFor();
  await page.getByLabel('Mails go to').fill('anna@example.com');
  await page.getByRole('button', { name: 'Save the address' }).click();
  await page
    .locator('[data-unconfirmed]')
    .getByText(/anna@example\.com/)
    .waitFor();
  await page.getByLabel('Credits run low, and are enough again').check();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.reload();
  await page.waitForSelector('[data-mails]');
  expect(await page.getByLabel('Credits run low, and are enough again').isChecked()).toBe(true);
  expect(await page.getByLabel('Credits have renewed').isChecked()).toBe(false);
  expect(await findingsIn(page, allLooks)).toEqual([]);
}, 90_000);
