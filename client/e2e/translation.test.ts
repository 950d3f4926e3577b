import type { Page } from 'playwright-core';
import { generate, stageWithCredits } from './room.js';
import { chipNumber, heroNumber, isLive, says } from './seen.js';

const stage = stageWithCredits();

/** Does to the page what a browser's translation does: each text stands in elements of the translator's, now and later. */
async function translate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const wrap = (text: Text): void => {
      if ((text.textContent ?? '').trim() === '' || text.parentElement?.closest('font, script, style, svg') !== null)
        return;
      const [outer, inner] = [document.createElement('font'), document.createElement('font')];
      inner.textContent = text.textContent;
      outer.append(inner);
      // The text that the page knows is no longer in it.
      text.replaceWith(outer);
    };
    const wrapAll = (root: Node): void => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode() !== null) texts.push(walker.currentNode as Text);
      texts.forEach(wrap);
    };
    const root = document.getElementById('root');
    if (root === null) return;
    wrapAll(root);
    new MutationObserver((changes) => {
      for (const { target, type, addedNodes } of changes) {
        if (type === 'characterData') wrapAll(target.parentNode ?? target);
        for (const node of addedNodes) wrapAll(node instanceof Text ? (node.parentNode ?? node) : node);
      }
    }).observe(root, { childList: true, characterData: true, subtree: true });
  });
}

test('a translated Dashboard goes on: every figure follows, through low and renewal', async () => {
  const page = await stage().page('/');
  await isLive(page);
  await page.waitForSelector('[data-activity]');
  await translate(page);
  const { available } = await stage().spendDownTo('pro', 10);
  await says(page, heroNumber, String(available));
  await says(page, chipNumber, String(available));
  await page.waitForSelector('[data-low-banner]');
  const figures = (await page.locator('#room section[aria-labelledby="balance-title"]').textContent()) ?? '';
  expect(figures).toContain(`${100 - available} of 100 used`);
  expect(figures).toContain(`${available} left`);
  await stage().renew('pro');
  await says(page, heroNumber, '100');
  expect(await page.locator('#room').textContent()).toContain('0 of 100 used');
  await page.getByText('could not be').first().waitFor({ state: 'detached' });
}, 60_000);

test('a translated Production Room quotes, generates and shows the result', async () => {
  const page = await stage().page('/production');
  await isLive(page);
  await generate(page, 5).waitFor();
  await translate(page);
  await page.getByRole('radio', { name: /Mid/ }).check();
  await generate(page, 10).click();
  await page.waitForSelector('[data-outcome="SUCCEEDED"]');
  expect(await page.locator('[data-work]').textContent()).toContain('10 credits spent, 90 available.');
  await page.getByRole('button', { name: 'Make another' }).click();
  await generate(page, 10).waitFor();
  expect(await page.locator('[data-have]').textContent()).toBe('90');
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await says(page, heroNumber, '90');
}, 60_000);

test('what a translator broke all the same is made anew by itself', async () => {
  const page = await stage().page('/');
  await isLive(page);
  await page.waitForSelector('[data-activity]');
  // Somebody else's script takes away what the page is about to change.
  await page.evaluate(() => document.querySelector('[data-activity]')?.replaceChildren());
  await stage().spend('pro', 'image.short');
  await page.waitForSelector('[data-activity] li');
  expect(await page.locator('[data-activity] li').first().textContent()).toContain('Short image');
  expect(await page.getByText('Something went wrong').count()).toBe(0);
  expect(() => stage().endWithoutComplaints()).toThrow(/removeChild|insertBefore/);
}, 60_000);
