import type { Page } from 'playwright-core';
import { stageWithCredits } from './room.js';
import { allLooks, findingsIn } from './screens.js';
import { isLive } from './seen.js';

const stage = stageWithCredits();

const panel = (page: Page) => page.locator('section[aria-labelledby="in-flight-title"]');
const rows = (page: Page) => panel(page).locator('li[data-hold]');

async function dashboard(): Promise<Page> {
  const page = await stage().page('/');
  await isLive(page);
  await panel(page).waitFor();
  return page;
}

/** A hold that a service opened for the account, which its owner cannot close. */
async function holdOfService(): Promise<void> {
  const { accountId } = await stage().session('pro');
  const { token } = await stage().session('service');
  const reserve = `mutation ($accountId: ID!) { reserveCredits(input: { accountId: $accountId, idempotencyKey: "${crypto.randomUUID()}",
    operations: [{ operation: "image.mid" }] }) { __typename } }`;
  await stage().askAs(token, reserve, { accountId });
}

/** Gives all holds of the account back, as a service may. */
async function releaseByService(): Promise<void> {
  const { token } = await stage().session('service');
  const { accountId } = await stage().session('pro');
  const list = `query ($accountId: ID!) { account(id: $accountId) { reservations(status: HELD) { edges { node { id } } } } }`;
  const { account } = await stage().askAs<{ account: { reservations: { edges: { node: { id: string } }[] } } }>(
    token,
    list,
    {
      accountId,
    },
  );
  for (const { node } of account.reservations.edges)
    await stage().askAs(
      token,
      `mutation ($id: ID!, $key: String!) { releaseReservation(input: { reservationId: $id, idempotencyKey: $key }) { __typename } }`,
      { id: node.id, key: crypto.randomUUID() },
    );
}

afterEach(releaseByService);

test('two windows show what is on hold as it opens, grows and comes back', async () => {
  const [page, other] = [await dashboard(), await dashboard()];
  for (const each of [page, other]) await panel(each).getByText('Nothing is on hold').waitFor();
  const id = await stage().hold('pro', 'image.short', 4);
  for (const each of [page, other]) {
    await rows(each).getByText('4 × Short image').waitFor();
    await rows(each).getByText('20 credits on hold').waitFor();
    expect(await rows(each).locator('[data-comes-back]').textContent()).toMatch(/^comes back (at|on) /);
  }
  const add = `mutation ($id: ID!, $key: String!) { addToReservation(input: { reservationId: $id, idempotencyKey: $key,
    operations: [{ operation: "image.mid" }] }) { __typename } }`;
  await stage().ask('pro', add, { id, key: crypto.randomUUID() });
  for (const each of [page, other]) await rows(each).getByText('30 credits on hold').waitFor();
  await page.getByRole('button', { name: 'Give back: 4 × Short image and 1 more, 30 credits' }).focus();
  await page.keyboard.press('Enter');
  // Asked once more, and left by the keyboard.
  await page.getByRole('button', { name: 'Give back 30 credits' }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Give back');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Give back 30 credits' }).waitFor();
  await page.keyboard.press('Enter');
  for (const each of [page, other]) await panel(each).getByText('Nothing is on hold').waitFor();
  expect(await stage().balance('pro')).toMatchObject({ held: 0, available: 100 });
}, 60_000);

test('a hold whose time is over leaves both windows by itself', async () => {
  await stage().hold('pro', 'image.short');
  const [page, other] = [await dashboard(), await dashboard()];
  for (const each of [page, other]) await rows(each).getByText('5 credits on hold').waitFor();
  await stage().advance('pro', 3_600);
  for (const each of [page, other]) await panel(each).getByText('Nothing is on hold').waitFor();
}, 60_000);

test('work of somebody else is seen and cannot be closed', async () => {
  const page = await dashboard();
  await holdOfService();
  await stage().hold('pro', 'image.short');
  await rows(page).nth(1).waitFor();
  expect(await rows(page).filter({ hasText: 'Mid image' }).getByRole('button').count()).toBe(0);
  expect(await rows(page).filter({ hasText: 'Short image' }).getByRole('button').count()).toBe(1);
  await releaseByService();
  await panel(page).getByText('Nothing is on hold').waitFor();
}, 60_000);

test('many are cut to the first that come back, and all are shown on demand', async () => {
  for (let count = 0; count < 7; count++) await stage().hold('pro', 'image.short');
  const page = await dashboard();
  await rows(page).nth(4).waitFor();
  expect(await rows(page).count()).toBe(5);
  await panel(page).getByText('35 credits', { exact: true }).waitFor();
  await panel(page).getByRole('button', { name: 'Show all 7' }).click();
  await rows(page).nth(6).waitFor();
}, 60_000);

test('it reads well in every look, with rows and with the question', async () => {
  await stage().hold('pro', 'image.short', 2);
  const page = await dashboard();
  await rows(page).getByRole('button').click();
  await page.getByRole('button', { name: 'Leave it' }).waitFor();
  expect(await findingsIn(page, allLooks)).toEqual([]);
}, 60_000);
