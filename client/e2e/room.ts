import type { Locator, Page } from 'playwright-core';
import { isLive } from './seen.js';
import { Stage } from './stage.js';

/** A stage for the tests of a file, with a Pro account that has all its credits before each of them. */
export function stageWithCredits(): () => Stage {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  }, 120_000);
  afterAll(() => stage.close());
  beforeEach(async () => {
    await stage.releaseAll('pro');
    await stage.renew('pro');
  });
  afterEach(async () => {
    await stage.clear();
    stage.endWithoutComplaints();
  });
  return () => stage;
}

export function generate(page: Page, credits: number): Locator {
  return page.getByRole('button', { name: `Generate for ${credits} credits` });
}

/** Opens what is set for the whole page; by its keyboard, as nothing may stand over the button. */
export async function openAccountMenu(page: Page): Promise<void> {
  await page.locator('[data-account-menu]').press('Enter');
  await page
    .locator('#account-menu')
    .getByRole('button', { name: /live updates/ })
    .waitFor();
}

/** Looks through another demo account. */
export async function chooseAccount(page: Page, role: string): Promise<void> {
  await openAccountMenu(page);
  await page.getByRole('combobox', { name: 'Demo account' }).selectOption(role);
}

/** The Production Room of the Pro account with a size of image picked and priced by the server. */
export async function openRoom(stage: Stage, size: RegExp, credits: number): Promise<Page> {
  const page = await stage.page('/production');
  await isLive(page);
  await page.getByRole('radio', { name: size }).check();
  await generate(page, credits).waitFor();
  return page;
}
