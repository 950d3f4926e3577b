import type { Page } from 'playwright-core';
import { generate, openRoom, stageWithCredits } from './room.js';
import { allLooks, findingsIn } from './screens.js';
import { isLive, says } from './seen.js';

const stage = stageWithCredits();

/** Publishes a price of sandbox accounts, as an operator does. */
async function priceOf(operation: string, credits: number): Promise<void> {
  const { token } = await stage().session('operator');
  const publish = `mutation ($input: PublishPriceListInput!) { publishPriceList(input: $input) { __typename ... on Problem { message } } }`;
  const input = { sandbox: true, idempotencyKey: crypto.randomUUID(), prices: [{ operation, credits }] };
  await stage().askAs(token, publish, { input });
}

async function setBudget(limit: number, id: string | null = null): Promise<string> {
  const set = `mutation ($accountId: ID!, $limit: Credits!, $id: ID, $key: String!) {
    setBudget(input: { accountId: $accountId, id: $id, name: "Images", limit: $limit, type: IMAGE }, idempotencyKey: $key) {
      __typename ... on Problem { message } ... on BudgetReceipt { budget { id } } } }`;
  const { setBudget: answer } = await stage().ask<{ setBudget: { message?: string; budget?: { id: string } } }>(
    'pro',
    set,
    {
      limit,
      id,
      key: crypto.randomUUID(),
    },
  );
  if (answer.budget === undefined) throw new Error(answer.message);
  return answer.budget.id;
}

/** How often the page has asked for a quote by itself. */
function quotesAskedBy(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    if ((request.postData() ?? '').includes('"QuoteOne"')) count += 1;
  });
  return () => count;
}

test('the price in the button is the server’s of now: told, not asked for', async () => {
  const page = await openRoom(stage(), /^Short/, 5);
  const { available } = await stage().balance('pro');
  await says(page, '[data-have]', String(available));
  const asked = quotesAskedBy(page);
  await stage().spend('pro', 'image.mid');
  await says(page, '[data-have]', String(available - 10));
  await priceOf('image.short', 7);
  try {
    await generate(page, 7).waitFor();
    expect(await page.locator('[data-price-changed]').textContent()).toBe(
      'The price has changed: 7 credits now, it was 5 credits.',
    );
    expect(asked()).toBe(0);
    // What the button says is what is charged.
    await generate(page, 7).click();
    await page.waitForSelector('[data-outcome="SUCCEEDED"]', { timeout: 15_000 });
    expect(await stage().balance('pro')).toMatchObject({ available: available - 17, held: 0 });
  } finally {
    await priceOf('image.short', 5);
  }
}, 60_000);

test('the token is fresh however far the account’s clock has moved', async () => {
  const page = await openRoom(stage(), /^Short/, 5);
  const before = await stage().balance('pro');
  await stage().advance('pro', 1_200);
  await stage().spend('pro', 'regeneration.basic');
  await says(page, '[data-have]', String(before.available - 1));
  await generate(page, 5).click();
  await page.waitForSelector('[data-outcome="SUCCEEDED"]', { timeout: 15_000 });
}, 60_000);

test('a budget that denies it closes the button and says why; when it allows it, the button opens by itself', async () => {
  const page = await openRoom(stage(), /^Long/, 20);
  const id = await setBudget(15);
  await page
    .locator('[data-blocked]')
    .getByText('A budget stops this: 15 credits of 15 are left in it, and this needs 20.')
    .waitFor();
  expect(await generate(page, 20).getAttribute('aria-disabled')).toBe('true');
  expect(await findingsIn(page, allLooks)).toEqual([]);
  await setBudget(1_000, id);
  await page.locator('[data-blocked]').waitFor({ state: 'detached' });
  await page.waitForFunction(
    () => document.querySelector('[data-generate]')?.getAttribute('aria-disabled') === 'false',
  );
}, 90_000);

test('whoever asked to be told hears it in another room, and comes back to what was picked', async () => {
  await stage().spendDownTo('pro', 10);
  const page = await openRoom(stage(), /^Long/, 20);
  const tell = page.getByRole('button', { name: 'Tell me when I can afford this' });
  await tell.click();
  expect(await tell.getAttribute('aria-pressed')).toBe('true');
  // Nothing stands half under the bar.
  await page.evaluate(() => scrollTo(0, 0));
  expect(await findingsIn(page, allLooks)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Dashboard' }).click();
  await page.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
  // Kept over a reload.
  await page.reload();
  await isLive(page);
  await stage().grant('pro', 30);
  const toast = page.locator('[data-toast]').filter({ hasText: 'You can make it now' });
  await toast.getByText('Long image costs 20 credits').waitFor();
  await toast.getByRole('link', { name: 'Make it' }).click();
  await generate(page, 20).waitFor();
  expect(await page.getByRole('radio', { name: /^Long/ }).isChecked()).toBe(true);
  expect(await page.locator('[data-tell-me]').count()).toBe(0);
}, 90_000);

test('without a live link the quote is asked for', async () => {
  const page = await stage().page('/healthz');
  await page.routeWebSocket(/graphql/, (socket) => socket.close());
  await page.goto(`${stage().url}/production`);
  await generate(page, 5).waitFor();
}, 60_000);
