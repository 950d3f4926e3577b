import type { Page } from 'playwright-core';
import { Stage, chipNumber, heroNumber, isLive, says } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 120_000);
afterAll(() => stage.close());
afterEach(async () => {
  await stage.clear();
  stage.endWithoutComplaints();
});

/** Picks in the Production Room and waits for the server's price. */
async function pick(page: Page, type: string, size: RegExp, credits: number): Promise<void> {
  await page.getByRole('radio', { name: type, exact: true }).check();
  await page.getByRole('radio', { name: size }).check();
  await page.getByRole('button', { name: `Generate for ${credits} credits` }).waitFor();
}

test('the balance is in the page before any script has run, and it is the API’s', async () => {
  const balance = await stage.balance('pro');
  const page = await stage.page('/', { javaScript: false });
  for (const number of await page.locator('[data-balance]').allTextContents())
    expect(number).toBe(String(balance.available));
  const stamp = JSON.parse((await page.locator('#stamped-balance').textContent()) ?? '') as Record<string, unknown>;
  expect(stamp).toMatchObject({ ...balance, plan: 'PRO', creditType: 'STANDARD' });
});

test('the page for another demo account is stamped with that account', async () => {
  const { accountId } = await stage.session('enterprise');
  const page = await stage.page('/production?as=enterprise', { javaScript: false });
  const stamp = JSON.parse((await page.locator('#stamped-balance').textContent()) ?? '') as Record<string, unknown>;
  expect(stamp).toMatchObject({ accountId, plan: 'ENTERPRISE' });
});

test('quote, generate, result: the second screen shows the hold and then the spend', async () => {
  const before = await stage.renew('pro');
  const [room, other] = await Promise.all([stage.page('/production'), stage.page('/')]);
  await Promise.all([isLive(room), isLive(other)]);
  await says(other, heroNumber, String(before.available));
  await pick(room, 'Video', /^Mid/, 50);
  await says(room, '[data-have]', String(before.available));

  await room.getByRole('button', { name: 'Generate for 50 credits' }).click();
  await says(other, heroNumber, String(before.available - 50));
  await says(other, chipNumber, String(before.available - 50));
  await other.getByText('50 on hold', { exact: true }).waitFor();
  await room.getByRole('progressbar').waitFor();

  await room.waitForSelector('[data-outcome="SUCCEEDED"]', { timeout: 15_000 });
  await room.getByText(`50 credits spent, ${before.available - 50} available.`).waitFor();
  await other.getByText('0 on hold', { exact: true }).waitFor();
  await other.locator('[data-activity] [data-kind="COMMIT"]').first().getByText('just now').waitFor();
  expect(await stage.balance('pro')).toMatchObject({ available: before.available - 50, held: 0, used: 50 });
}, 60_000);

test.each([
  ['Cancel', 'CANCELED'],
  ['Make it fail', 'FAILED'],
  ['Block the result', 'BLOCKED'],
])('%s: you were not charged, and nothing is missing', async (button, outcome) => {
  const before = await stage.renew('pro');
  const page = await stage.page('/production');
  await isLive(page);
  await pick(page, 'Audio', /^Mid/, 30);
  await page.getByRole('button', { name: 'Generate for 30 credits' }).click();
  await page.getByRole('button', { name: button }).click();
  await page.waitForSelector(`[data-outcome="${outcome}"]`);
  await page.getByText('You were not charged.', { exact: true }).waitFor();
  await says(page, chipNumber, String(before.available));
  expect(await stage.balance('pro')).toMatchObject({ available: before.available, held: 0, used: 0 });
});

test('the low warning comes once a crossing, as banner and as message', async () => {
  await stage.renew('pro');
  const page = await stage.page('/');
  await isLive(page);
  expect(await page.locator('[data-low-banner]').count()).toBe(0);
  let balance = await stage.balance('pro');
  while (balance.level === 'OK') balance = await stage.spend('pro', 'image.short');
  await page.waitForSelector('[data-low-banner]');
  await page.waitForSelector('[data-toast]');
  balance = await stage.spend('pro', 'regeneration.basic');
  expect(balance.level).toBe('LOW');
  await says(page, heroNumber, String(balance.available));
  // Another event would have come before, or with, the balance; a moment more for good measure.
  await page.waitForTimeout(500);
  expect(await page.locator('[data-toast]').count()).toBe(1);
  await page.getByRole('button', { name: /^Dismiss/ }).click();
  expect(await page.locator('[data-toast]').count()).toBe(0);
}, 60_000);

