import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { openProxy } from './proxy.js';
import type { Proxy } from './proxy.js';
import { findings } from './screens.js';
import { isLive } from './seen.js';
import { Stage } from './stage.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

let stage: Stage;
let proxy: Proxy;
/** The dashboard, built with the table of twelve-rooms.tsx. */
let dist: string;
beforeAll(async () => {
  dist = mkdtempSync(join(tmpdir(), 'aibc-credits-twelve-rooms-'));
  const args = [
    vite,
    'build',
    '--config',
    join(here, 'twelve-rooms.config.ts'),
    '--outDir',
    dist,
    '--logLevel',
    'error',
  ];
  const built = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (built.status !== 0) throw new Error(built.stdout + built.stderr);
  stage = await Stage.open();
  proxy = await openProxy({ path: '', target: () => stage.url, takesPathAway: false, keepsHost: true, own: fileAt });
}, 180_000);
afterAll(async () => {
  await stage.close();
  await proxy.close();
  rmSync(dist, { recursive: true });
});
afterEach(async () => {
  await stage.clear();
  stage.endWithoutComplaints();
});

const names = [
  'Dashboard',
  'Production Room',
  'Content',
  'Brand scans',
  'Billing',
  'Usage',
  'Activity',
  'Budgets',
  'Alerts',
  'Members',
  'Developers',
  'Demo',
];

/** A file of the build above, or its page for the address of a room; null for what the server answers. */
function fileAt(pathname: string) {
  if (/^\/(graphql|demo\/session|sign-in\/provider|healthz)/.test(pathname)) return null;
  const file = extname(pathname) === '' ? '/index.html' : pathname;
  const type = types[extname(file)] ?? 'application/octet-stream';
  const body = readFileSync(join(dist, file));
  return { type, body: file === '/index.html' ? body.toString().replaceAll('="./', '="/') : body };
}

/** The shell with twelve rooms, before the product's own server. */
async function open(path: string, width: number, height = 800): Promise<Page> {
  const page = await stage.page(`${proxy.origin}${path}`, { width });
  await page.setViewportSize({ width, height });
  await isLive(page);
  return page;
}

/** What is wider or higher than its place, and what stands outside the screen, by its text. */
const overflowing = (links: Locator): Promise<string[]> =>
  links.evaluateAll((each) =>
    each
      .filter((link) => {
        const { left, right } = link.getBoundingClientRect();
        const isCut = link.scrollWidth > link.clientWidth || link.scrollHeight > link.clientHeight;
        return isCut || left < 0 || right > innerWidth;
      })
      .map((link) => link.textContent ?? ''),
  );
const isWithin = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const current = (page: Page): Promise<string[]> => page.locator('nav [aria-current="page"]').allInnerTexts();
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.innerText.trim() : ''));

