import { allLooks, findingsIn, openComplete, rooms, someLooks, walkLow, walkShort } from './screens.js';
import { isLive } from './seen.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 120_000);
afterAll(() => stage.close());
afterEach(() => stage.clear());

// A page is opened once and given each look in turn; every look in a page of its own is the proof of the screens.
test.each(rooms)('no findings in any look, no sideways scroll at 320: $path', async (room) => {
  const page = await openComplete(stage, room, {});
  expect(await findingsIn(page, allLooks)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 800 });
  // The chart is drawn anew when it hears of its new width.
  await page.waitForFunction(() => document.documentElement.scrollWidth <= 320, null, { timeout: 5_000 });
});

test('no findings: low balance, open details and table', async () => {
  await stage.renew('pro');
  const page = await stage.page('/');
  await isLive(page);
  expect(await walkLow(stage, page, (shown) => findingsIn(shown, someLooks))).toEqual([]);
}, 60_000);

test('no findings: short of credits, and answers that do not come', async () => {
  await stage.spendDownTo('pro', 3);
  const page = await stage.page('/production');
  expect(await walkShort(stage, page, (shown) => findingsIn(shown, someLooks))).toEqual([]);
}, 60_000);

test.each([320, 360, 1280])('at twice the usual size of text nothing is cut off sideways, %d wide', async (width) => {
  const page = await stage.page('/healthz', { width });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32 } });
  await page.goto(`${stage.url}/`);
  await isLive(page);
  await page.waitForSelector('[data-activity]');
  expect(await page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe('32px');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  await page.locator('button[popovertarget="credit-details"]').click();
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
