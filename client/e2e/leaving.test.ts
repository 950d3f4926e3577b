import { chooseAccount, generate, openRoom, stageWithCredits } from './room.js';
import { heroNumber, isLive, says } from './seen.js';

const stage = stageWithCredits();

test('walking elsewhere: the room’s link says that it generates, the result comes as one message', async () => {
  const page = await openRoom(stage(), /^Short/, 5);
  await generate(page, 5).click();
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await page.locator('nav [data-generating]').waitFor();
  await page.locator('[data-toast]').getByText('Short image is done').waitFor({ timeout: 15_000 });
  expect(await page.locator('[data-toast]').count()).toBe(1);
  expect(await page.locator('nav [data-generating]').count()).toBe(0);
  await page.getByRole('link', { name: 'See it' }).click();
  await page.waitForSelector('[data-outcome="SUCCEEDED"]');
}, 60_000);

test('leaving work behind is asked about: on a reload, and on another demo account', async () => {
  const before = await stage().balance('pro');
  const page = await openRoom(stage(), /^Long/, 20);
  await generate(page, 20).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  // Not awaited: once the question is answered with no, there is no reload to wait for.
  const asked = page.waitForEvent('dialog');
  void page.evaluate(() => location.reload()).catch(() => undefined);
  const reload = await asked;
  expect(reload.type()).toBe('beforeunload');
  await reload.dismiss();
  await chooseAccount(page, 'enterprise');
  const question = page.getByRole('dialog', { name: /still being made/ });
  // What is pressed without a thought loses nothing.
  await page.waitForFunction(() => document.activeElement?.textContent === 'Stay here');
  await page.keyboard.press('Enter');
  await question.waitFor({ state: 'hidden' });
  expect(new URL(page.url()).searchParams.get('as')).toBe('pro');
  await chooseAccount(page, 'enterprise');
  await page.getByRole('button', { name: 'Cancel it and open Enterprise' }).click();
  await page.waitForURL(/as=enterprise/);
  expect(await stage().balance('pro')).toMatchObject({ available: before.available, held: 0 });
}, 60_000);

test('another demo account leaves the focus on the menu it was chosen in', async () => {
  const page = await stage().page('/?as=pro');
  await isLive(page);
  await chooseAccount(page, 'enterprise');
  await says(page, heroNumber, String((await stage().balance('enterprise')).available));
  await page.waitForFunction(() => document.activeElement?.matches('[data-account-menu]') === true);
}, 60_000);

test('an address with a slash too many is the room', async () => {
  const page = await stage().page('/production/?as=enterprise');
  await page.getByRole('heading', { level: 1, name: 'Production Room' }).waitFor();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/production?as=enterprise');
  expect(await page.title()).toBe('Production Room · AIBC Credits');
}, 60_000);
