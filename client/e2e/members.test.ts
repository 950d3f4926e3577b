import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { someLooks, findingsIn } from './screens.js';
import { isLive } from './seen.js';
import { Stage } from './stage.js';

const secret = 'a secret of the test, long enough for HS256';

/** A signed token, as the platform's identity provider gives one. */
function tokenOf(claims: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + 600;
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'platform', aud: 'credits', exp, ...claims })}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

let stage: Stage;
let accountId: string;
beforeAll(async () => {
  stage = await Stage.open({ AUTH_JWT_SECRET: secret, AUTH_ISSUER: 'platform', AUTH_AUDIENCE: 'credits' });
  const mutation = `mutation { createAccount(input: { name: "Studio Nord", plan: PRO, sandbox: true }) { id } }`;
  const operator = tokenOf({ sub: 'staff', kind: 'operator' });
  accountId = (await stage.askAs<{ createAccount: { id: string } }>(operator, mutation, {})).createAccount.id;
  for (const input of [
    { name: 'Carla’s images', type: 'IMAGE', member: 'carla', limit: 5 },
    { name: 'Ben’s videos', type: 'VIDEO', member: 'ben', limit: 50 },
    { name: 'Each of us', eachMember: true, limit: 30 },
  ])
    await stage.askAs(
      owner(),
      'mutation ($input: SetBudgetInput!, $key: String!) { setBudget(input: $input, idempotencyKey: $key) { __typename } }',
      { input: { accountId, ...input }, key: crypto.randomUUID() },
    );
}, 120_000);
afterAll(() => stage.close());
afterEach(() => stage.clear());

const owner = (): string => tokenOf({ sub: 'ada', name: 'Ada', accounts: { [accountId]: 'owner' } });

/** Generates a short image in somebody's name; what the server answered. */
async function spendAs(sub: string): Promise<string> {
  const spend = `mutation ($accountId: ID!, $key: String!) { spendCredits(input: {
    accountId: $accountId, idempotencyKey: $key, operations: [{ operation: "image.short" }] }) { __typename } }`;
  const token = tokenOf({ sub, accounts: { [accountId]: 'member' } });
  const { spendCredits } = await stage.askAs<{ spendCredits: { __typename: string } }>(token, spend, {
    accountId,
    key: crypto.randomUUID(),
  });
  return spendCredits.__typename;
}

/** A room as somebody with this role sees it. Signed in at its address: nothing is kept over a reload. */
async function openAs(sub: string, role: 'owner' | 'member' | 'viewer', path: string): Promise<Page> {
  const page = await stage.page(path);
  await page.getByLabel('Access token').fill(tokenOf({ sub, accounts: { [accountId]: role } }));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isLive(page);
  return page;
}

test('a member sees the budgets that name them or everybody, is told who can change them, and runs into one', async () => {
  const page = await openAs('carla', 'member', '/budgets');
  const names = page.locator('[data-budget] h3');
  await names.first().waitFor();
  expect(await names.allTextContents()).toEqual(['Carla’s images', 'Each of us']);
  await page.locator('[data-read-only]').waitFor();
  expect(await page.locator('main').getByRole('button').count()).toBe(0);
  expect(await spendAs('carla')).toBe('ReservationReceipt');
  expect(await spendAs('carla')).toBe('BudgetExceeded');
  const row = page.locator('[data-budget]', { hasText: 'Carla’s images' });
  await row.getByText('Work of this kind does not start now, unless it costs nothing.').waitFor();
  await row.getByText('An owner of the account can raise the limit.').waitFor();
  expect(await findingsIn(page, someLooks)).toEqual([]);
}, 90_000);

test('a viewer is asked nothing they may not: levels to read, no mails, no keys, and who can change them', async () => {
  const page = await stage.page('/healthz');
  const asked: string[] = [];
  page.on('request', (request) => {
    const name = /"operationName":"(\w+)"/.exec(request.postData() ?? '')?.[1];
    if (name !== undefined) asked.push(name);
  });
  await page.goto(`${stage.url}/alerts`);
  await page.getByLabel('Access token').fill(tokenOf({ sub: 'vera', accounts: { [accountId]: 'viewer' } }));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isLive(page);
  await page.locator('[data-levels]').waitFor();
  await page.locator('[data-who-may]').first().getByText(/Ada/).waitFor();
  expect(await page.locator('[data-mails]').count()).toBe(0);
  await page.getByRole('link', { name: 'Developers' }).click();
  await page.locator('[data-read-only]').getByText(/Ada/).waitFor();
  expect(asked).toContain('DeveloperRights');
  expect(asked.filter((name) => ['MailPreferences', 'Keys'].includes(name))).toEqual([]);
  expect(await findingsIn(page, someLooks)).toEqual([]);
}, 90_000);

test('members are listed as they signed in, with what they used', async () => {
  expect(await spendAs('dora')).toBe('ReservationReceipt');
  const page = await openAs('ada', 'owner', '/members');
  const ada = page.locator('[data-member="ada"]');
  await ada.getByText('you', { exact: true }).waitFor();
  await ada.getByText('Owner: may change everything').waitFor();
  await page.locator('[data-member="dora"]').getByText('5 credits this period').waitFor();
  expect(await findingsIn(page, someLooks)).toEqual([]);
}, 60_000);

test('a key is made, its secret is shown once and works, and it is ended', async () => {
  const page = await openAs('ada', 'owner', '/developers');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('What it is for').fill('Render farm');
  await page.getByRole('button', { name: 'Make the key' }).click();
  const shown = page.locator('[data-secret] code');
  await shown.waitFor();
  const key = (await shown.textContent()) ?? '';
  const balance = `query ($accountId: ID!) { balance(accountId: $accountId) { available } }`;
  await stage.askAs(key, balance, { accountId });
  expect(await findingsIn(page, someLooks)).toEqual([]);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  const row = page.locator('[data-key]', { hasText: 'Render farm' });
  await row.getByText(`…${key.slice(-4)}`).waitFor();
  expect((await page.locator('main').textContent())?.includes(key)).toBe(false);
  await row.getByRole('button', { name: 'End the key Render farm' }).click();
  await row.getByRole('button', { name: 'End it for good' }).click();
  await row.waitFor({ state: 'detached' });
  await expect(stage.askAs(key, balance, { accountId })).rejects.toThrow();
}, 90_000);
