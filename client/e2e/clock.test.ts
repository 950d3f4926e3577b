import { isLive } from './seen.js';
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

test('a moved test clock reaches open pages: ages, countdown, days and the word about the clock', async () => {
  await stage.renew('pro');
  await stage.spend('pro', 'image.short');
  const page = await stage.page('/');
  await isLive(page);
  const age = page.locator('[data-activity] time').first();
  const countdown = page.locator('[role="timer"]').first();
  await page.waitForFunction(() => document.querySelector('[data-activity] time')?.textContent === 'just now');
  const before = await countdown.textContent();
  const days = page.locator('[role="slider"]');
  const daysBefore = await days.getAttribute('aria-label');
  await stage.advance('pro', 2 * 86_400);
  await page.waitForFunction(() => document.querySelector('[data-activity] time')?.textContent === '2 days ago');
  expect(await age.textContent()).toBe('2 days ago');
  expect(await countdown.textContent()).not.toBe(before);
  await page.locator('[data-test-clock]').waitFor();
  await page.waitForFunction(
    (label) => document.querySelector('[role="slider"]')?.getAttribute('aria-label') !== label,
    daysBefore,
  );
}, 60_000);

test('beside Live the clock of a demo account moves on by itself', async () => {
  const page = await stage.page('/?as=free');
  await isLive(page);
  const moves = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const seen = new Set<string>();
        const socket = new WebSocket(location.href.replace(/^http/, 'ws').replace(/\?.*$/, 'graphql'), [
          'graphql-transport-ws',
        ]);
        const { session, accountId } = JSON.parse(document.getElementById('stamped-balance')?.textContent ?? '{}') as {
          session: { token: string };
          accountId: string;
        };
        socket.addEventListener('open', () =>
          socket.send(
            JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${session.token}` } }),
          ),
        );
        socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
          const { type, payload } = JSON.parse(data) as {
            type: string;
            payload?: { data?: { clockMoved?: { now: string } } };
          };
          if (type === 'connection_ack')
            socket.send(
              JSON.stringify({
                id: 'clock',
                type: 'subscribe',
                payload: {
                  query: 'subscription ($id: ID!) { clockMoved(accountId: $id) { now } }',
                  variables: { id: accountId },
                },
              }),
            );
          if (payload?.data?.clockMoved !== undefined) seen.add(payload.data.clockMoved.now);
          if (seen.size < 3) return;
          socket.close();
          resolve(seen.size);
        });
      }),
  );
  expect(moves).toBe(3);
}, 60_000);
