import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { Stage, isLive } from './stage.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type AxeWindow = {
  axe: {
    run: (
      context: unknown,
      options: unknown,
    ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
  };
};

/** What axe finds against WCAG 2.2 AA, a line a finding. */
async function findings(page: Page): Promise<string[]> {
  // A colour half way is nobody's.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished.catch(() => null)),
    ),
  );
  // Injected through the debugger: the page's policy allows no inline script.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as AxeWindow).axe.run(document, {
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
    });
    return violations.flatMap((each) =>
      each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
    );
  });
}

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 120_000);
afterAll(() => stage.close());
afterEach(() => stage.clear());

const rooms: [string, string][] = [
  ['/', '[data-activity]'],
  ['/production', '[data-generate]'],
  ['/?as=free', 'h2'],
  ['/production?as=free', '[data-not-in-plan]'],
];
const looks = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 360, scheme: 'light' },
  { width: 360, scheme: 'dark' },
] as const;
const cases = rooms.flatMap(([path, ready]) => looks.map((look) => ({ path, ready, ...look })));

test.each(cases)('no findings: $path, $width wide, $scheme', async ({ path, ready, width, scheme }) => {
  const page = await stage.page(path, { width, scheme });
  await isLive(page);
  await page.waitForSelector(ready);
  await page.waitForLoadState('networkidle');
  expect(await findings(page)).toEqual([]);
});

test.each(looks)(
  'no findings: low balance, open details and table, $width wide, $scheme',
  async (look) => {
    await stage.renew('pro');
    const page = await stage.page('/', look);
    await isLive(page);
    await stage.spendDownTo('pro', 3);
    await page.waitForSelector('[data-low-banner]');
    await page.getByRole('button', { name: 'Show as table' }).click();
    expect(await findings(page)).toEqual([]);
    await page.locator('button[popovertarget]').click();
    await page.getByRole('dialog').getByText('Last spent').waitFor();
    expect(await findings(page)).toEqual([]);
  },
  60_000,
);

test.each(looks)(
  'no findings: short of credits, and a server that is away, $width wide, $scheme',
  async (look) => {
    await stage.spendDownTo('pro', 3);
    const page = await stage.page('/production', look);
    await page.waitForSelector('[data-shortfall]');
    expect(await findings(page)).toEqual([]);
    await stage.renew('pro');
    await stage.spendDownTo('pro', 3);
    await page.locator('[data-toast][data-tone="low"]').getByText('Packs from').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.route('**/graphql', (route) => route.abort());
    await page.getByRole('link', { name: 'Dashboard' }).click();
    await page.getByRole('button', { name: 'Retry' }).first().waitFor();
    expect(await findings(page)).toEqual([]);
  },
  60_000,
);

test.each(rooms)('no sideways scroll at 320: %s', async (path, ready) => {
  const page = await stage.page(path, { width: 320 });
  await isLive(page);
  await page.waitForSelector(ready);
  await page.waitForLoadState('networkidle');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test.each([320, 360, 1280])('at twice the usual size of text nothing is cut off sideways, %d wide', async (width) => {
  const page = await stage.page('/healthz', { width });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32 } });
  await page.goto(`${stage.url}/`);
  await isLive(page);
  await page.waitForSelector('[data-activity]');
  expect(await page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe('30px');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  await page.locator('button[popovertarget]').click();
  const details = page.getByRole('dialog', { name: 'Credit details' });
  await details.getByText('Last spent').waitFor();
  expect(await details.evaluate((panel) => panel.scrollWidth - panel.clientWidth)).toBe(0);
});

test('nothing moves for those who ask for less motion', async () => {
  const page = await stage.page('/production');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await isLive(page);
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
