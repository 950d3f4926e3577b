import type { Page } from 'playwright-core';
import { openProxy } from './proxy.js';
import type { Proxy } from './proxy.js';
import { heroNumber, isLive, says } from './seen.js';
import { Stage } from './stage.js';

const pathOf = (page: Page): string => new URL(page.url()).pathname;

describe.each([
  { name: 'keeps the path and the host', takesPathAway: false, keepsHost: true },
  { name: 'takes the path away and names its own host', takesPathAway: true, keepsHost: false },
])('below /office/credits of a proxy that $name', ({ takesPathAway, keepsHost }) => {
  const path = '/office/credits';
  let proxy: Proxy;
  let stage: Stage;
  beforeAll(async () => {
    proxy = await openProxy({ path, target: () => stage.url, takesPathAway, keepsHost });
    stage = await Stage.open({ PUBLIC_URL: `${proxy.origin}${path}/` });
  });
  afterEach(() => stage.clear());
  afterAll(async () => {
    await stage.close();
    await proxy.close();
  });

  /** A page at an address of the proxy, and what it asked the proxy for outside its path. */
  const open = async (at: string): Promise<{ page: Page; strayed: string[] }> => {
    const page = await stage.page(`${proxy.origin}${at}`);
    const strayed: string[] = [];
    page.on('request', (request) => {
      if (request.url().startsWith('http') && !new URL(request.url()).pathname.startsWith(path))
        strayed.push(request.url());
    });
    await page.reload();
    return { page, strayed };
  };

  test('the dashboard is live, walks to the room and back, and asks for nothing outside its path', async () => {
    const { page, strayed } = await open(path);
    await isLive(page);
    const { available } = await stage.spend('pro', 'image.short');
    await says(page, heroNumber, String(available));

    await page.click('nav >> text=Production Room');
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Production Room');
    expect(pathOf(page)).toBe(`${path}/production`);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Dashboard');
    expect(pathOf(page).replace(/\/$/, '')).toBe(path);
    await page.goForward();
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Production Room');
    expect(strayed).toEqual([]);
    stage.endWithoutComplaints();
  });

  test('a deep link opens its room, before and after a reload, and an unknown one says so and leads back', async () => {
    const { page, strayed } = await open(`${path}/production?as=enterprise`);
    await isLive(page);
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Production Room');
    await page.reload();
    await isLive(page);
    expect(`${pathOf(page)}${new URL(page.url()).search}`).toBe(`${path}/production?as=enterprise`);

    await page.goto(`${proxy.origin}${path}/nowhere?as=free`);
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Page not found');
    await page.getByRole('link', { name: 'Dashboard' }).last().click();
    await page.waitForURL((url) => url.pathname.replace(/\/$/, '') === path && url.search === '?as=free');
    expect(strayed).toEqual([]);
    stage.endWithoutComplaints();
  });
});
