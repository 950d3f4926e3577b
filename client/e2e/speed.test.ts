import type { Page } from 'playwright-core';
import { heroNumber, isLive } from './seen.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 120_000);
afterAll(() => stage.close());
afterEach(() => stage.clear());

/** Notes when the first digit of a balance is on the screen, in ms of the page's own clock. */
const watchFirstBalance = (): void => {
  const look = (): void => {
    const texts = [...document.querySelectorAll('[data-balance], [data-chip-available]')].map(
      (each) => each.textContent ?? '',
    );
    if (texts.some((text) => /\d/.test(text)))
      (globalThis as { firstBalance?: number }).firstBalance = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

/** Takes the stamp out of the page while it is parsed, so that the page has to ask. */
const removeStamp = (): void => {
  new MutationObserver((_changes, observer) => {
    const numbers = document.querySelectorAll('[data-balance]');
    for (const number of numbers) number.textContent = '';
    document.getElementById('stamped-balance')?.remove();
    if (document.readyState !== 'loading') observer.disconnect();
  }).observe(document, { childList: true, subtree: true, characterData: true });
};

/** A page on a slow link and a slow machine: 150 ms there and back, 1.6 Mbit/s, a quarter of the processor. */
async function slowPage(isStamped: boolean): Promise<Page> {
  const page = await stage.page('/healthz');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: 200_000,
    uploadThroughput: 90_000,
  });
  await page.addInitScript(watchFirstBalance);
  if (!isStamped) await page.addInitScript(removeStamp);
  await page.goto(`${stage.url}/`);
  return page;
}

async function firstBalanceMs(isStamped: boolean): Promise<number> {
  const page = await slowPage(isStamped);
  const handle = await page.waitForFunction(() => (globalThis as { firstBalance?: number }).firstBalance);
  const ms = (await handle.jsonValue()) ?? Number.POSITIVE_INFINITY;
  await stage.clear();
  return ms;
}

const middle = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

test('the stamped balance is on screen in at most half the time of one that the page fetches', async () => {
  const stamped: number[] = [];
  const fetched: number[] = [];
  for (let round = 0; round < 3; round++) {
    stamped.push(await firstBalanceMs(true));
    fetched.push(await firstBalanceMs(false));
  }
  expect(middle(stamped) / middle(fetched)).toBeLessThanOrEqual(0.5);
}, 120_000);

test('a spend elsewhere is on the screen within a blink', async () => {
  await stage.renew('enterprise');
  const page = await stage.page('/?as=enterprise');
  await isLive(page);
  await page.evaluate((selector) => {
    const seen: Record<string, number> = {};
    const element = document.querySelector(selector);
    if (element !== null)
      new MutationObserver(() => (seen[element.textContent ?? ''] = Date.now())).observe(element, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    (globalThis as { seen?: typeof seen }).seen = seen;
  }, heroNumber);
  const delays: number[] = [];
  for (let round = 0; round < 20; round++) {
    const sentAt = Date.now();
    const { available } = await stage.spend('enterprise', 'regeneration.basic');
    const text = new Intl.NumberFormat('en').format(available);
    const seenAt = await page.waitForFunction(
      (wanted) => (globalThis as { seen?: Record<string, number> }).seen?.[wanted],
      text,
    );
    // From the sending, so commit and answer are within: the stricter reading.
    delays.push(((await seenAt.jsonValue()) ?? Number.POSITIVE_INFINITY) - sentAt);
    // Not faster than the ten a second that a reader is sent.
    await page.waitForTimeout(120);
  }
  expect(middle(delays)).toBeLessThanOrEqual(250);
}, 60_000);

/** Sums up how much the page jumps from its start on. */
const watchShifts = (): void => {
  const shifts: number[] = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
  }).observe({ type: 'layout-shift', buffered: true });
  (globalThis as { shifts?: number[] }).shifts = shifts;
};
const shiftOf = async (page: Page): Promise<number> => {
  const shifts = await page.evaluate(() => (globalThis as { shifts?: number[] }).shifts ?? []);
  return shifts.reduce((sum, each) => sum + each, 0);
};

test.each([1280, 360])(
  'nothing on the page jumps while it starts, nor when credits run low, %d wide',
  async (width) => {
    await stage.renew('pro');
    const page = await stage.page('/healthz', { width });
    await page.addInitScript(watchShifts);
    await page.goto(`${stage.url}/`);
    await isLive(page);
    await page.waitForSelector('[data-activity]');
    await page.waitForTimeout(500);
    const started = await shiftOf(page);
    expect(started).toBeLessThanOrEqual(0.05);
    const place = (): Promise<number | undefined> =>
      page.locator('#spend-title').evaluate((title) => Math.floor(title.getBoundingClientRect().top + scrollY));
    const before = await place();
    await stage.spendDownTo('pro', 3);
    await page.getByText('Uploads, text and standard scans stay open.').waitFor();
    // Bold words may be half a pixel higher.
    expect(Math.abs(((await place()) ?? 0) - (before ?? 0))).toBeLessThanOrEqual(1);
  },
  60_000,
);
