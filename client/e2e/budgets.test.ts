import type { Page } from 'playwright-core';
import { tabTo } from './keyboard.js';
import { stageWithCredits } from './room.js';
import { allLooks, findingsIn } from './screens.js';
import { isLive } from './seen.js';
import type { Stage } from './stage.js';

const stage = stageWithCredits();

type Budget = { id: string; name: string };

async function budgetsOf(on: Stage): Promise<Budget[]> {
  const query = `query ($accountId: ID!) { account(id: $accountId) { budgets { id name } } }`;
  return (await on.ask<{ account: { budgets: Budget[] } }>('pro', query)).account.budgets;
}

/** Makes a budget as an integrator does. */
async function setBudget(on: Stage, input: Record<string, unknown>): Promise<void> {
  const mutation = `mutation ($input: SetBudgetInput!, $key: String!) {
    setBudget(input: $input, idempotencyKey: $key) { __typename ... on Problem { message } }
  }`;
  const { accountId } = await on.session('pro');
  const { setBudget: set } = await on.ask<{ setBudget: { __typename: string; message?: string } }>('pro', mutation, {
    input: { accountId, ...input },
    key: crypto.randomUUID(),
  });
  if (set.__typename !== 'BudgetReceipt') throw new Error(set.message);
}

afterEach(async () => {
  for (const { id } of await budgetsOf(stage()))
    await stage().ask('pro', 'mutation ($id: ID!) { removeBudget(id: $id) }', { id });
});

async function openBudgets(path = '/budgets'): Promise<Page> {
  const page = await stage().page(path);
  await isLive(page);
  await page.waitForSelector('[data-budgets="cap"]');
  return page;
}

test('by keyboard alone: a budget is written, says what it would have refused, is saved, and refuses', async () => {
  await stage().spend('pro', 'image.short');
  const page = await openBudgets();
  await tabTo(page, page.getByRole('button', { name: 'New budget' }));
  await page.keyboard.press('Enter');
  // The form opens in its first field.
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  await page.keyboard.type('Images of trainees');
  await tabTo(page, page.getByLabel('Kind of work'));
  await page.keyboard.type('Im');
  await tabTo(page, page.getByLabel('Limit in credits'));
  await page.keyboard.type('4');
  const preview = page.locator('[data-preview="told"]');
  await preview.getByText(/^It would have refused [\d,]+ pieces? of work$/).waitFor();
  expect(await findingsIn(page, allLooks)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press('Enter');
  const row = page.locator('[data-budget]', { hasText: 'Images of trainees' });
  await row.getByText('left of 4 credits').waitFor();
  // Whoever saved goes on in the row.
  await page.waitForFunction(() => document.activeElement?.hasAttribute('data-budget'));
  expect(await row.getByText('Images · from renewal to renewal').count()).toBe(1);

  await tabTo(page, page.getByRole('link', { name: 'Production Room' }));
  await page.keyboard.press('Enter');
  await page.locator('main').getByRole('heading', { level: 1, name: 'Production Room' }).waitFor();
  await page.locator('[data-generate]').waitFor();
  await page.getByRole('radio', { name: /Short/ }).first().press('Space');
  await page.locator('[data-blocked]').getByText('A budget stops this: 4 credits of 4 are left in it').waitFor();
  await tabTo(page, page.locator('[data-generate]'));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: 'See the budget' }));
  await page.keyboard.press('Enter');
  await row.waitFor();
  expect((await stage().balance('pro')).held).toBe(0);
}, 90_000);

test('what is used and held of a budget follows the work, and at its end it says what that means and what helps', async () => {
  await setBudget(stage(), { name: 'Ten a week', type: 'IMAGE', limit: 10, window: 'WEEK' });
  const [budget] = await budgetsOf(stage());
  const page = await openBudgets(`/budgets?budget=${budget?.id ?? ''}`);
  const row = page.locator(`[data-budget="${budget?.id ?? ''}"]`);
  // The address means this one: a refusal leads here.
  expect(await row.getAttribute('data-meant')).toBe('');
  const left = row.locator('[data-left]');
  await left.filter({ hasText: /^10$/ }).waitFor();
  await stage().hold('pro', 'image.short');
  await left.filter({ hasText: /^5$/ }).waitFor();
  expect(await row.locator('[data-held]').textContent()).toBe('5');
  await stage().spend('pro', 'image.short');
  await left.filter({ hasText: /^0$/ }).waitFor();
  expect(await row.locator('[data-used]').textContent()).toBe('5');
  await row.getByText('Work of this kind does not start now, unless it costs nothing.').waitFor();
  await row.getByText('Raise the limit to go on now.').waitFor();
  expect(await row.getByRole('meter').getAttribute('aria-valuetext')).toBe('0 of 10 credits left, 5 used, 5 on hold');
  expect(await findingsIn(page, allLooks)).toEqual([]);
  // A new week: it starts anew in the open page.
  await stage().advance('pro', 7 * 24 * 3_600);
  await left.filter({ hasText: /^10$/ }).waitFor();
}, 90_000);

test('a change keeps what is counted, what cannot be is said at its field, and removing asks first', async () => {
  await setBudget(stage(), { name: 'Films', type: 'VIDEO', limit: 50 });
  await setBudget(stage(), { name: 'Each of us', eachMember: true, limit: 30, window: 'DAY', hard: false });
  await stage().spend('pro', 'video.short');
  const page = await openBudgets();
  const films = page.locator('[data-budget]', { hasText: 'Films' });
  await films.locator('[data-left]').filter({ hasText: /^25$/ }).waitFor();
  await films.getByRole('button', { name: 'Change Films' }).click();
  const limit = page.getByLabel('Limit in credits');
  await limit.fill('half');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Enter a whole number of credits, 0 or more.').waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
  await limit.fill('20');
  await page.getByRole('button', { name: 'Save' }).click();
  await films.getByText('left of 20 credits').waitFor();
  expect(await films.locator('[data-left]').textContent()).toBe('0');

  const each = page.locator('[data-budget]', { hasText: 'Each of us' });
  await each.getByText('Each member', { exact: true }).click();
  await each.getByText('you', { exact: true }).waitFor();
  await each.getByText('5 left', { exact: true }).waitFor();

  await films.getByRole('button', { name: 'Remove Films' }).click();
  await films.getByRole('button', { name: 'Keep it' }).click();
  await films.getByRole('button', { name: 'Remove Films' }).click();
  await films.getByRole('button', { name: 'Remove for good' }).click();
  await films.waitFor({ state: 'detached' });
  expect((await budgetsOf(stage())).map(({ name }) => name)).toEqual(['Each of us']);
}, 90_000);

test('credits are set aside for a project, and no more than is left', async () => {
  const page = await openBudgets();
  const { available } = await stage().balance('pro');
  await page.getByRole('button', { name: 'Set credits aside' }).click();
  await page.getByLabel('Name').fill('For Nord');
  await page.getByLabel('Credits to keep').fill(String(available + 1));
  await page.getByRole('button', { name: `Keep ${available + 1} credits` }).click();
  await page.getByText('Credits are kept for a project or a member: name one.').waitFor();
  await page.getByLabel('Project').fill('Nord');
  await page.getByRole('button', { name: `Keep ${available + 1} credits` }).click();
  await page.getByText(`At most ${available} credits: no more is left that is not kept for others already.`).waitFor();
  await page.getByLabel('Credits to keep').fill('30');
  await page.getByRole('button', { name: 'Keep 30 credits' }).click();
  await page.locator('[data-budgets="setAside"]').getByText('still kept of 30 credits').waitFor();
}, 60_000);
