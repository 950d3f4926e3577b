import { dump, restore } from '../../server/src/testing/test-dump.js';
import { heroNumber, isLive, says } from './seen.js';
import { Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
  await stage.renew('pro');
}, 120_000);
afterAll(() => stage.close());
afterEach(() => stage.clear());

test.each([
  { when: 'under an open page', isLinkDown: false },
  { when: 'while the link is down', isLinkDown: true },
])(
  'a database put back $when: the page shows what is there now, and nothing of what was lost',
  async ({ isLinkDown }) => {
    const before = await stage.balance('pro');
    const backup = await dump(stage.databaseUrl);
    const page = await stage.page('/');
    await isLive(page);
    const lost = await stage.spend('pro', 'video.mid');
    await says(page, heroNumber, String(lost.available));
    const movement = page.getByText('Mid video').first();
    await movement.waitFor();
    if (isLinkDown) {
      await stage.killServer();
      await page.waitForSelector('[data-outage="server"]');
      await restore(stage.databaseUrl, backup);
      await stage.startServer();
    } else {
      await restore(stage.databaseUrl, backup);
    }
    expect(await says(page, heroNumber, String(before.available), 15_000)).toBe(String(before.available));
    await isLive(page);
    await movement.waitFor({ state: 'detached' });
    // What is given out again under the numbers of what was lost counts.
    const again = await stage.spend('pro', 'image.short');
    expect(again.version).toBe(lost.version);
    expect(await says(page, heroNumber, String(again.available))).toBe(String(again.available));
    stage.endWithoutComplaints();
  },
  90_000,
);

test('an event between opening the page and its first message is told, although the link breaks at once', async () => {
  const page = await stage.page('/sign-in');
  // From here on: links that break as soon as something is subscribed to, until they are let through.
  let isBroken = true;
  let broken = 0;
  await page.routeWebSocket(/graphql/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      server.send(message);
      if (!isBroken || !String(message).includes('"subscribe"')) return;
      broken += 1;
      void socket.close({ code: 1012 });
    });
  });
  const asked = page.waitForResponse((response) => response.request().postData()?.includes('EventCursor') === true);
  await page.goto(new URL('/', stage.url).href);
  await asked;
  while (broken === 0) await page.waitForTimeout(20);
  await stage.grant('pro', 77);
  await page.waitForTimeout(200);
  isBroken = false;
  await page.getByText('77 credits added').first().waitFor({ timeout: 15_000 });
  await isLive(page);
}, 60_000);
