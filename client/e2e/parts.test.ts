import type { Page, Route } from 'playwright-core';
import { findingsIn, someLooks } from './screens.js';
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

/** What happens to an operation that the page asks: it goes on, it waits, or nobody answers it. */
type Fate = 'answered' | 'held' | 'failed';

/** Decides over one operation of a page that has not asked yet; counts how often it is asked. */
async function decideOver(page: Page, operation: string) {
  let fate: Fate = 'answered';
  let asked = 0;
  const held: Route[] = [];
  const pass = async (route: Route): Promise<void> => {
    if (fate === 'held') held.push(route);
    else if (fate === 'failed') await route.abort();
    else await route.fallback();
  };
  await page.route('**/graphql', async (route) => {
    if (!(route.request().postData() ?? '').includes(`"${operation}"`)) return route.fallback();
    asked++;
    return pass(route);
  });
  return {
    asked: () => asked,
    decide: async (next: Fate): Promise<void> => {
      fate = next;
      await Promise.all(held.splice(0).map(pass));
    },
  };
}

test('a part that waits is busy, one that fails offers a Retry, and each press asks the server once', async () => {
  const page = await stage.page('/healthz');
  const usage = await decideOver(page, 'SpendByDay');
  await usage.decide('held');
  await page.goto(`${stage.url}/`);
  const part = page.locator('section[aria-labelledby="spend-title"]');
  await part.locator('[aria-busy="true"]').getByText('Spend by day: on its way').waitFor();
  await isLive(page);
  await usage.decide('failed');
  const failed = part.getByRole('group', { name: 'Spend by day could not be loaded' });
  await failed.waitFor();
  // The title stays, the rest of the page works, and nobody is alarmed: the page says it where it is.
  await page.getByRole('heading', { name: 'Spend by day, last 30 days' }).waitFor();
  await page.waitForSelector('[data-activity] li');
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(await findingsIn(page, someLooks)).toEqual([]);

  // While it is asked again the button stays, says so, and keeps the focus; a second press asks nothing more.
  const before = usage.asked();
  await usage.decide('held');
  const retry = failed.getByRole('button');
  expect(await retry.textContent()).toContain('Retry');
  await retry.focus();
  await page.keyboard.press('Enter');
  await failed.getByRole('button', { name: 'Asking again' }).waitFor();
  expect(await failed.getAttribute('aria-busy')).toBe('true');
  await page.keyboard.press('Enter');
  await usage.decide('failed');
  await failed.getByRole('button', { name: 'Retry' }).waitFor();
  expect(usage.asked()).toBe(before + 1);
  // It failed again: said once, by the page's one voice.
  await page.waitForFunction(
    () => document.querySelector('[data-announcer]')?.textContent === 'Spend by day could not be loaded.',
  );
  expect(await retry.evaluate((button) => button === document.activeElement)).toBe(true);

  await usage.decide('answered');
  await page.keyboard.press('Enter');
  await part.getByRole('slider').waitFor();
  expect(usage.asked()).toBe(before + 2);
  // The button is gone: the focus is in the part that took its place.
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-labelledby') === 'spend-title');
}, 60_000);

test('what was read stays when asking anew fails', async () => {
  await stage.renew('pro');
  const page = await stage.page('/healthz');
  const usage = await decideOver(page, 'SpendByDay');
  await page.goto(`${stage.url}/`);
  await isLive(page);
  const part = page.locator('section[aria-labelledby="spend-title"]');
  await part.getByRole('slider').waitFor();
  await usage.decide('failed');
  const before = usage.asked();
  await stage.spend('pro', 'image.short');
  await page.waitForFunction(() => document.querySelector('[data-activity] li')?.textContent?.includes('Short image'));
  const until = performance.now() + 10_000;
  while (usage.asked() === before && performance.now() < until) await page.waitForTimeout(50);
  expect(usage.asked()).toBeGreaterThan(before);
  await part.getByRole('slider').waitFor();
  expect(await page.locator('[data-part="failed"]').count()).toBe(0);
}, 60_000);

test('a part without anything says what would fill it', async () => {
  const page = await stage.page('/?as=free&credits=scan');
  await page
    .locator('[aria-labelledby="activity-title"] [data-part="empty"]')
    .getByText('No movement of scan credits yet')
    .waitFor();
  expect(await findingsIn(page, someLooks)).toEqual([]);
});

test('two questions behind one part: Retry asks for the one that is missing', async () => {
  const page = await stage.page('/healthz');
  const offers = await decideOver(page, 'Offers');
  await offers.decide('failed');
  await page.goto(`${stage.url}/`);
  await isLive(page);
  const failed = page.getByRole('group', { name: 'The offers could not be loaded' });
  await failed.waitFor();
  await offers.decide('answered');
  await failed.getByRole('button', { name: 'Retry' }).click();
  await page.locator('[data-offer="pack"]').waitFor();
}, 60_000);
