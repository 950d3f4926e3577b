import pg from 'pg';
import { loadCatalog } from '../catalog/load-catalog.js';
import { ISO_IN_UTC, ledgerTypes } from '../db/ledger-types.js';
import type { TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';
import { verifyLedger } from '../ledger/books/verify.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ env: { allowedOrigins: ['https://studio.example.com'] } });
});
afterAll(() => app.close());

const PURCHASE = `id accountId origin status credits bonusCredits price { amountMinor currency } pack { id name credits bonusCredits
  price { amountMinor } expiresAfterMonths refundWindowDays } grant { source granted available } bonusGrant { source granted } checkoutUrl
  receiptUrl declineCode needsBuyer createdAt paidAt expiresAt refundableUntil refundableCredits refundable { amountMinor currency } refunded { amountMinor }
  unrecovered unrecoveredMoney { amountMinor }`;

interface Purchase {
  readonly id: string;
  readonly status: string;
  readonly checkoutUrl: string;
  readonly refundableCredits: number;
  readonly [field: string]: unknown;
}
interface Receipt {
  readonly __typename: string;
  readonly purchase: Purchase;
  readonly balance: { readonly available: number; readonly purchased: number; readonly waiting: number };
  readonly replayed: boolean;
  readonly [field: string]: unknown;
}

async function ask(input: Record<string, unknown>, token?: string | null) {
  return app.gql<{ purchaseCredits: Receipt }>(
    `mutation Buy($input: PurchaseCreditsInput!) { purchaseCredits(input: $input) { __typename
      ... on PurchaseReceipt { replayed purchase { ${PURCHASE} } balance { available purchased waiting } }
      ... on PurchaseNotAllowed { message plan upgrade { code } } ... on IdempotencyConflict { fields } ... on Problem { message } } }`,
    { input: { idempotencyKey: crypto.randomUUID(), packId: 'pack.200', ...input } },
    token,
  );
}

async function buy(input: Record<string, unknown>, token?: string): Promise<Receipt> {
  const { data, errors } = await ask(input, token);
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.purchaseCredits;
}

async function read(id: string, token?: string | null): Promise<Purchase> {
  const { data, errors } = await app.gql<{ purchase: Purchase }>(
    `query Read($id: ID!) { purchase(id: $id) { ${PURCHASE} } }`,
    { id },
    token,
  );
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.purchase;
}

async function post(url: string, body: Record<string, unknown>): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

async function move(accountId: string, to: number): Promise<{ balance: { available: number } }> {
  const { data, errors } = await app.gql<{ advanceTestClock: { balance: { available: number } } }>(
    'mutation Move($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { balance { available } } }',
    { input: { accountId, to: new Date(to).toISOString() } },
  );
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.advanceTestClock;
}

async function eventsOf(accountId: string): Promise<string[]> {
  const { data } = await app.gql<{ account: { events: { edges: { node: { type: string; purchaseId: string } }[] } } }>(
    'query Events($id: ID!) { account(id: $id) { events(first: 100) { edges { node { type purchaseId } } } } }',
    { id: accountId },
  );
  return data?.account.events.edges.map(({ node }) => node.type) ?? [];
}

test('a pack is begun, paid at its checkout, and there: at once, with its bonus, by an owner', async () => {
  const accountId = await app.openAccount();
  const owner = await app.userToken(accountId);
  const begun = await buy({ accountId, returnUrl: 'https://studio.example.com/done?x=1' }, owner);
  expect(begun).toMatchObject({ __typename: 'PurchaseReceipt', replayed: false, balance: { available: 100 } });
  const { id, checkoutUrl } = begun.purchase;
  expect(begun.purchase).toMatchObject({
    accountId,
    origin: 'OWNER',
    status: 'PENDING',
    credits: 200,
    bonusCredits: 20,
    price: { amountMinor: 3200, currency: 'USD' },
    grant: null,
    paidAt: null,
    refundableCredits: 0,
    refundable: { amountMinor: 0, currency: 'USD' },
  });
  expect(checkoutUrl.startsWith(`${app.url}/checkout/cs_`)).toBe(true);
  expect(await post(checkoutUrl, { outcome: 'succeed' })).toEqual({
    status: 200,
    answer: { outcome: 'succeed', status: 'PAID' },
  });
  expect(await read(id, owner)).toMatchObject({
    status: 'PAID',
    grant: { source: 'PURCHASE', granted: 200, available: 200 },
    bonusGrant: { source: 'BONUS', granted: 20 },
    paidAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2027-01-01T00:00:00.000Z',
    refundableUntil: '2026-01-15T00:00:00.000Z',
    refundableCredits: 200,
    refundable: { amountMinor: 3200, currency: 'USD' },
    receiptUrl: checkoutUrl,
  });
  expect(await eventsOf(accountId)).toEqual(['PURCHASE_PAID', 'GRANT_ADDED', 'GRANT_ADDED']);
});

