import type { Page } from 'playwright-core';
import { stageWithCredits } from './room.js';
import { allLooks, findingsIn } from './screens.js';
import { isLive } from './seen.js';

const stage = stageWithCredits();
const sheet = '[data-sheet]';

async function openBilling(address = '/billing'): Promise<Page> {
  const page = await stage().page(address);
  await isLive(page);
  await page.waitForSelector('[data-plan]');
  await page.waitForLoadState('networkidle');
  return page;
}

type Bought = { id: string; checkoutUrl: string; pack: { credits: number; bonusCredits: number } };

/** Begins to buy the smallest pack as an integrator does, and has the checkout end. */
async function buy(outcome: string | null): Promise<Bought> {
  const query = `mutation ($accountId: ID!, $key: String!) {
    purchaseCredits(input: { accountId: $accountId, packId: "pack.50", idempotencyKey: $key }) {
      __typename ... on Problem { message } ... on PurchaseReceipt { purchase { id checkoutUrl pack { credits bonusCredits } } }
    }
  }`;
  const { purchaseCredits } = await stage().ask<{ purchaseCredits: { message?: string; purchase?: Bought } }>(
    'pro',
    query,
    {
      key: crypto.randomUUID(),
    },
  );
  const { purchase } = purchaseCredits;
  if (purchase === undefined) throw new Error(purchaseCredits.message);
  if (outcome !== null) await end(purchase, outcome);
  return purchase;
}

/** Has a checkout end so, as its buyer would elsewhere. */
async function end({ checkoutUrl }: Bought, outcome: string): Promise<void> {
  const response = await fetch(checkoutUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outcome }),
  });
  if (!response.ok) throw new Error(await response.text());
}

const row = (page: Page, { id }: Bought) => page.locator(`[data-purchase="${id}"]`);

test('the room adds up: what is left is what its grants have, and nothing is found by axe', async () => {
  const { available } = await stage().balance('pro');
  const page = await openBilling();
  await page.locator(`[data-billing-available="${available}"]`).waitFor();
  const parts = await page.locator('[data-burn-order="STANDARD"] li b').allTextContents();
  expect(parts.reduce((sum, part) => sum + Number(part.replaceAll(/\D/g, '')), 0)).toBe(available);
  expect(await page.locator('[data-packs="STANDARD"] button').count()).toBeGreaterThan(1);
  await page.locator('[data-plan="PRO"]').waitFor();
  expect(await findingsIn(page, allLooks)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 800 });
  await page.waitForFunction(() => document.documentElement.scrollWidth <= 320, null, { timeout: 5_000 });
}, 90_000);

test('the redirect never comes: the purchase shows as processing, and is paid live when the payment is told', async () => {
  const bought = await buy(null);
  const page = await openBilling();
  await row(page, bought).getByText('Processing').waitFor();
  const before = (await stage().balance('pro')).available;
  await end(bought, 'succeed');
  await row(page, bought).getByText('Paid', { exact: true }).waitFor();
  await page.locator(`[data-billing-available="${before + bought.pack.credits + bought.pack.bonusCredits}"]`).waitFor();
}, 60_000);

test.each([
  ['decline', 'FAILED', 'Declined', 'Try another card'],
  ['needs_buyer', 'PENDING', 'Your bank wants you', 'Confirm at the checkout'],
  ['delay_paid', 'PENDING', 'Processing', 'Open the checkout'],
  ['cancel', 'CANCELED', 'Not bought', null],
])(
  '%s: the open room follows to %s, and says what to do',
  async (outcome, status, word, way) => {
    const bought = await buy(null);
    const page = await openBilling();
    await row(page, bought).waitFor();
    await end(bought, outcome);
    const shown = page.locator(`[data-purchase="${bought.id}"][data-status="${status}"]`);
    await shown.getByText(word, { exact: true }).waitFor();
    if (way !== null) await shown.getByRole('link', { name: way }).waitFor();
  },
  60_000,
);

