import type { Page } from 'playwright-core';
import { isLive } from './seen.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 120_000);
afterAll(() => stage.close());
beforeEach(() => stage.renew('pro'));
afterEach(() => stage.clear());

/** What a pointer in the middle of an element would meet is that element. */
const isOnTop = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((where) => {
    const element = document.querySelector(where);
    if (element === null) return false;
    const { x, y, width, height } = element.getBoundingClientRect();
    const met = document.elementFromPoint(x + width / 2, y + height / 2);
    return met !== null && element.contains(met);
  }, selector);

test.each([[320], [360], [820]])(
  'at %i px Generate is in view, above the rooms’ bar',
  async (width) => {
    const page = await stage.page('/production', { width });
    await isLive(page);
    await page.waitForSelector('[data-generate]');
    expect(await isOnTop(page, '[data-generate]')).toBe(true);
    await page
      .locator('[data-strip]')
      .getByText(/^After \d+$/)
      .waitFor();
    // Nor does the strip cover the end of the page.
    await page.waitForSelector('[aria-labelledby="recent-title"] li, [aria-labelledby="recent-title"] strong');
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const [end, strip] = await page.evaluate(() =>
      ['section[aria-labelledby="recent-title"]', '[data-strip]'].map((each) =>
        document.querySelector(each)?.getBoundingClientRect(),
      ),
    );
    expect(end?.bottom).toBeLessThanOrEqual(strip?.top ?? 0);
  },
  60_000,
);

test('at 360 px the work that begins comes into view, with its Cancel', async () => {
  const page = await stage.page('/production', { width: 360 });
  await isLive(page);
  await page.getByRole('radio', { name: /^Long/ }).check();
  await page.getByRole('button', { name: 'Generate for 20 credits' }).click();
  const cancel = page.getByRole('button', { name: 'Cancel' });
  await cancel.waitFor();
  expect(await cancel.evaluate((element) => element.getBoundingClientRect().bottom)).toBeLessThan(670);
  await cancel.click();
  await page.waitForSelector('[data-outcome="CANCELED"]');
}, 60_000);

test('the Media Library stays where it is while work is priced, goes on and is done', async () => {
  const page = await stage.page('/production');
  await isLive(page);
  await page.waitForSelector('[data-generate]');
  const top = (): Promise<number> =>
    page.locator('section[aria-labelledby="uploads-title"]').evaluate((each) => each.getBoundingClientRect().top);
  const priced = await top();
  await page.getByRole('button', { name: 'Generate for 5 credits' }).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  const working = await top();
  await page.waitForSelector('[data-outcome="SUCCEEDED"]', { timeout: 15_000 });
  expect([working, await top()]).toEqual([priced, priced]);
}, 60_000);

test.each([[1280], [360]])(
  'nothing in the room jumps while it opens, %i px wide',
  async (width) => {
    const page = await stage.page('/healthz', { width });
    await page.addInitScript(() => {
      const shifts: number[] = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: 'layout-shift', buffered: true });
      (globalThis as { shifts?: number[] }).shifts = shifts;
    });
    await page.goto(`${stage.url}/production`);
    await isLive(page);
    await page.waitForSelector('[data-generate]');
    await page.waitForTimeout(500);
    const shifts = await page.evaluate(() => (globalThis as { shifts?: number[] }).shifts ?? []);
    expect(shifts.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(0.05);
  },
  60_000,
);
