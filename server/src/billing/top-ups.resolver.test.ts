import pg from 'pg';
import { loadCatalog } from '../catalog/load-catalog.js';
import { ISO_IN_UTC, ledgerTypes } from '../db/ledger-types.js';
import { verifyLedger } from '../ledger/books/verify.js';
import { askOne } from '../testing/test-ask-one.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import { until } from '../testing/test-until.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

let app: TestApp;
let pool: pg.Pool;
beforeAll(async () => {
  app = await startTestApp({ env: { allowedOrigins: ['https://studio.example.com'] } });
  pool = new pg.Pool({ connectionString: app.databaseUrl, types: ledgerTypes, options: ISO_IN_UTC, max: 1 });
});
afterAll(async () => {
  const { problems } = await verifyLedger({ pool, catalog: await loadCatalog(app.app.dataSource) });
  await pool.end();
  await app.close();
  expect(problems).toEqual([]);
});

const PURCHASE = 'id status origin checkoutUrl declineCode credits price { amountMinor }';
const TOP_UP = `creditType enabled offBecause pack { id } threshold purchasesPerPeriodMax purchasesThisPeriod pending { ${PURCHASE} }`;
const REFUSED =
  '... on Problem { message } ... on InvalidAmount { field min max } ... on PurchaseNotAllowed { plan upgrade { code } }';

interface Answer {
  readonly __typename: string;
  readonly checkoutUrl?: string;
  readonly replayed?: boolean;
  readonly buysNow?: boolean;
  readonly autoTopUp?: Readonly<Record<string, unknown>>;
  readonly purchase?: { readonly id: string } | null;
  readonly [field: string]: unknown;
}

const ask = <T>(query: string, variables: Record<string, unknown>, token?: string | null) =>
  askOne<T>(app, query, variables, token);

const SET = `mutation Set($input: SetAutoTopUpInput!, $key: String!) { setAutoTopUp(input: $input, idempotencyKey: $key) { __typename
  ... on AutoTopUpReceipt { replayed autoTopUp { ${TOP_UP} } purchase { id } } ... on PaymentMethodMissing { checkoutUrl }
  ... on IdempotencyConflict { fields } ${REFUSED} } }`;
const PREVIEW = `query Preview($input: SetAutoTopUpInput!) { previewAutoTopUp(input: $input) { __typename
  ... on AutoTopUpPreview { buysNow price { amountMinor currency } mostPerPeriod { amountMinor } } ... on PaymentMethodMissing { checkoutUrl }
  ${REFUSED} } }`;

type Input = Record<string, unknown>;
const wish = (input: Input): Input => ({ enabled: true, packId: 'pack.50', threshold: 20, ...input });
const set = (input: Input, token?: string, key: string = crypto.randomUUID()) =>
  ask<Answer>(SET, { input: wish(input), key }, token);
const preview = (input: Input, token?: string) => ask<Answer>(PREVIEW, { input: wish(input) }, token);

interface Shown {
  readonly autoTopUp: Readonly<Record<string, unknown>> & {
    readonly pending: Readonly<Record<string, unknown>> | null;
  };
  readonly paymentMethod: Readonly<Record<string, unknown>> | null;
  readonly balance: { readonly available: number };
  readonly purchases: { readonly edges: readonly { readonly node: Readonly<Record<string, unknown>> }[] };
  readonly events: {
    readonly edges: readonly { readonly node: { readonly type: string; readonly message: string } }[];
  };
}

const show = (id: string, token?: string) =>
  ask<Shown>(
    `query Show($id: ID!) { account(id: $id) { autoTopUp { ${TOP_UP} } paymentMethod { brand last4 expiresMonth expiresYear }
      balance { available } purchases { edges { node { ${PURCHASE} } } } events(first: 100) { edges { node { type message } } } } }`,
    { id },
    token,
  );
const bought = async (id: string) => (await show(id)).purchases.edges.map(({ node }) => node);
const statuses = async (id: string) => (await bought(id)).map((purchase) => purchase['status']);
const told = async (id: string) =>
  (await show(id)).events.edges.map(({ node }) => node).filter(({ type }) => !/^(BALANCE|GRANT)/.test(type));

