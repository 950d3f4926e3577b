import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { freePort } from '../../server/src/testing/test-server.js';
import { until } from '../../server/src/testing/test-until.js';
import { TestProvider, resource } from './provider.js';
import { allLooks, findingsIn } from './screens.js';
import { heroNumber, isLive, says } from './seen.js';
import { Stage } from './stage.js';

const secret = 'a secret of the test, long enough for HS256';

let stage: Stage;
let provider: TestProvider;
let nord: string;
let south: string;

/** A token of staff or of a service, which needs no page. */
function tokenOf(claims: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + 600;
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: provider.issuer, aud: resource, exp, ...claims })}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

async function createAccount(name: string): Promise<string> {
  const mutation = `mutation ($name: String!) { createAccount(input: { name: $name, plan: PRO, sandbox: true }) { id } }`;
  const { createAccount: account } = await stage.askAs<{ createAccount: { id: string } }>(
    tokenOf({ sub: 'staff', kind: 'operator' }),
    mutation,
    { name },
  );
  return account.id;
}

/** Spends on an account as its platform does. */
async function spend(accountId: string): Promise<void> {
  const mutation = `mutation ($accountId: ID!, $key: String!) {
    spendCredits(input: { accountId: $accountId, idempotencyKey: $key, operations: [{ operation: "image.short" }] }) { __typename ... on Problem { message } }
  }`;
  const token = tokenOf({ sub: 'platform', kind: 'service', scope: 'credits:read credits:reserve' });
  const { spendCredits } = await stage.askAs<{ spendCredits: { __typename: string } }>(token, mutation, {
    accountId,
    key: crypto.randomUUID(),
  });
  expect(spendCredits.__typename).toBe('ReservationReceipt');
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Let me in' }).click();
}

const placeOf = (page: Page): string => {
  const { pathname, search } = new URL(page.url());
  return `${pathname}${search}`;
};
const headingIs = (page: Page, text: string) =>
  page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();

beforeAll(async () => {
  const port = await freePort();
  const dashboard = `http://127.0.0.1:${port}`;
  provider = await TestProvider.open(dashboard);
  stage = await Stage.open({
    PORT: String(port),
    AUTH_JWT_SECRET: secret,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: 'credits',
    OIDC_RESOURCE: resource,
  });
  nord = await createAccount('Studio Nord');
  south = await createAccount('Studio South');
  provider.people.set('ada', { name: 'Ada', accounts: { [nord]: 'owner' } });
  provider.people.set('eva', { name: 'Eva', accounts: { [nord]: 'owner', [south]: 'owner' } });
  provider.people.set('new', { name: 'New', accounts: {} });
}, 120_000);
afterAll(async () => {
  await stage.close();
  await provider.stop();
});
beforeEach(() => {
  provider.tokenSeconds = 600;
  provider.audience = resource;
  provider.isRevoked = false;
});
afterEach(() => stage.clear());

test('one signs in at the provider, comes back to the room one came for, and stays over a reload; no token is kept', async () => {
  const page = await stage.page('/production?as=nobody');
  await signIn(page, 'ada');
  await isLive(page);
  await headingIs(page, 'Production Room');
  expect(placeOf(page)).toBe('/production?as=nobody');
  const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
  expect(kept).not.toContain('eyJ');

  const before = provider.asked;
  await page.reload();
  await isLive(page);
  await headingIs(page, 'Production Room');
  expect(placeOf(page)).toBe('/production?as=nobody');
  expect(provider.asked).toBe(before);
  stage.endWithoutComplaints();
}, 120_000);

test('a token is renewed while the page is live: the socket is made again with the new one, and nothing is missed', async () => {
  provider.tokenSeconds = 3;
  const page = await stage.page('/');
  const sockets: number[] = [];
  page.on('websocket', () => sockets.push(performance.now()));
  await signIn(page, 'ada');
  await isLive(page);
  const left = Number((await page.locator(heroNumber).textContent()) ?? '');
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(globalThis, { seen });
    new MutationObserver(() => {
      for (const each of document.querySelectorAll<HTMLElement>('[data-freshness]'))
        seen.add(each.dataset['freshness'] ?? '');
    }).observe(document.body, { subtree: true, attributes: true, childList: true });
  });
  const first = sockets.length;
  await until(() => sockets.length > first);
  await isLive(page);
  await spend(nord);
  await says(page, heroNumber, String(left - 5));
  // The second token ends as well.
  await until(() => sockets.length > first + 1);
  await spend(nord);
  await says(page, heroNumber, String(left - 10));
  const seen = await page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen]);
  expect(seen.filter((each) => each !== 'live')).toEqual([]);
  // No request was refused on the way.
  stage.endWithoutComplaints();
}, 120_000);

test('signing out ends the session at the provider: one is asked again', async () => {
  const page = await stage.page('/production');
  await signIn(page, 'ada');
  await isLive(page);
  await page.locator('[data-account-menu]').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await page.getByText('You are signed out.').waitFor();
  expect(placeOf(page)).toBe('/');
  await page.reload();
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  await signIn(page, 'ada');
  await isLive(page);
  await headingIs(page, 'Dashboard');
  stage.endWithoutComplaints();
}, 120_000);