test('of a pack that is partly used, what could be refunded is shown as the rule says', async () => {
  const accountId = await app.openAccount();
  const { purchase } = await buy({ accountId });
  await post(purchase.checkoutUrl, { outcome: 'succeed' });
  // 100 of the allowance, then 20 of the bonus, and 50 held.
  for (const [key, operations] of Object.entries({ one: 'video.long', two: 'image.long' }))
    await app.gql('mutation Spend($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }', {
      input: { accountId, idempotencyKey: key, operations: [{ operation: operations }] },
    });
  await app.gql('mutation Hold($input: ReserveCreditsInput!) { reserveCredits(input: $input) { __typename } }', {
    input: { accountId, idempotencyKey: 'hold', operations: [{ operation: 'video.mid' }] },
  });
  expect(await read(purchase.id)).toMatchObject({ refundableCredits: 130, refundable: { amountMinor: 2080 } });
  // The hold expires, and its work may still land for a day: that much is left.
  await move(accountId, START + HOUR);
  expect(await read(purchase.id)).toMatchObject({ refundableCredits: 150 });
});

test.each([
  ['decline', 'FAILED', ['PURCHASE_FAILED']],
  ['cancel', 'CANCELED', []],
  ['duplicate', 'PAID', ['PURCHASE_PAID', 'GRANT_ADDED', 'GRANT_ADDED']],
  ['event_first', 'PAID', ['PURCHASE_PAID', 'GRANT_ADDED', 'GRANT_ADDED']],
  ['never', 'PENDING', []],
  ['needs_buyer', 'PENDING', ['PURCHASE_ACTION_REQUIRED']],
  ['delay_paid', 'PENDING', []],
] as const)('at a checkout that ends by %s the purchase is %s', async (outcome, status, events) => {
  const accountId = await app.openAccount();
  const { purchase } = await buy({ accountId });
  expect((await post(purchase.checkoutUrl, { outcome })).status).toBe(200);
  expect(await read(purchase.id)).toMatchObject({
    status,
    declineCode: outcome === 'decline' ? 'card_declined' : null,
    needsBuyer: outcome === 'needs_buyer',
  });
  expect(await eventsOf(accountId)).toEqual(events);
  // However it ended: a payment that still comes counts, once.
  expect((await post(purchase.checkoutUrl, { outcome: 'succeed' })).status).toBe(200);
  expect(await read(purchase.id)).toMatchObject({ status: 'PAID', declineCode: null });
  expect((await eventsOf(accountId)).filter((type) => type === 'PURCHASE_PAID')).toHaveLength(1);
});

test.each([
  ['delay_paid', 'PAID', 320],
  ['delay_failed', 'FAILED', 100],
])(
  'what the bank delays (%s) settles when the clock of the account has moved an hour',
  async (outcome, status, left) => {
    const accountId = await app.openAccount();
    const { purchase } = await buy({ accountId });
    await post(purchase.checkoutUrl, { outcome });
    await move(accountId, START + HOUR - 1);
    expect((await read(purchase.id)).status).toBe('PENDING');
    expect((await move(accountId, START + HOUR)).balance.available).toBe(left);
    expect((await read(purchase.id)).status).toBe(status);
  },
);

test('what is not paid within 24 hours is CANCELED', async () => {
  const accountId = await app.openAccount();
  const { purchase } = await buy({ accountId });
  await move(accountId, START + 24 * HOUR);
  expect(await read(purchase.id)).toMatchObject({ status: 'CANCELED', paidAt: null });
});

test('a key repeats the first answer, as things are now; with another input it is a conflict', async () => {
  const accountId = await app.openAccount();
  const first = await buy({ accountId, idempotencyKey: 'k' });
  await post(first.purchase.checkoutUrl, { outcome: 'succeed' });
  expect(await buy({ accountId, idempotencyKey: 'k' })).toMatchObject({
    replayed: true,
    purchase: { id: first.purchase.id, status: 'PAID', checkoutUrl: first.purchase.checkoutUrl },
    balance: { available: 320, purchased: 220 },
  });
  expect(await buy({ accountId, idempotencyKey: 'k', packId: 'pack.50' })).toMatchObject({
    __typename: 'IdempotencyConflict',
    fields: ['packId'],
  });
  expect(await buy({ accountId, idempotencyKey: 'k', savePaymentMethod: true })).toMatchObject({
    fields: ['savesMethod'],
  });
});