async function post(url: string, body: Record<string, unknown>): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

const change = (accountId: string, token?: string, returnUrl?: string) =>
  ask<{ checkoutUrl: string }>(
    'mutation Change($accountId: ID!, $returnUrl: String) { updatePaymentMethod(accountId: $accountId, returnUrl: $returnUrl) { checkoutUrl } }',
    { accountId, returnUrl },
    token,
  );

/** Saves a test card as a buyer does. */
async function save(accountId: string, card = '4242'): Promise<void> {
  const { checkoutUrl } = await change(accountId);
  expect(await post(checkoutUrl, { outcome: 'succeed', card })).toEqual({ outcome: 'succeed', status: 'PAID' });
}

const remove = (accountId: string) =>
  ask<string>('mutation Remove($id: ID!) { removePaymentMethod(accountId: $id) }', { id: accountId });

async function spend(accountId: string, quantity: number): Promise<string> {
  const answer = await ask<{ __typename: string }>(
    'mutation Spend($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }',
    { input: { accountId, idempotencyKey: crypto.randomUUID(), operations: [{ operation: 'image.short', quantity }] } },
  );
  return answer.__typename;
}

async function move(accountId: string, to: number): Promise<void> {
  await ask('mutation Move($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId, to: new Date(to).toISOString() },
  });
}

/** How often the sandbox was asked to charge, by purchase. */
async function chargesOf(): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ key: string; calls: number }>(
    `SELECT key, calls FROM sandbox_call WHERE key LIKE 'charge:%'`,
  );
  return new Map(rows.map(({ key, calls }) => [key.slice('charge:'.length), calls]));
}

const paymentsOf = async (): Promise<number> =>
  (await pool.query<{ count: number }>('SELECT count(*)::integer AS count FROM sandbox_payment')).rows[0]?.count ?? 0;

test('an owner saves a card and turns it on; work that leaves little is followed by the pack, with no other call', async () => {
  const accountId = await app.openAccount();
  const owner = await app.userToken(accountId);
  expect((await show(accountId)).autoTopUp).toMatchObject({
    enabled: false,
    offBecause: 'NEVER_ON',
    pack: null,
    pending: null,
  });
  const missing = await set({ accountId }, owner);
  expect(missing.__typename).toBe('PaymentMethodMissing');
  expect(await post(missing.checkoutUrl ?? '', { outcome: 'succeed' })).toMatchObject({ status: 'PAID' });
  expect((await show(accountId, owner)).paymentMethod).toEqual({
    brand: 'visa',
    last4: '4242',
    expiresMonth: 12,
    expiresYear: 2099,
  });
  expect(await set({ accountId }, owner)).toMatchObject({
    __typename: 'AutoTopUpReceipt',
    replayed: false,
    purchase: null,
    autoTopUp: { enabled: true, offBecause: null, pack: { id: 'pack.50' }, threshold: 20, purchasesPerPeriodMax: 3 },
  });
  expect(await spend(accountId, 16)).toBe('ReservationReceipt');
  await until(async () => (await statuses(accountId))[0] === 'PAID');
  const { balance, autoTopUp } = await show(accountId);
  expect([balance.available, autoTopUp['purchasesThisPeriod'], autoTopUp.pending]).toEqual([70, 1, null]);
  expect(await bought(accountId)).toMatchObject([{ origin: 'AUTO', credits: 50, price: { amountMinor: 900 } }]);
  expect((await told(accountId)).map(({ type }) => type)).toEqual(['PURCHASE_PAID']);
});

test('refused work that the pack would have covered is refused, and can be done soon after', async () => {
  const accountId = await app.openAccount();
  await save(accountId);
  await set({ accountId });
  expect(await spend(accountId, 21)).toBe('InsufficientCredits');
  await until(async () => (await show(accountId)).balance.available === 150);
  expect(await spend(accountId, 21)).toBe('ReservationReceipt');
});