test('a refund gives what its preview said, and the row says so', async () => {
  const bought = await buy('succeed');
  const before = await stage().balance('pro');
  const page = await openBilling();
  await row(page, bought).getByRole('button', { name: 'Refund' }).click();
  await page.locator(`${sheet} [data-pay]`).waitFor();
  const after = Number(await page.locator(`${sheet} [data-after]`).getAttribute('data-after'));
  expect(after).toBe(before.available - bought.pack.credits - bought.pack.bonusCredits);
  expect(await findingsIn(page, allLooks)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator(`${sheet} [data-pay]`).click();
  await page.locator(sheet).waitFor({ state: 'detached' });
  await row(page, bought)
    .getByText(/refunded/)
    .waitFor();
  await page.locator(`[data-billing-available="${after}"]`).waitFor();
  expect((await stage().balance('pro')).available).toBe(after);
}, 90_000);

test('an upgrade does what its preview said; a downgrade waits for the boundary and is taken back', async () => {
  const page = await openBilling('/billing?as=enterprise');
  await page
    .getByRole('group', { name: 'Change plan' })
    .getByRole('button', { name: /^Pro: / })
    .click();
  await page.locator(`${sheet} [data-pay]`, { hasText: /^Change to Pro on / }).click();
  await page.locator(sheet).waitFor({ state: 'detached' });
  const next = page.locator('[data-next-plan="PRO"]');
  await next.getByRole('button', { name: 'Stay on Enterprise' }).click();
  await page.locator(`${sheet} [data-pay]`).click();
  await page.locator(sheet).waitFor({ state: 'detached' });
  await next.waitFor({ state: 'detached' });

  const before = await stage().balance('pro');
  const [pro, other] = [await openBilling(), await openBilling()];
  await pro
    .getByRole('group', { name: 'Change plan' })
    .getByRole('button', { name: /^Enterprise: / })
    .click();
  const told = Number(await pro.locator(`${sheet} [data-credits-now]`).getAttribute('data-credits-now'));
  await pro.locator(`${sheet} [data-pay]`).click();
  await pro.locator(sheet).waitFor({ state: 'detached' });
  await pro.locator('[data-plan="ENTERPRISE"]').waitFor();
  // Another window hears of it.
  await other.locator('[data-plan="ENTERPRISE"]').waitFor();
  expect((await stage().balance('pro')).available).toBe(before.available + told);
  await stage().ask(
    'pro',
    `mutation ($accountId: ID!, $key: String!) {
    changePlan(input: { accountId: $accountId, plan: PRO, idempotencyKey: $key }) { __typename }
  }`,
    { key: crypto.randomUUID() },
  );
  await stage().renew('pro');
}, 120_000);

test('auto top-up wants a card first; with one it says what it may cost, is turned on, changed and taken back', async () => {
  const page = await openBilling();
  await page.getByText('No card is saved.').waitFor();
  expect(await page.locator('[data-turn-on]').getAttribute('aria-disabled')).toBe('true');
  await page.getByRole('button', { name: 'Save a card' }).click();
  await page.waitForURL(/\/checkout\//);
  await page.locator('button[value="succeed"]').click();
  await page.waitForURL((url) => url.pathname === '/billing');
  await page.locator('[data-method="4242"]').waitFor();
  await page.locator('[data-top-up-cost]').waitFor();
  await page.locator('[data-turn-on]').click();
  await page.locator('[data-top-up="on"]').waitFor();
  const often = page.getByLabel('At most');
  await often.selectOption('5');
  await page.locator('[data-setting="saved"]').getByText('Saved').waitFor();
  await page.waitForFunction(
    () => document.querySelector('[data-top-up="on"]')?.textContent.includes('at most 5') === true,
  );
  expect(await findingsIn(page, allLooks)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  const undo = page.getByRole('button', { name: 'Undo: At most' });
  if ((await undo.count()) === 0) await often.selectOption('6');
  await undo.click();
  await page.locator('[data-setting="saved"]').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.locator(`${sheet} [data-pay]`).click();
  await page.getByText('Turned off: the card was removed.').waitFor();
}, 120_000);

test('who may not buy is told who can, and is offered nothing to press', async () => {
  const { token, accountId } = await stage().session('pro');
  const { createApiKey } = await stage().askAs<{ createApiKey: { secret: string } }>(
    token,
    `mutation ($accountId: ID!) {
      createApiKey(input: { accountId: $accountId, name: "reads", scopes: ["credits:read", "events:read"] }) { secret }
    }`,
    { accountId },
  );
  const page = await stage().page('/healthz');
  await page.route('**/graphql', (route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${createApiKey.secret}` } }),
  );
  await page.goto(`${stage().url}/billing`);
  await page.locator('#purchase ~ *, [data-not-yours]').first().waitFor();
  await page.locator('main [data-not-yours]').waitFor();
  expect(await page.locator('main [data-packs], main [data-turn-on], main [aria-label="Change plan"]').count()).toBe(0);
  expect(await findingsIn(page, allLooks)).toEqual([]);
}, 60_000);
