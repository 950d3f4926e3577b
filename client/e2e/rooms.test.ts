import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { allLooks, findingsIn } from './screens.js';
import { chooseAccount } from './room.js';
import { chipNumber, isLive, says } from './seen.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 120_000);
afterAll(() => stage.close());
afterEach(async () => {
  await stage.clear();
  stage.endWithoutComplaints();
});

const addressOf = (page: Page): string => new URL(page.url()).pathname + new URL(page.url()).search;

test('an unknown address says so, keeps the account, and leads on: the likeliest room first', async () => {
  const page = await stage.page('/produktion?as=enterprise&days=7');
  await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  await isLive(page);
  expect(await page.title()).toBe('Page not found · AIBC Credits');
  expect(addressOf(page)).toBe('/produktion?as=enterprise&days=7');
  await says(page, chipNumber, new Intl.NumberFormat('en').format((await stage.balance('enterprise')).available));
  expect(await page.locator('nav [aria-current]').count()).toBe(0);
  const ways = page.locator('[data-not-found] a');
  expect((await ways.allTextContents())[0]).toBe('Production Room');
  expect(await findingsIn(page, allLooks)).toEqual([]);
  await ways.first().click();
  await page.getByRole('heading', { level: 1, name: 'Production Room' }).waitFor();
  expect(addressOf(page)).toBe('/production?as=enterprise');
  // Whoever walks hears where they are.
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
}, 60_000);

test('a walk carries the demo account alone, and the room is marked as the current one', async () => {
  const page = await stage.page('/?as=free&spend=table&elsewhere=1');
  await isLive(page);
  const links = page.getByRole('navigation', { name: 'Rooms' }).getByRole('link');
  const addresses = await links.evaluateAll((each) => each.map((link) => link.getAttribute('href') ?? ''));
  expect(addresses.slice(0, 2)).toEqual(['/?as=free', '/production?as=free']);
  expect(addresses.filter((address) => !/^\/\w*\?as=free$/.test(address))).toEqual([]);
  await page.getByRole('link', { name: 'Production Room' }).click();
  await page.getByRole('heading', { level: 1, name: 'Production Room' }).waitFor();
  expect(addressOf(page)).toBe('/production?as=free');
  expect(await page.locator('nav [aria-current="page"]').allTextContents()).toEqual(['Production Room']);
  // Another account is followed by the links that stand on the page already.
  await chooseAccount(page, 'pro');
  await page.waitForFunction(() => document.querySelector('nav a')?.getAttribute('href') === '/?as=pro');
}, 60_000);

test('while a room’s session is opened, the page names that room already', async () => {
  const page = await stage.page('/healthz');
  let letGo = (): void => {};
  const isHeld = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/demo/session', async (route) => {
    await isHeld;
    await route.continue();
  });
  // Without a stamp the page has to ask for its session.
  await page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      document.getElementById('stamped-balance')?.remove();
      if (document.readyState !== 'loading') observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${stage.url}/production`);
  await page.getByRole('heading', { level: 1, name: 'Production Room' }).waitFor();
  letGo();
  await isLive(page);
}, 60_000);

test('the built page names the code of every room in the table, to be asked for at once', async () => {
  const table = readFileSync(fileURLToPath(new URL('../src/app/rooms.tsx', import.meta.url)), 'utf8');
  // A line of the table stands deeper than what leads to it.
  const lines = [...table.matchAll(/^ {4}path: '\/(\w*)'/gm)].map(([, path]) => path);
  const html = await (await fetch(stage.url, { headers: { accept: 'text/html' } })).text();
  const named = [...html.matchAll(/name="room-code" data-room="(\w*)" content="([^"]+)"/g)];
  // A room drawn with the page itself may have several parts that are not.
  expect([...new Set(named.map(([, path]) => path))]).toEqual(lines);
  for (const [, , file = ''] of named) expect((await fetch(new URL(file, stage.url))).status).toBe(200);
});

test('prices are asked for the account’s side: a sandbox account has its own', async () => {
  const page = await stage.page('/healthz');
  const asked: unknown[] = [];
  page.on('request', (request) => {
    const body = request.postData() ?? '';
    if (body.includes('"OperationsForSale"')) asked.push((JSON.parse(body) as { variables: unknown }).variables);
  });
  await page.goto(`${stage.url}/production`);
  await page.waitForSelector('[data-generate]');
  expect(asked).toEqual([{ sandbox: true }]);
});