test('turned on at or below the threshold it buys at once, as the preview said', async () => {
  const accountId = await app.openAccount();
  await save(accountId);
  expect(await preview({ accountId, threshold: 99, packId: 'pack.200', purchasesPerPeriodMax: 2 })).toEqual({
    __typename: 'AutoTopUpPreview',
    buysNow: false,
    price: { amountMinor: 3200, currency: 'USD' },
    mostPerPeriod: { amountMinor: 6400 },
  });
  expect(await preview({ accountId, threshold: 100 })).toMatchObject({ buysNow: true });
  expect(await bought(accountId)).toEqual([]);
  const receipt = await set({ accountId, threshold: 100 }, undefined, 'at-once');
  expect(receipt.purchase?.id).toBe((await bought(accountId))[0]?.['id']);
  await until(async () => (await show(accountId)).balance.available === 150);
  expect(await set({ accountId, threshold: 100 }, undefined, 'at-once')).toMatchObject({
    replayed: true,
    purchase: receipt.purchase,
    autoTopUp: { pending: null, purchasesThisPeriod: 1 },
  });
  expect(await set({ accountId, threshold: 101 }, undefined, 'at-once')).toMatchObject({
    __typename: 'IdempotencyConflict',
    fields: ['threshold'],
  });
});

test('declined: FAILED, nothing for an hour of the account, and after three in a row it is off', async () => {
  const accountId = await app.openAccount();
  await save(accountId, '0002');
  await set({ accountId, threshold: 100 });
  for (let hour = 1; hour <= 3; hour++) {
    await until(async () => (await statuses(accountId)).length === hour && (await statuses(accountId))[0] === 'FAILED');
    expect(await spend(accountId, 1)).toBe('ReservationReceipt');
    expect(await statuses(accountId)).toHaveLength(hour);
    await move(accountId, START + hour * HOUR);
    await spend(accountId, 1);
  }
  expect(await bought(accountId)).toEqual(
    Array.from({ length: 3 }, () => expect.objectContaining({ status: 'FAILED', declineCode: 'card_declined' })),
  );
  expect((await show(accountId)).autoTopUp).toMatchObject({
    enabled: false,
    offBecause: 'DECLINED',
    purchasesThisPeriod: 0,
  });
  expect((await told(accountId)).at(-1)).toEqual({
    type: 'AUTO_TOP_UP_OFF',
    message: 'Auto top-up of credits is off: three payments in a row were declined.',
  });
});

test('the bank wants the buyer: the purchase waits with its checkout, and what is paid there is charged once', async () => {
  const accountId = await app.openAccount();
  await save(accountId, '3155');
  await set({ accountId, threshold: 100 });
  await until(async () => typeof (await show(accountId)).autoTopUp.pending?.['checkoutUrl'] === 'string');
  const { pending } = (await show(accountId)).autoTopUp;
  expect((await told(accountId)).map(({ type }) => type)).toEqual(['PURCHASE_ACTION_REQUIRED']);
  await spend(accountId, 1);
  expect(await statuses(accountId)).toEqual(['PENDING']);
  const before = await paymentsOf();
  for (let times = 0; times < 2; times++)
    expect(await post(String(pending?.['checkoutUrl']), { outcome: 'succeed' })).toMatchObject({ status: 'PAID' });
  expect([await statuses(accountId), (await show(accountId)).balance.available, await paymentsOf()]).toEqual([
    ['PAID'],
    145,
    before + 1,
  ]);
});

test('however many spend at once through two servers, one purchase is in flight, and one charge is made for it', async () => {
  const accountId = await app.openAccount();
  const other = await app.another();
  await save(accountId);
  await set({ accountId, threshold: 95, purchasesPerPeriodMax: 1 });
  const before = await paymentsOf();
  const query = 'mutation Spend($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }';
  await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      (index % 2 === 0 ? app : other).gql(query, {
        input: { accountId, idempotencyKey: `par-${index}`, operations: [{ operation: 'image.short', quantity: 1 }] },
      }),
    ),
  );
  await until(async () => (await statuses(accountId))[0] === 'PAID');
  expect(await statuses(accountId)).toEqual(['PAID']);
  expect(await paymentsOf()).toBe(before + 1);
});

