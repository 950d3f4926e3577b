/** What a page shows, as tests look for it and wait for it. */
import type { Page } from 'playwright-core';

/** The number in the hero, as the page has it now. */
export const heroNumber = '[data-available]';
/** The number in the header's chip. */
export const chipNumber = '[data-chip-available]';

/** Waits until an element says exactly this, and returns what it says. */
export async function says(
  page: Page,
  selector: string,
  text: string,
  timeoutMs = 15_000,
): Promise<string | undefined> {
  await page.waitForFunction(
    ([where, wanted]) => document.querySelector(where ?? '')?.textContent?.trim() === wanted,
    [selector, text] as const,
    { timeout: timeoutMs },
  );
  return (await page.locator(selector).first().textContent())?.trim();
}

/** Waits until the page is live; how soon is asked only where a time is given. */
export async function isLive(page: Page, timeoutMs = 30_000): Promise<void> {
  await page.waitForSelector('[data-freshness="live"]', { timeout: timeoutMs });
}