test('whoever gives up at the provider is told so, and comes to the same place at the next try', async () => {
  const page = await stage.page('/production');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('You were not signed in').waitFor();
  expect(placeOf(page)).toBe('/production');
  await signIn(page, 'ada');
  await headingIs(page, 'Production Room');
  await isLive(page);
  stage.endWithoutComplaints();
}, 120_000);

test('access that the provider renews no more ends: signing in again leads back to the same place', async () => {
  provider.tokenSeconds = 3;
  const page = await stage.page('/production');
  await signIn(page, 'ada');
  await isLive(page);
  provider.isRevoked = true;
  await page.getByText('Your access has ended.').waitFor({ timeout: 60_000 });
  expect(placeOf(page)).toBe('/production');
  provider.isRevoked = false;
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await headingIs(page, 'Production Room');
  await isLive(page);
  // The provider's word, and nothing else.
  expect(() => stage.endWithoutComplaints()).toThrow(/^(Failed to load resource: .* status of 400 .*\n?)+$/);
}, 120_000);

test('a provider that is away for a while is asked again: the page goes on without a question', async () => {
  provider.tokenSeconds = 3;
  const page = await stage.page('/');
  await signIn(page, 'ada');
  await isLive(page);
  const before = provider.asked;
  await provider.stop();
  try {
    await page.waitForSelector('[data-outage="server"]', { timeout: 60_000 });
  } finally {
    await provider.start();
  }
  await isLive(page, 60_000);
  const left = Number(await page.locator(heroNumber).textContent());
  await spend(nord);
  await says(page, heroNumber, String(left - 5));
  expect(provider.asked).toBe(before);
}, 120_000);

test('a server that starts without its provider says so, and lets one sign in once it is back', async () => {
  await stage.killServer();
  await provider.stop();
  let page: Page;
  try {
    await stage.startServer();
    page = await stage.page('/');
    await page.getByText('The service that signs people in cannot be reached.').waitFor();
  } finally {
    await provider.start();
  }
  await signIn(page, 'ada');
  await isLive(page);
  stage.endWithoutComplaints();
}, 120_000);

test('tokens for somebody else are not taken, and the page says so instead of asking again and again', async () => {
  provider.audience = 'https://other.example.com';
  const page = await stage.page('/');
  await signIn(page, 'ada');
  await page.getByText('credits are not open to this sign-in').waitFor();
  expect(await page.getByRole('button', { name: 'Sign out there' }).count()).toBe(1);
  expect(() => stage.endWithoutComplaints()).toThrow(/^(Failed to load resource: .* status of 401 .*\n?)+$/);
}, 120_000);

test('whoever sees several accounts chooses one, links name it, and Back leads to the other', async () => {
  const page = await stage.page(`/production?account=${south}`);
  await signIn(page, 'eva');
  await isLive(page);
  const account = page.getByRole('combobox', { name: 'Account' });
  await page.locator('[data-account-menu]').click();
  expect(await account.locator('option:checked').textContent()).toBe('Studio South');
  expect(placeOf(page)).toBe(`/production?account=${south}`);
  await page.keyboard.press('Escape');
  await page.click('nav >> text=Dashboard');
  await page.waitForURL((url) => url.pathname === '/' && url.searchParams.get('account') === south);
  await page.locator('[data-account-menu]').click();
  await account.selectOption({ label: 'Studio Nord' });
  await page.waitForURL((url) => url.searchParams.get('account') === nord);
  await isLive(page);
  await says(page, '[data-account-menu] bdi', 'Studio Nord');
  await page.goBack();
  await says(page, '[data-account-menu] bdi', 'Studio South');
  stage.endWithoutComplaints();
}, 120_000);

test('a link to an account that one does not see says so, and leads to one’s own', async () => {
  const page = await stage.page(`/?account=${south}`);
  await signIn(page, 'ada');
  await headingIs(page, 'Not one of your accounts');
  await page.getByRole('button', { name: 'Studio Nord' }).click();
  await isLive(page);
  await says(page, '[data-account-menu] bdi', 'Studio Nord');
  stage.endWithoutComplaints();
}, 120_000);

test('somebody without an account is told so, and can sign out', async () => {
  const page = await stage.page('/');
  await signIn(page, 'new');
  await headingIs(page, 'No account yet');
  expect(await findingsIn(page, allLooks)).toEqual([]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  // The provider asks, unless its own session is over.
  const [yes, out] = [page.getByRole('button', { name: 'Yes, sign me out' }), page.getByText('You are signed out.')];
  await yes.or(out).waitFor();
  if (await yes.isVisible()) await yes.click();
  await out.waitFor();
  expect(await findingsIn(page, allLooks)).toEqual([]);
  stage.endWithoutComplaints();
}, 120_000);