test('a payment method is replaced and removed, at the provider too; without one it is off', async () => {
  const accountId = await app.openAccount();
  await save(accountId);
  await set({ accountId });
  await save(accountId, '3155');
  expect((await show(accountId)).paymentMethod).toMatchObject({ last4: '3155' });
  const methods = async () => {
    const { rows } = await pool.query<{ last4: string; is_forgotten: boolean }>(
      `SELECT last4, is_forgotten FROM sandbox_method WHERE account_id = (SELECT account_id FROM sandbox_method ORDER BY method_ref DESC LIMIT 1) ORDER BY method_ref`,
    );
    return rows.map(({ last4, is_forgotten: isForgotten }) => `${last4}${isForgotten ? ' forgotten' : ''}`);
  };
  expect(await methods()).toEqual(['4242 forgotten', '3155']);
  expect((await show(accountId)).autoTopUp).toMatchObject({ enabled: true });
  expect(await remove(accountId)).toBe(accountId);
  expect(await remove(accountId)).toBe(accountId);
  expect(await methods()).toEqual(['4242 forgotten', '3155 forgotten']);
  const { paymentMethod, autoTopUp } = await show(accountId);
  expect([paymentMethod, autoTopUp['offBecause']]).toEqual([null, 'NO_PAYMENT_METHOD']);
  expect((await told(accountId)).map(({ type }) => type)).toEqual(['AUTO_TOP_UP_OFF']);
  const { rows } = await pool.query('SELECT FROM method_removal');
  expect(rows).toEqual([]);
});

test('a checkout that was left saves nothing; asked again while nothing changed, it is the same one', async () => {
  const accountId = await app.openAccount();
  const first = await change(accountId, undefined, 'https://studio.example.com/back');
  expect(await change(accountId, undefined, 'https://studio.example.com/back')).toEqual(first);
  expect((await change(accountId)).checkoutUrl).not.toBe(first.checkoutUrl);
  expect(await post(first.checkoutUrl, { outcome: 'cancel' })).toMatchObject({ status: 'CANCELED' });
  expect((await show(accountId)).paymentMethod).toBeNull();
});

test('a purchase whose buyer did not agree saves no method', async () => {
  const accountId = await app.openAccount();
  const buy = (savePaymentMethod: boolean) =>
    ask<{ purchase: { checkoutUrl: string } }>(
      'mutation Buy($input: PurchaseCreditsInput!) { purchaseCredits(input: $input) { ... on PurchaseReceipt { purchase { checkoutUrl } } } }',
      { input: { accountId, packId: 'pack.50', idempotencyKey: crypto.randomUUID(), savePaymentMethod } },
    );
  await post((await buy(true)).purchase.checkoutUrl, { outcome: 'succeed', save: false });
  await post((await buy(false)).purchase.checkoutUrl, { outcome: 'succeed', save: true });
  expect((await show(accountId)).paymentMethod).toBeNull();
  await post((await buy(true)).purchase.checkoutUrl, { outcome: 'succeed', save: true });
  expect((await show(accountId)).paymentMethod).toMatchObject({ last4: '4242' });
});

test('nothing is charged twice, whoever asks how often', async () => {
  const charges = await chargesOf();
  const { rows } = await pool.query<{ order_id: string; count: number }>(
    'SELECT order_id, count(*)::integer AS count FROM sandbox_payment GROUP BY order_id',
  );
  expect(rows.filter(({ count }) => count > 1)).toEqual([]);
  expect(charges.size).toBeGreaterThan(0);
});

