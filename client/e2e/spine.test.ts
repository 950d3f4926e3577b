import type { Locator, Page } from 'playwright-core';
import { chooseAccount } from './room.js';
import { chipNumber, heroNumber, isLive, says } from './seen.js';
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

test('the stamped page has account, scan credits and last movements without asking for them, and follows from there', async () => {
  const page = await stage.page('/?as=free');
  const asked: string[] = [];
  page.on('request', (request) => {
    const operation = /"operationName":"(\w+)"/.exec(request.postData() ?? '')?.[1];
    if (operation !== undefined) asked.push(operation);
  });
  await isLive(page);
  asked.length = 0;
  await page.goto(`${stage.url}/?as=enterprise`);
  await isLive(page);
  await page.waitForSelector('[data-activity] li');
  await page.waitForSelector('[data-scan-available]');
  expect(asked).not.toContain('AccountHome');
  expect(asked).not.toContain('RecentEntries');
  const { available } = await stage.spend('enterprise', 'image.short');
  await says(page, heroNumber, new Intl.NumberFormat('en').format(available));
  await page.waitForFunction(() => document.querySelector('[data-activity] li')?.textContent?.includes('Short image'));
  expect(asked).toContain('RecentEntries');
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

test('the low warning comes once a crossing: in its place on the Dashboard, as a message with its offers elsewhere', async () => {
  await stage.renew('pro');
  const [page, room] = await Promise.all([stage.page('/'), stage.page('/production')]);
  await Promise.all([isLive(page), isLive(room)]);
  expect(await page.locator('[data-low-banner]').count()).toBe(0);
  let balance = await stage.balance('pro');
  while (balance.level === 'OK') balance = await stage.spend('pro', 'image.short');
  await page.locator('[data-low-banner]').getByText(`Low: ${balance.available} credits left`).waitFor();
  await page
    .locator('[data-low-banner]')
    .getByRole('link', { name: /^Enough for about \d+ × Short image/ })
    .waitFor();
  const message = room.locator('[data-toast]');
  await message.getByText(`Low: ${balance.available} credits left`).waitFor();
  await message.getByText('Renews to 100 credits').waitFor();
  for (const way of [/^Buy \d+ for /, /^Enterprise: /, /^Remind me on /])
    await message.getByRole('button', { name: way }).waitFor();
  balance = await stage.spend('pro', 'regeneration.basic');
  expect(balance.level).toBe('LOW');
  await says(page, heroNumber, String(balance.available));
  // The message follows the numbers, and no second one comes.
  await message.getByText(`Low: ${balance.available} credits left`).waitFor();
  expect(await message.count()).toBe(1);
  expect(await page.locator('[data-toast]').count()).toBe(0);
  // Where the page itself warns, the message goes.
  await room.getByRole('link', { name: 'Dashboard' }).click();
  await room.locator('[data-low-banner]').waitFor();
  await message.waitFor({ state: 'detached' });
}, 60_000);

test('too little for anything: the way on names what stays open, the word is the same everywhere', async () => {
  await stage.renew('pro');
  const [page, room] = await Promise.all([stage.page('/'), stage.page('/production')]);
  await Promise.all([isLive(page), isLive(room)]);
  const balance = await stage.spendDownTo('pro', 3);
  const banner = page.locator('[data-low-banner]');
  await banner.getByText(`Very low: ${balance.available} credits left`).waitFor();
  await banner.getByText('Uploads, text and standard scans stay open.').waitFor();
  expect(await banner.getByRole('link').count()).toBe(0);
  await room.locator('[data-toast]').getByText(`Very low: ${balance.available} credits left`).waitFor();
  expect(await room.locator('[data-announcer]').textContent()).toMatch(/at or below the very low mark/);
}, 60_000);

test('a renewal is one message, and ends the warning', async () => {
  await stage.renew('pro');
  const [page, room] = await Promise.all([stage.page('/'), stage.page('/production')]);
  await Promise.all([isLive(page), isLive(room)]);
  await stage.spendDownTo('pro', 3);
  await room.locator('[data-toast][data-tone="low"]').waitFor();
  const { available } = await stage.renew('pro');
  await says(page, heroNumber, String(available));
  await page.locator('[data-toast]').getByText('Your allowance renewed').waitFor();
  await page.getByText(`of ${available} used`, { exact: true }).waitFor();
  // The renewal was a move of the test clock, which the page says.
  expect(await page.locator('[data-test-clock]').textContent()).toMatch(/^Test clock: \d+ \w+ \d{4}, standing still$/);
  await page.waitForTimeout(500);
  expect(await page.getByText(/Enough .*credits again/).count()).toBe(0);
  await room.locator('[data-toast]').getByText('Your allowance renewed').waitFor();
  await room.locator('[data-toast][data-tone="low"]').waitFor({ state: 'detached' });
  await room.getByRole('button', { name: 'Dismiss: Your allowance renewed' }).click();
  expect(await room.locator('[data-toast]').getByText('Your allowance renewed').count()).toBe(0);
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
  await chooseAccount(page, 'free');
  await says(page, chipNumber, '0');
  await page.goBack();
  await says(page, heroNumber, String((await stage.balance('enterprise')).available));
  await page.goForward();
  await page.getByRole('heading', { name: 'Production Room needs Pro' }).waitFor();
}, 60_000);

test('back while another account is being opened, or to where none was named yet, leads to the account one came from', async () => {
  const page = await stage.page('/');
  await isLive(page);
  expect(new URL(page.url()).searchParams.get('as')).toBe('pro');
  await page.getByRole('link', { name: 'Production Room' }).click();
  let letGo = (): void => {};
  const isHeld = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/demo/session', async (route) => {
    await isHeld;
    await route.continue();
  });
  await chooseAccount(page, 'free');
  await page.goBack();
  letGo();
  await says(page, heroNumber, String((await stage.balance('pro')).available));
  expect(new URL(page.url()).searchParams.get('as')).toBe('pro');
}, 60_000);

