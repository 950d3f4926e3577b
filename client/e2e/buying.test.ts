import type { Page } from 'playwright-core';
import { generate, openRoom, stageWithCredits } from './room.js';
import { allLooks, findingsIn } from './screens.js';
import { chipNumber, heroNumber, isLive, says } from './seen.js';

const stage = stageWithCredits();
const sheet = '[data-sheet]';

/** Presses what has the focus, as a keyboard does. */
async function press(page: Page, key: string, times = 1): Promise<void> {
  for (let time = 0; time < times; time++) await page.keyboard.press(key);
}

/** Goes on by Tab until the focus is on what is wanted; a person would do the same. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let steps = 0; steps < 60; steps++) {
    if (await page.evaluate((where) => document.activeElement?.matches(where) === true, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/** Opens the first pack that the Dashboard offers, and leaves for its checkout. */
async function leaveForCheckout(page: Page): Promise<void> {
  await page.locator('main [data-offer="pack"]').click();
  await page.locator(`${sheet} [data-pay]`).click();
  await page.waitForURL(/\/checkout\//);
}

test('by keyboard alone: a pack is bought at the checkout, arrives in a second window, and the page is where it was', async () => {
  const before = await stage().balance('pro');
  const [page, other] = [await stage().page('/'), await stage().page('/')];
  await Promise.all([isLive(page), isLive(other)]);
  await tabTo(page, 'main [data-offer="pack"]');
  const name = await page.evaluate(() => document.activeElement?.textContent);
  expect(name).toMatch(/^Buy /);
  await press(page, 'Enter');
  await page.locator(sheet).waitFor();
  // It closes by Escape, and the focus is back on what opened it.
  await press(page, 'Escape');
  await page.locator(sheet).waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(name);
  await press(page, 'Enter');
  await tabTo(page, `${sheet} input[type="radio"]`);
  await press(page, 'ArrowDown');
  const words = (await page.locator(`${sheet} [data-pay]`).textContent()) ?? '';
  const credits = Number(/^Buy (\d+) credits for/.exec(words)?.[1]);
  expect(await page.locator(`${sheet} [data-after]`).textContent()).toBe(String(before.available + credits));
  await tabTo(page, `${sheet} [data-pay]`);
  await press(page, 'Enter');
  await page.waitForURL(/\/checkout\//);
  await tabTo(page, 'button[value="succeed"]');
  const heard = other.locator('[data-toast]').getByText('Billing', { exact: true }).waitFor();
  await press(page, 'Enter');
  await page.waitForURL((url) => url.pathname === '/');
  await page.locator('[data-toast]').getByText(`${credits} credits are here`).waitFor();
  await says(page, heroNumber, String(before.available + credits));
  await says(other, heroNumber, String(before.available + credits));
  await heard;
  expect((await stage().balance('pro')).available).toBe(before.available + credits);
}, 90_000);

test.each([
  ['decline', 'the payment was declined'],
  ['cancel', 'not bought'],
  ['delay_paid', 'the payment is not confirmed yet'],
  ['needs_buyer', 'Your bank wants you'],
])(
  '%s at the checkout: the page says so, and nothing has moved',
  async (outcome, words) => {
    const before = await stage().balance('pro');
    const page = await stage().page('/');
    await isLive(page);
    await leaveForCheckout(page);
    await page.locator(`button[value="${outcome}"]`).click();
    await page.waitForURL((url) => url.pathname === '/');
    await page.locator('[data-toast]').getByText(words).waitFor();
    await says(page, chipNumber, String(before.available));
  },
  60_000,
);

test('what was picked in the Production Room is still picked after the checkout, and can then be paid', async () => {
  await stage().spendDownTo('pro', 30);
  const page = await stage().page('/production');
  await isLive(page);
  await page.getByRole('radio', { name: 'Video', exact: true }).check();
  await page.getByRole('radio', { name: /^Mid/ }).check();
  await page.locator('[data-pack]', { hasText: 'Enough for this' }).getByRole('button').click();
  await page.locator(`${sheet} [data-pay]`).click();
  await page.waitForURL(/\/checkout\//);
  await page.locator('button[value="succeed"]').click();
  await page.waitForURL((url) => url.pathname === '/production');
  await generate(page, 50).waitFor();
  expect(await page.getByRole('radio', { name: /^Mid/ }).isChecked()).toBe(true);
}, 60_000);

test('Free has a way up: the plan is changed in the sheet, as it was told before, and the room opens', async () => {
  const page = await stage().page('/production?as=free');
  await isLive(page);
  await page.locator('[data-not-in-plan] [data-offer="plan"]').click();
  const told = Number(await page.locator(`${sheet} [data-credits-now]`).getAttribute('data-credits-now'));
  expect(await findingsIn(page, allLooks)).toEqual([]);
  await page.locator(`${sheet} [data-pay]`).click();
  await page.locator(sheet).waitFor({ state: 'detached' });
  await says(page, chipNumber, String(told));
  await page.locator('[data-generate]').waitFor();
}, 60_000);

test('the sheet of packs has nothing that axe finds', async () => {
  const page = await openRoom(stage(), /^Short/, 5);
  await page.goto(`${stage().url}/`);
  await isLive(page);
  await page.locator('main [data-offer="pack"]').click();
  await page.locator(`${sheet} [data-pay]`).waitFor();
  expect(await findingsIn(page, allLooks)).toEqual([]);
}, 60_000);
