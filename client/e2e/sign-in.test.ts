import { createHmac } from 'node:crypto';
import { heroNumber, isLive, says } from './seen.js';
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
beforeAll(async () => {
  stage = await Stage.open({ AUTH_JWT_SECRET: secret, AUTH_ISSUER: 'platform', AUTH_AUDIENCE: 'credits' });
}, 120_000);
afterAll(() => stage.close());
afterEach(() => stage.clear());

test('without demo accounts one signs in with the platform’s token, which no reload keeps', async () => {
  const mutation = `mutation { createAccount(input: { name: "Studio Nord", plan: PRO, timeZone: "Europe/Oslo" }) { id } }`;
  const operator = tokenOf({ sub: 'staff', kind: 'operator' });
  const { createAccount } = await stage.askAs<{ createAccount: { id: string } }>(operator, mutation, {});

  const page = await stage.page('/');
  const priced: unknown[] = [];
  page.on('request', (request) => {
    const body = request.postData() ?? '';
    if (body.includes('"OperationsForSale"')) priced.push((JSON.parse(body) as { variables: unknown }).variables);
  });
  await page.getByLabel('Access token').fill('not a token');
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await page.getByRole('alert').textContent()).toBe('This token is not valid or has expired.');

  await page.getByLabel('Access token').fill(tokenOf({ sub: 'ada', accounts: { [createAccount.id]: 'owner' } }));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isLive(page);
  expect(await says(page, heroNumber, '100')).toBe('100');
  await page.getByText(/^resets to 100 on/).waitFor();
  await page.getByRole('link', { name: /^Enough for about 20 × Short image/ }).waitFor();
  // A live account is told the prices of live accounts.
  expect(priced).toEqual([{ sandbox: false }]);
  expect(await page.getByLabel('Demo account').count()).toBe(0);

  await page.reload();
  await page.getByLabel('Access token').waitFor();
}, 60_000);

test('a token that ends while the page is open: one is asked to sign in again, and nothing is asked in vain', async () => {
  const mutation = `mutation { createAccount(input: { name: "Studio Süd", plan: PRO }) { id } }`;
  const operator = tokenOf({ sub: 'staff', kind: 'operator' });
  const { createAccount } = await stage.askAs<{ createAccount: { id: string } }>(operator, mutation, {});
  const accounts = { [createAccount.id]: 'owner' };
  const page = await stage.page('/');
  let connections = 0;
  page.on('websocket', () => connections++);
  await page
    .getByLabel('Access token')
    .fill(tokenOf({ sub: 'eva', accounts, exp: Math.floor(Date.now() / 1_000) + 12 }));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isLive(page);
  await page.getByText('Your access has ended.').waitFor({ timeout: 60_000 });
  expect(await page.getByLabel('Access token').count()).toBe(1);
  expect(connections).toBeLessThanOrEqual(3);
  await page.getByLabel('Access token').fill(tokenOf({ sub: 'eva', accounts }));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isLive(page);
  await says(page, heroNumber, '100');
}, 120_000);