describe('bad input changes nothing', () => {
  let accountId: string;
  beforeAll(async () => {
    accountId = await app.openAccount();
    await save(accountId);
  });
  const failure = async (variables: Input, document = SET, token?: string) => {
    const { errors } = await app.gql(document, variables, token);
    return errors?.map(({ extensions }) => [extensions?.['code'], extensions?.['field']]);
  };

  test.each([
    ['packId', { packId: null }],
    ['packId', { packId: '' }],
    ['threshold', { threshold: null }],
    ['accountId', { accountId: 'acct_1' }],
  ])('malformed: %s %j', async (field, input) => {
    const said = wish({ accountId, ...input });
    expect(await failure({ input: said, key: 'bad' })).toEqual([['BAD_USER_INPUT', field]]);
    expect(await failure({ input: said }, PREVIEW)).toEqual([['BAD_USER_INPUT', field]]);
  });

  test.each([{ threshold: -1 }, { threshold: 0.5 }, { threshold: 2 ** 53 }, { purchasesPerPeriodMax: 1.5 }])(
    'what no type takes: %j',
    async (input) => {
      const [first] = (await failure({ input: wish({ accountId, ...input }), key: 'bad' })) ?? [];
      expect(first?.[0]).toBe('BAD_USER_INPUT');
    },
  );

  test.each([0, -1, 21, 2_147_483_647])('%d purchases a period', async (purchasesPerPeriodMax) => {
    const invalid = { __typename: 'InvalidAmount', field: 'purchasesPerPeriodMax', min: 1, max: 20 };
    expect(await set({ accountId, purchasesPerPeriodMax })).toMatchObject(invalid);
    expect(await preview({ accountId, purchasesPerPeriodMax })).toMatchObject(invalid);
    expect(await set({ accountId, enabled: false, purchasesPerPeriodMax })).toMatchObject(invalid);
  });

  test('an unknown pack, one of other credits, a plan that may not buy', async () => {
    for (const call of [set, preview]) {
      expect(await call({ accountId, packId: 'pack.7' })).toMatchObject({ __typename: 'PackUnknown' });
      expect(await call({ accountId, packId: 'scan.5' })).toMatchObject({
        __typename: 'InvalidAmount',
        field: 'packId',
      });
    }
    const free = await app.openAccount({ plan: 'FREE' });
    for (const call of [set, preview])
      expect(await call({ accountId: free })).toMatchObject({
        __typename: 'PurchaseNotAllowed',
        plan: 'FREE',
        upgrade: { code: 'PRO' },
      });
  });

  test('a live account without a provider', async () => {
    const live = await app.openAccount({ sandbox: false });
    expect(await set({ accountId: live })).toMatchObject({ __typename: 'PaymentsUnavailable' });
    const { errors } = await app.gql('mutation ($id: ID!) { updatePaymentMethod(accountId: $id) { checkoutUrl } }', {
      id: live,
    });
    expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  });

  test('a key that is none, an address that is not allowed, rights that are missing, nobody', async () => {
    expect(await failure({ input: wish({ accountId }), key: 'a b' })).toEqual([['BAD_USER_INPUT', 'idempotencyKey']]);
    const { errors } = await app.gql(
      'mutation ($id: ID!) { updatePaymentMethod(accountId: $id, returnUrl: "https://evil.example") { checkoutUrl } }',
      { id: accountId },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'returnUrl' });
    const removal = 'mutation ($id: ID!) { removePaymentMethod(accountId: $id) }';
    for (const role of ['member', 'viewer'] as const) {
      const token = await app.userToken(accountId, role);
      expect(await failure({ input: wish({ accountId }), key: 'x' }, SET, token)).toEqual([['FORBIDDEN', undefined]]);
      expect(await failure({ id: accountId }, removal, token)).toEqual([['FORBIDDEN', undefined]]);
      expect(await preview({ accountId }, token)).toMatchObject({ __typename: 'AutoTopUpPreview' });
    }
    const stranger = await app.userToken(await app.openAccount());
    expect(await failure({ input: wish({ accountId }), key: 'x' }, SET, stranger)).toEqual([['NOT_FOUND', undefined]]);
    expect((await app.gql(removal, { id: accountId }, null)).errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  });

  test('and after all of this nothing is set', async () => {
    expect((await show(accountId)).autoTopUp).toMatchObject({ enabled: false, offBecause: 'NEVER_ON' });
    expect(await bought(accountId)).toEqual([]);
  });

  test('who may not buy is led to the billing page where a method is missing', async () => {
    const other = await app.openAccount();
    const viewer = await app.userToken(other, 'viewer');
    expect(await preview({ accountId: other }, viewer)).toMatchObject({ checkoutUrl: `${app.url}/billing` });
  });
});