test.each([
  [1440, 800],
  [1024, 700],
])(
  'twelve rooms stand in the rail, %i by %i',
  async (width, height) => {
    const page = await open('/members', width, height);
    const nav = page.getByRole('navigation', { name: 'Rooms' });
    const links = nav.getByRole('link');
    expect(await links.allInnerTexts()).toEqual(names);
    expect(await overflowing(links)).toEqual([]);
    expect(await isWithin(page)).toBe(true);
    for (const link of await links.all()) expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(32);
    // None of them has to be scrolled to.
    const rail = nav.locator('..');
    expect(await rail.evaluate((each) => each.scrollHeight - each.clientHeight)).toBeLessThanOrEqual(0);
    for (const title of ['Settings', 'Build']) await nav.getByText(title, { exact: true }).waitFor();
    for (const title of ['Credits', 'Control', 'Build']) await nav.getByRole('list', { name: title }).waitFor();
    expect(await current(page)).toEqual(['Members']);
    expect(await findings(page)).toEqual([]);

    // By keyboard, in their order, and on.
    await links.first().focus();
    for (const name of names) {
      expect(await focused(page)).toBe(name);
      if (name !== 'Demo') await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Demo' }).waitFor();
    expect(await current(page)).toEqual(['Demo']);
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  },
  60_000,
);

test.each([
  [768, 1024],
  [640, 480],
])(
  'a tablet has all twelve as icons with a name, %i by %i',
  async (width, height) => {
    const page = await open('/production', width, height);
    const links = page.getByRole('navigation', { name: 'Rooms' }).getByRole('link');
    expect(await links.count()).toBe(12);
    expect(await overflowing(links)).toEqual([]);
    expect(await isWithin(page)).toBe(true);
    // A short name is still heard whole.
    await page.getByRole('link', { name: 'Production Room' }).and(page.locator('[aria-current="page"]')).waitFor();
    // On a low screen the rail scrolls: whoever goes there by keyboard sees where they are.
    await links.last().focus();
    const seen = await links.last().evaluate((link) => {
      const { top, bottom } = link.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
    expect(seen).toBe(true);
    expect(await findings(page)).toEqual([]);
  },
  60_000,
);

test.each([[360], [320]])(
  'a phone has three places and More; what stands together is a switch at the top, %i wide',
  async (width) => {
    const page = await open('/usage', width, 720);
    const bar = page.getByRole('navigation', { name: 'Rooms' });
    const places = bar.locator('a, button').filter({ visible: true });
    expect(await places.allInnerTexts()).toEqual(['Home', 'Make', 'Credits', 'More']);
    expect(await overflowing(places)).toEqual([]);
    for (const place of await places.all()) {
      const box = await place.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
    expect(await isWithin(page)).toBe(true);
    expect(await bar.getByRole('link', { name: 'Credits' }).getAttribute('aria-current')).toBe('true');
    const together = page.getByRole('navigation', { name: 'Credits' }).getByRole('link');
    expect(await together.allInnerTexts()).toEqual(['Billing', 'Usage', 'Activity']);
    expect(await overflowing(together)).toEqual([]);
    expect(await current(page)).toEqual(['Usage']);
    expect(await findings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Make' }).click();
    await page.getByRole('heading', { level: 1, name: 'Production Room' }).waitFor();
    // What is seen short is heard whole.
    const made = page.getByRole('navigation', { name: 'Make' }).getByRole('link');
    expect(await made.allInnerTexts()).toEqual(['Production\nProduction Room', 'Content', 'Brand scans']);
    expect(await overflowing(made)).toEqual([]);
    expect(await isWithin(page)).toBe(true);
  },
  60_000,
);

test('More by keyboard: it opens, leads to every other room, closes after the walk, and holds what is set for the page', async () => {
  const page = await open('/', 360, 720);
  const more = page.getByRole('button', { name: 'More' });
  const sheet = page.getByRole('dialog', { name: 'More' });
  await more.focus();
  await page.keyboard.press('Enter');
  // Its content is fetched when it is first opened.
  const links = sheet.getByRole('link');
  await links.first().waitFor();
  expect(await links.allInnerTexts()).toEqual(names.slice(7));
  expect(await overflowing(links)).toEqual([]);
  expect(await isWithin(page)).toBe(true);
  expect(await findings(page)).toEqual([]);
  await sheet.getByRole('combobox', { name: 'Demo account' }).waitFor();
  await sheet.getByRole('button', { name: 'Pause live updates' }).waitFor();
  await sheet.getByRole('group', { name: 'Theme' }).waitFor();
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  expect(await focused(page)).toBe('More');

  await page.keyboard.press('Enter');
  await links.first().waitFor();
  for (const name of names.slice(7, 10)) {
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe(name);
  }
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor();
  await sheet.waitFor({ state: 'hidden' });
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  expect(await more.getAttribute('aria-current')).toBe('true');
  await more.click();
  await links.first().waitFor();
  expect(await sheet.locator('[aria-current="page"]').allInnerTexts()).toEqual(['Members']);
}, 60_000);
