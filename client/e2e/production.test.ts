import { generate, openRoom, stageWithCredits } from './room.js';
import { chipNumber, isLive, says } from './seen.js';

const stage = stageWithCredits();

test('a double click on Generate makes one image and ends nothing', async () => {
  const before = await stage().balance('pro');
  const page = await openRoom(stage(), /^Short/, 5);
  await generate(page, 5).dblclick({ delay: 60 });
  await page.waitForSelector('[data-outcome="SUCCEEDED"]', { timeout: 15_000 });
  expect(await stage().balance('pro')).toMatchObject({ available: before.available - 5, held: 0 });
}, 60_000);

test('no button of the work stands where Generate stood', async () => {
  const page = await openRoom(stage(), /^Long/, 20);
  const place = await generate(page, 20).boundingBox();
  await generate(page, 20).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  const { x, y, width, height } = place ?? { x: 0, y: 0, width: 0, height: 0 };
  const hits = await page.evaluate(
    ([left, top, wide, high]) =>
      [0.1, 0.5, 0.9].flatMap((across) =>
        [0.1, 0.5, 0.9].map(
          (down) => document.elementFromPoint(left + wide * across, top + high * down)?.closest('button') !== null,
        ),
      ),
    [x, y, width, height] as const,
  );
  expect(hits).not.toContain(true);
  expect(await page.locator('[data-strip]').textContent()).toMatch(/\d+%.*seconds? left/);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForSelector('[data-outcome="CANCELED"]');
}, 60_000);

test('the server goes away before the work is settled: it is settled by itself when the server is back', async () => {
  const before = await stage().balance('pro');
  const page = await openRoom(stage(), /^Short/, 5);
  await generate(page, 5).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  await stage().killServer();
  await page.getByText('Its credits are settled as soon as the server answers').waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  expect(await page.getByRole('button', { name: 'Give back' }).count()).toBe(0);
  await stage().startServer();
  await page.waitForSelector('[data-outcome="SUCCEEDED"]', { timeout: 20_000 });
  expect(await stage().balance('pro')).toMatchObject({ available: before.available - 5, held: 0 });
}, 90_000);

test('work in another window shows as in progress; taken away there, it ends here with a plain sentence', async () => {
  const before = await stage().balance('pro');
  const [page, other] = [await openRoom(stage(), /^Long/, 20), await stage().page('/production')];
  await isLive(other);
  await generate(page, 20).click();
  await other.locator('li[data-status="HELD"]').getByText('In another window').waitFor();
  expect(await other.getByRole('button', { name: 'Give back' }).count()).toBe(0);
  await stage().releaseAll('pro');
  await page
    .locator('[data-work]')
    .getByText('These credits were given back from another window. You were not charged.')
    .waitFor();
  expect(await page.locator('[data-work]').textContent()).not.toMatch(/RELEASED|reservation/i);
  await says(page, chipNumber, String(before.available));
}, 60_000);

test.each([[0], [60]])(
  'an open hold stays on top of %i newer reservations and says when it ends; given back, the focus stays there',
  async (newer) => {
    await stage().hold('pro', 'image.short', 2);
    for (let spent = 0; spent < newer; spent++) await stage().spend('pro', 'regeneration.basic');
    await stage().advance('pro', 120);
    const page = await stage().page('/production');
    await isLive(page);
    const list = page.locator('section[aria-labelledby="recent-title"]');
    await list.locator('li').first().getByText('2 × Short image').waitFor();
    await list.getByText(/ends by itself in 1[23] minutes/).waitFor();
    await list.getByRole('button', { name: 'Give back' }).focus();
    await page.keyboard.press('Enter');
    await list.locator('[data-status="HELD"]').waitFor({ state: 'detached' });
    expect((await stage().balance('pro')).held).toBe(0);
    // The list is asked for anew within a second; a row that left it takes no focus along.
    await page.waitForTimeout(1_500);
    expect(await list.evaluate((section) => section.contains(document.activeElement))).toBe(true);
  },
  90_000,
);

test('too little: the smallest pack that is enough is marked, with prices and the time until the renewal', async () => {
  await stage().spendDownTo('pro', 30);
  const page = await stage().page('/production');
  await page.getByRole('radio', { name: 'Video', exact: true }).check();
  await page.getByRole('radio', { name: /^Long/ }).check();
  await page.locator('[data-pack]').first().waitFor();
  const missing = Number(await page.locator('[data-quote] dd').nth(2).textContent());
  const packs = await page.locator('[data-pack]').evaluateAll((rows) => rows.map((row) => row.textContent ?? ''));
  const marked = packs.filter((each) => each.includes('Enough for this'));
  const creditsOf = (each: string): number => Number(/[\d,]+/.exec(each)?.[0].replaceAll(',', ''));
  const enough = packs.filter((each) => creditsOf(each) >= missing);
  expect(marked).toEqual(enough.slice(0, 1));
  for (const each of packs) expect(each).toMatch(/^Buy [\d,]+ for \D*\d/);
  await page.getByText(/Your allowance renews on .*, in \d+ days?/).waitFor();
  await page.getByRole('button', { name: /^Enterprise: .* a month/ }).waitFor();
}, 60_000);

test('by keyboard the work has a visible focus, and an account that is low already stays low', async () => {
  await stage().spendDownTo('pro', 15);
  const page = await openRoom(stage(), /^Short/, 5);
  await page.getByText('Still low after this').waitFor();
  await generate(page, 5).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  const ring = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
    return [document.activeElement?.getAttribute('aria-label'), outlineStyle, outlineWidth];
  });
  expect(ring).toEqual(['Cost and work', 'solid', '2px']);
  await page.waitForSelector('[data-outcome="SUCCEEDED"]', { timeout: 15_000 });
}, 60_000);