test('on FREE nothing is bought, and a pack that is none is unknown; a live account without a provider cannot pay', async () => {
  const free = await app.openAccount({ plan: 'FREE' });
  expect(await buy({ accountId: free })).toMatchObject({
    __typename: 'PurchaseNotAllowed',
    message: 'On the Free plan no packs can be bought; on Pro they can.',
    plan: 'FREE',
    upgrade: { code: 'PRO' },
  });
  const pro = await app.openAccount();
  expect(await buy({ accountId: pro, packId: 'pack.7' })).toMatchObject({ __typename: 'PackUnknown' });
  const live = await app.openAccount({ sandbox: false });
  expect(await buy({ accountId: live })).toMatchObject({ __typename: 'PaymentsUnavailable' });
});

test.each([
  ['idempotencyKey', { idempotencyKey: '' }],
  ['packId', { packId: '' }],
  ['packId', { packId: 'x'.repeat(201) }],
  ['packId', { packId: 'a\u0000b' }],
  ['accountId', { accountId: 'acct_1' }],
  ['returnUrl', { returnUrl: 'https://evil.example/' }],
  ['returnUrl', { returnUrl: 'javascript:alert(1)' }],
  ['returnUrl', { returnUrl: '/billing' }],
  ['returnUrl', { returnUrl: 'https://anna@studio.example.com/' }],
  ['returnUrl', { returnUrl: 'https://studio.example.com.evil.example/' }],
  ['returnUrl', { returnUrl: `https://studio.example.com/${'x'.repeat(2_000)}` }],
])('a malformed %s is BAD_USER_INPUT: %j', async (field, input) => {
  const accountId = await app.openAccount();
  const { errors } = await ask({ accountId, ...input });
  expect(errors?.map(({ extensions }) => [extensions?.['code'], extensions?.['field']])).toEqual([
    ['BAD_USER_INPUT', field],
  ]);
});

test('who may not buy, or not see, is told so', async () => {
  const [accountId, other] = [await app.openAccount(), await app.openAccount()];
  const { purchase } = await buy({ accountId });
  const codeOf = async (answer: Promise<{ errors?: readonly { extensions?: Record<string, unknown> }[] }>) =>
    (await answer).errors?.[0]?.extensions?.['code'];
  for (const role of ['member', 'viewer'] as const)
    expect(await codeOf(ask({ accountId }, await app.userToken(accountId, role)))).toBe('FORBIDDEN');
  expect(await codeOf(ask({ accountId }, await app.userToken(other)))).toBe('NOT_FOUND');
  expect(await codeOf(ask({ accountId }, null))).toBe('UNAUTHENTICATED');
  const query = 'query Read($id: ID!) { purchase(id: $id) { id } }';
  const stranger = await app.userToken(other);
  expect(await codeOf(app.gql(query, { id: purchase.id }, stranger))).toBe('NOT_FOUND');
  expect(await codeOf(app.gql(query, { id: purchase.id.slice(0, -1) }))).toBe('BAD_USER_INPUT');
  const viewer = await app.userToken(accountId, 'viewer');
  expect(await codeOf(app.gql(query, { id: purchase.id }, viewer))).toBeUndefined();
});

test('purchases of an account are listed newest first, page by page', async () => {
  const accountId = await app.openAccount();
  const ids: string[] = [];
  for (const packId of ['pack.50', 'scan.5', 'pack.1000', 'pack.50', 'scan.20'])
    ids.unshift((await buy({ accountId, packId })).purchase.id);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const answer: {
      data?: {
        account: {
          purchases: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
        };
      } | null;
    } = await app.gql(
      `query List($id: ID!, $after: ID) { account(id: $id) { purchases(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } } }`,
      { id: accountId, after },
    );
    const page = answer.data?.account.purchases;
    seen.push(...(page?.edges.map(({ node }) => node.id) ?? []));
    after = page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen).toEqual(ids);
});

test('at most 60 purchases a minute of one account are taken, and of others more', async () => {
  const [accountId, other] = [await app.openAccount(), await app.openAccount()];
  const asked = await Promise.all(Array.from({ length: 70 }, () => ask({ accountId, packId: 'pack.50' })));
  const refused = asked.filter(({ errors }) => errors?.[0]?.extensions?.['code'] === 'RATE_LIMITED');
  expect(refused).toHaveLength(10);
  expect(refused[0]?.status).toBe(429);
  expect((await buy({ accountId: other })).purchase.status).toBe('PENDING');
});

test('the books are right after all of this', async () => {
  const pool = new pg.Pool({ connectionString: app.databaseUrl, types: ledgerTypes, options: ISO_IN_UTC, max: 1 });
  const { problems } = await verifyLedger({ pool, catalog: await loadCatalog(app.app.dataSource) });
  await pool.end();
  expect(problems).toEqual([]);
});
