/** Every state in every look, each in a page that was opened with it; run by `npm run proof -- screens`. */
import { allLooks, findings, openComplete, rooms, someLooks, walkLow, walkShort } from './screens.js';
import { isLive } from './seen.js';
import { Stage } from './stage.js';

const looks = process.env['SCREENS_BOUNDED'] === undefined ? allLooks : someLooks;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
}, 120_000);
afterAll(() => stage.close());
afterEach(() => stage.clear());

const cases = rooms.flatMap((room) => looks.map((look) => ({ ...room, ...look })));
test.each(cases)('no findings: $path, $width wide, $scheme', async ({ width, scheme, ...room }) => {
  expect(await findings(await openComplete(stage, room, { width, scheme }))).toEqual([]);
});

test.each(rooms)('no sideways scroll at 320: $path', async (room) => {
  const page = await openComplete(stage, room, { width: 320 });
  // The chart is drawn anew when it hears of its new width.
  await page.waitForFunction(() => document.documentElement.scrollWidth <= 320, null, { timeout: 5_000 });
});

test.each(looks)('no findings: low balance, open details and table, $width wide, $scheme', async (look) => {
  await stage.renew('pro');
  const page = await stage.page('/', look);
  await isLive(page);
  expect(await walkLow(stage, page, findings)).toEqual([]);
});

test.each(looks)('no findings: short of credits, and answers that do not come, $width wide, $scheme', async (look) => {
  await stage.renew('pro');
  await stage.spendDownTo('pro', 3);
  const page = await stage.page('/production', look);
  expect(await walkShort(stage, page, findings)).toEqual([]);
});

test.each(looks)('no findings: a server that is away, in both rooms, $width wide, $scheme', async (look) => {
  const pages = await Promise.all(rooms.slice(0, 2).map((room) => openComplete(stage, room, look)));
  await stage.killServer();
  try {
    for (const page of pages) {
      await page.waitForSelector('[data-outage="server"]');
      expect(await findings(page)).toEqual([]);
    }
  } finally {
    await stage.startServer();
  }
});