test('a chart whose code does not arrive takes nothing else with it', async () => {
  const page = await stage.page('/');
  await isLive(page);
  await page.route('**/assets/SpendByDay-*.js', (route) => route.abort());
  await page.reload();
  await page.getByText('Spend by day could not be loaded.').waitFor();
  await says(page, heroNumber, String((await stage.balance('pro')).available));
  await page.getByRole('heading', { name: 'Recent activity' }).waitFor();
  await page.unroute('**/assets/SpendByDay-*.js');
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('heading', { name: 'Spend by day, last 30 days' }).waitFor();
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
  await page.locator('button[popovertarget="credit-details"]').focus();
  await page.keyboard.press('Enter');
  await page
    .getByRole('dialog', { name: 'Credit details' })
    .getByText(String(before.available - 10))
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  const details = page.getByRole('dialog', { name: 'Credit details' });
  await details.waitFor({ state: 'hidden' });
  // Whoever goes on to the page leaves nothing open over it.
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'credit-details');
  await page.keyboard.press('Tab');
  await details.waitFor({ state: 'hidden' });
  // A second press of the button closes too.
  const chip = page.locator('button[popovertarget="credit-details"]');
  await chip.click();
  await details.waitFor();
  await chip.click();
  await details.waitFor({ state: 'hidden' });
}, 60_000);

test('the chart marks the day that is read, also one on which nothing was spent; the last date stands below its bar', async () => {
  await stage.renew('pro');
  await stage.spend('pro', 'image.short');
  const page = await stage.page('/');
  await isLive(page);
  const chart = page.getByRole('slider', { name: /^Credits spent by day/ });
  await chart.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  const band = await chart.locator('[data-cursor-band]').boundingBox();
  expect(band?.height).toBeGreaterThan(100);
  await page.getByText(/: 0 credits for 0 operations$/).waitFor();
  const middle = async (locator: Locator): Promise<number> => {
    const box = await locator.boundingBox();
    return (box?.x ?? 0) + (box?.width ?? 0) / 2;
  };
  const bar = await middle(chart.locator('rect').last());
  expect(Math.abs((await middle(chart.locator(':scope > text').last())) - bar)).toBeLessThan(2);
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