test('with too little: the shortfall, what still fits, the reset, and a button that says why it waits', async () => {
  await stage.renew('pro');
  const balance = await stage.spendDownTo('pro', 30);
  const page = await stage.page('/production');
  await pick(page, 'Video', /^Mid/, 50);
  const button = page.getByRole('button', { name: 'Generate for 50 credits' });
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  await page.getByText(`${50 - balance.available} credits short.`).waitFor();
  await page.getByText('Your allowance renews on').waitFor();
  await button.click({ force: true });
  expect(await stage.balance('pro')).toMatchObject({ version: balance.version });
  await page
    .locator('[data-shortfall]')
    .getByRole('button', { name: /Short video/ })
    .click();
  await page.getByRole('button', { name: 'Generate for 25 credits' }).waitFor();
}, 60_000);

test('back and forward lead to the demo account of the address', async () => {
  const page = await stage.page('/?as=enterprise');
  await isLive(page);
  await page.getByRole('link', { name: 'Production Room' }).click();
  await page.getByRole('combobox', { name: 'Demo account' }).selectOption('free');
  await says(page, chipNumber, '0');
  await page.goBack();
  await says(page, heroNumber, String((await stage.balance('enterprise')).available));
  await page.goForward();
  await page.getByRole('heading', { name: 'Production Room needs Pro' }).waitFor();
}, 60_000);

test('the free plan: the room says which plan it needs, uploads stay open', async () => {
  const page = await stage.page('/production?as=free');
  await page.getByRole('heading', { name: 'Production Room needs Pro' }).waitFor();
  expect(await page.locator('[data-generate]').count()).toBe(0);
  await page.setInputFiles('input[type=file]', { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('x') });
  await page.getByText('logo.png', { exact: true }).waitFor();
  await page.locator('li[data-state="done"]').getByText('0 credits').waitFor();
});

test('work goes on while one walks to another room, and a hold left behind can be given back', async () => {
  const before = await stage.renew('pro');
  const page = await stage.page('/production');
  await isLive(page);
  await pick(page, 'Image', /^Long/, 20);
  await page.getByRole('button', { name: 'Generate for 20 credits' }).click();
  await page.getByRole('progressbar').waitFor();
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await page.getByText('20 on hold', { exact: true }).waitFor();
  await page.getByText('0 on hold', { exact: true }).waitFor({ timeout: 15_000 });
  await page.getByRole('link', { name: 'Production Room' }).click();
  await page.waitForSelector('[data-outcome="SUCCEEDED"]');

  await page.getByRole('button', { name: 'Make another' }).click();
  await page.getByRole('button', { name: 'Generate for 20 credits' }).click();
  await page.getByRole('progressbar').waitFor();
  await stage.advance('pro', 60);
  await page.reload();
  await page.getByRole('button', { name: 'Give back' }).click();
  await says(page, chipNumber, String(before.available - 20));
  expect(await stage.balance('pro')).toMatchObject({ held: 0, available: before.available - 20 });
}, 60_000);

test('everything by keyboard: pick, generate, open the details', async () => {
  const before = await stage.renew('pro');
  const page = await stage.page('/production');
  await isLive(page);
  await page.getByRole('radio', { name: 'Image', exact: true }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.getByRole('button', { name: 'Generate for 10 credits' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-outcome="SUCCEEDED"]', { timeout: 15_000 });
  expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  await page.locator('button[popovertarget]').focus();
  await page.keyboard.press('Enter');
  await page
    .getByRole('dialog', { name: 'Credit details' })
    .getByText(String(before.available - 10))
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Credit details' }).waitFor({ state: 'hidden' });
}, 60_000);

test('the token is in the page’s memory only', async () => {
  const page = await stage.page('/');
  await isLive(page);
  const kept = await page.evaluate(() => [
    JSON.stringify(localStorage),
    JSON.stringify(sessionStorage),
    document.cookie,
  ]);
  for (const each of kept) expect(each).not.toMatch(/eyJ|aibc_/);
});

test('scripts come compressed and are kept for ever, the stamped page is kept by nobody', async () => {
  const page = await fetch(`${stage.url}/`, { headers: { accept: 'text/html' } });
  expect(page.headers.get('cache-control')).toBe('no-store');
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? '';
  const answer = await fetch(stage.url + script, { headers: { 'accept-encoding': 'br' } });
  expect(answer.headers.get('content-encoding')).toBe('br');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(answer.headers.get('vary')).toMatch(/accept-encoding/i);
});
