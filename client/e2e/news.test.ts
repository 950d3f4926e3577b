import type { Page } from 'playwright-core';
import { generate, openRoom, stageWithCredits } from './room.js';
import { chipNumber, heroNumber, isLive, says } from './seen.js';

const stage = stageWithCredits();
const toast = '[data-toast]';

/** Counts every message that the page ever shows, and every level it warned of. */
async function countNews(page: Page): Promise<() => Promise<{ toasts: number; warnings: number }>> {
  await page.evaluate(() => {
    const counts = { toasts: 0, warnings: 0 };
    (globalThis as { counts?: typeof counts }).counts = counts;
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes)
          if (node instanceof Element) {
            counts.toasts += node.matches('[data-toast]') ? 1 : node.querySelectorAll('[data-toast]').length;
            counts.warnings += node.matches('[data-low-banner]')
              ? 1
              : node.querySelectorAll('[data-low-banner]').length;
          }
      for (const { target, attributeName } of changes)
        if (attributeName === 'data-low-banner' && target instanceof Element && target.hasAttribute(attributeName))
          counts.warnings++;
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
  });
  return () =>
    page.evaluate(
      () => (globalThis as { counts?: { toasts: number; warnings: number } }).counts ?? { toasts: -1, warnings: -1 },
    );
}

test('twenty holds that fail: nothing is spent, and nobody is warned', async () => {
  await stage().spendDownTo('pro', 30);
  const [page, room] = await Promise.all([stage().page('/'), stage().page('/production')]);
  await Promise.all([isLive(page), isLive(room)]);
  const news = await Promise.all([countNews(page), countNews(room)]);
  for (let turn = 0; turn < 20; turn++) {
    await stage().hold('pro', 'image.long');
    await stage().releaseAll('pro');
  }
  const { available } = await stage().balance('pro');
  await says(page, heroNumber, String(available));
  await page.waitForTimeout(3_500);
  expect(await Promise.all(news.map((count) => count()))).toEqual([
    { toasts: 0, warnings: 0 },
    { toasts: 0, warnings: 0 },
  ]);
}, 90_000);

test('a level of a hold that lasts is told, and shown', async () => {
  await stage().spendDownTo('pro', 30);
  const [page, room] = await Promise.all([stage().page('/'), stage().page('/production')]);
  await Promise.all([isLive(page), isLive(room)]);
  await stage().hold('pro', 'image.long');
  await room.waitForSelector(`${toast}[data-tone="low"]`, { timeout: 10_000 });
  await page.waitForSelector('[data-low-banner]');
}, 60_000);

test('after a grant the refusal asks again', async () => {
  await stage().spendDownTo('pro', 5);
  const page = await openRoom(stage(), /Short/, 5);
  // The credits go elsewhere between the quote and the press.
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('mutation Reserve') === true) await stage().hold('pro', 'image.short');
    await route.continue();
  });
  await generate(page, 5).click();
  await page.getByRole('heading', { name: 'Not started' }).waitFor();
  await page.unroute('**/graphql');
  await page.waitForTimeout(2_500);
  await page.getByRole('heading', { name: 'Not started' }).waitFor();
  await stage().grant('pro', 50);
  await generate(page, 5).waitFor();
  await page.waitForSelector('[data-generate]:not([aria-disabled="true"])');
  expect(await page.locator('[data-have]').textContent()).toBe('50');
}, 60_000);

test('the last spends in the chip’s details follow while they are open', async () => {
  const page = await stage().page('/');
  await isLive(page);
  await page.getByRole('button', { name: /Details/ }).click();
  await page.locator('#credit-details h3').waitFor();
  const { available } = await stage().spend('pro', 'audio.short');
  await says(page, chipNumber, String(available));
  await page.locator('#credit-details').getByText('Short audio').waitFor({ timeout: 5_000 });
}, 60_000);

test.each([360, 1280])(
  '%d wide: no message covers the main button, and on a phone there is one at a time',
  async (width) => {
    const page = await stage().page('/production', { width });
    await isLive(page);
    await generate(page, 5).waitFor();
    await stage().grant('pro', 1);
    await stage().grant('pro', 2);
    await stage().spendDownTo('pro', 15);
    await page.locator(`${toast}[data-tone="low"]`).waitFor();
    await generate(page, 5).scrollIntoViewIfNeeded();
    const hits = await generate(page, 5).evaluate((button) => {
      const { left, top, width: wide, height: high } = button.getBoundingClientRect();
      const points = [
        [0.5, 0.5],
        [0.1, 0.2],
        [0.9, 0.2],
        [0.1, 0.8],
        [0.9, 0.8],
      ] as const;
      return points.filter(([x, y]) => {
        const there = document.elementFromPoint(left + x * wide, top + y * high);
        return there !== null && button.contains(there);
      }).length;
    });
    expect(hits).toBe(5);
    const shown = await page.locator(`${toast}:visible`).count();
    if (width < 400) expect(shown).toBe(1);
    else expect(shown).toBeGreaterThan(1);
  },
  60_000,
);
