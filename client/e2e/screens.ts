import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { isLive } from './seen.js';
import type { Stage } from './stage.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type AxeWindow = {
  axe: {
    run: (
      context: unknown,
      options: unknown,
    ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
  };
};

/** How wide a screen is and whether it is light or dark. */
export type ScreenLook = { width: number; scheme: 'light' | 'dark' };

const looks: readonly ScreenLook[] = [
  { width: 1280, scheme: 'light' },
  { width: 360, scheme: 'dark' },
  { width: 1280, scheme: 'dark' },
  { width: 360, scheme: 'light' },
];
/** Every width and every scheme once. */
export const someLooks = looks.slice(0, 2);
export const allLooks = looks;

/** Every room as every kind of account sees it, and what is there once it is complete. */
export const rooms = [
  { path: '/', ready: '[data-activity]' },
  { path: '/production', ready: '[data-generate]' },
  { path: '/?as=free', ready: 'h2' },
  { path: '/production?as=free', ready: '[data-not-in-plan]' },
  { path: '/billing', ready: '[data-plan]' },
  { path: '/budgets', ready: '[data-budgets]' },
  { path: '/alerts', ready: '[data-mails]' },
] as const;

/** A room, live and complete. */
export async function openComplete(
  stage: Stage,
  { path, ready }: (typeof rooms)[number],
  look: { width?: number; scheme?: 'light' | 'dark' },
): Promise<Page> {
  const page = await stage.page(path, look);
  await isLive(page);
  await page.waitForSelector(ready);
  await page.waitForLoadState('networkidle');
  return page;
}

/** What axe finds against WCAG 2.2 AA on the page as it is, a line a finding. */
export async function findings(page: Page): Promise<string[]> {
  // A colour half way is nobody's: a moment for a change of look to begin, in frames where there are any, then every movement to its end.
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++)
      await Promise.race([
        new Promise((resolve) => requestAnimationFrame(resolve)),
        new Promise((resolve) => setTimeout(resolve, 200)),
      ]);
    for (const movement of document.getAnimations())
      if (movement.effect?.getComputedTiming().endTime !== Infinity) movement.finish();
  });
  // Injected through the debugger: the page's policy allows no inline script.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as AxeWindow).axe.run(document, {
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
      resultTypes: ['violations'],
    });
    return violations.flatMap((each) =>
      each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
    );
  });
}

/** Gives an open page these looks in turn, and returns what axe finds in each, a line a finding. */
export async function findingsIn(page: Page, shown: readonly ScreenLook[]): Promise<string[]> {
  const found: string[] = [];
  for (const { width, scheme } of shown) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme });
    for (const each of await findings(page)) found.push(`${width} wide, ${scheme}: ${each}`);
  }
  return found;
}

/** Walks a page through low credits: the warning with table and details open. `look` is asked in each state. */
export async function walkLow(stage: Stage, page: Page, look: (page: Page) => Promise<string[]>): Promise<string[]> {
  await stage.spendDownTo('pro', 3);
  await page.waitForSelector('[data-low-banner]');
  await page.getByRole('button', { name: 'Show as table' }).click();
  const found = await look(page);
  await page.locator('button[popovertarget="credit-details"]').click();
  await page.getByRole('dialog').getByText('Last spent').waitFor();
  return [...found, ...(await look(page))];
}

/** Walks a Production Room that is short of credits through a renewal, a warning and answers that do not come. */
export async function walkShort(stage: Stage, page: Page, look: (page: Page) => Promise<string[]>): Promise<string[]> {
  await page.waitForSelector('[data-shortfall]');
  const found = await look(page);
  await stage.renew('pro');
  await stage.spendDownTo('pro', 3);
  await page.locator('[data-toast][data-tone="low"]').locator('[data-offer="pack"]').waitFor();
  found.push(...(await look(page)));
  await page.route('**/graphql', (route) => route.abort());
  await page.getByRole('link', { name: /^(Dashboard|Home)$/ }).click();
  await page.getByRole('button', { name: 'Retry' }).first().waitFor();
  return [...found, ...(await look(page))];
}
