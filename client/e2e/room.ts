import type { Locator, Page } from 'playwright-core';
import { isLive } from './stage.js';
import type { Stage } from './stage.js';

export function generate(page: Page, credits: number): Locator {
  return page.getByRole('button', { name: `Generate for ${credits} credits` });
}

/** The Production Room of the Pro account with a size of image picked and priced by the server. */
export async function openRoom(stage: Stage, size: RegExp, credits: number): Promise<Page> {
  const page = await stage.page('/production');
  await isLive(page);
  await page.getByRole('radio', { name: size }).check();
  await generate(page, credits).waitFor();
  return page;
}
