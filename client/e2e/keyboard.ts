import type { Locator, Page } from 'playwright-core';

/** More than any page has; a focus that never comes is a fault of the page. */
const tabsMax = 80;

/** Goes on by the Tab key alone until the focus is where it is wanted, as somebody without a pointer does. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let pressed = 0; pressed < tabsMax; pressed++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${tabsMax} times Tab did not lead to ${String(wanted)}`);
}
