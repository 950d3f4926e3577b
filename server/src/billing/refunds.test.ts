import { askOne } from '../testing/test-ask-one.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Purchase {
  readonly id: string;
  readonly checkoutUrl: string;
  readonly [field: string]: unknown;
}

const SHOWN = `id status checkoutUrl refundableCredits refundable { amountMinor } refunded { amountMinor currency } unrecovered
  unrecoveredMoney { amountMinor }`;

const ask = <T>(query: string, variables: Record<string, unknown>, token?: string | null) =>
  askOne<T>(app, query, variables, token);

async function buy(accountId: string, packId: string): Promise<Purchase> {
  const { purchase } = await ask<{ purchase: Purchase }>(
    `mutation Buy($input: PurchaseCreditsInput!) { purchaseCredits(input: $input) { ... on PurchaseReceipt { purchase { ${SHOWN} } } } }`,
    { input: { accountId, packId, idempotencyKey: crypto.randomUUID() } },
  );
  await settle(purchase, 'succeed');
  return purchase;
}

async function settle({ checkoutUrl }: Purchase, outcome: string): Promise<void> {
  const response = await fetch(checkoutUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outcome }),
  });
  expect([outcome, response.status]).toEqual([outcome, 200]);
}

function refund(purchaseId: string, idempotencyKey: string = crypto.randomUUID(), token?: string | null) {
  return ask<Record<string, unknown>>(
    `mutation Refund($input: RefundPurchaseInput!) { refundPurchase(input: $input) { __typename
      ... on PurchaseReceipt { replayed balance { available } purchase { ${SHOWN} } }
      ... on RefundNotAllowed { message reason } ... on IdempotencyConflict { fields } } }`,
    { input: { purchaseId, idempotencyKey } },
    token,
  );
}

function preview(purchaseId: string, token?: string | null) {
  return ask<Record<string, unknown>>(
    `query Preview($purchaseId: ID!) { previewRefund(purchaseId: $purchaseId) { refundedCredits revokedCredits
      money { amountMinor currency } balanceAfter notAllowed { reason } purchase { id status } } }`,
    { purchaseId },
    token,
  );
}

function read(id: string): Promise<Purchase> {
  return ask<Purchase>(`query Read($id: ID!) { purchase(id: $id) { ${SHOWN} } }`, { id });
}

test('a refund does what its preview says, once; the money goes through the provider once', async () => {
  const accountId = await app.openAccount();
  const { id } = await buy(accountId, 'pack.200');
  expect(await preview(id)).toEqual({
    refundedCredits: 200,
    revokedCredits: 20,
    money: { amountMinor: 3_200, currency: 'USD' },
    balanceAfter: 100,
    notAllowed: null,
    purchase: { id, status: 'PAID' },
  });
  const key = crypto.randomUUID();
  const [first, second] = await Promise.all([refund(id, key), refund(id, key)]);
  expect([first, second].filter((answer) => answer?.['replayed'] === true)).toHaveLength(1);
  expect(first).toMatchObject({
    __typename: 'PurchaseReceipt',
    balance: { available: 100 },
    purchase: { status: 'REFUNDED', refundableCredits: 0, refunded: { amountMinor: 3_200, currency: 'USD' } },
  });
  expect(await refund(id)).toMatchObject({ __typename: 'RefundNotAllowed', reason: 'NOTHING_UNUSED' });
  expect(await preview(id)).toMatchObject({
    refundedCredits: 0,
    balanceAfter: 100,
    notAllowed: { reason: 'NOTHING_UNUSED' },
  });
  const other = await buy(accountId, 'pack.50');
  expect(await refund(other.id, key)).toEqual({ __typename: 'IdempotencyConflict', fields: ['purchaseId'] });
  const money: unknown = await app.app.dataSource.query(
    `SELECT (ref IS NOT NULL) AS "isSent", amount_minor::int AS amount FROM refund`,
  );
  expect(money).toEqual([{ isSent: true, amount: 3_200 }]);
});

test('a dispute at the sandbox takes what is left, and a won one gives it back', async () => {
  const accountId = await app.openAccount();
  const bought = await buy(accountId, 'pack.200');
  await settle(bought, 'dispute');
  expect(await read(bought.id)).toMatchObject({ status: 'DISPUTED', refundableCredits: 0, unrecovered: 0 });
  expect(await refund(bought.id)).toMatchObject({ reason: 'DISPUTED' });
  await settle(bought, 'dispute_won');
  expect(await read(bought.id)).toMatchObject({ status: 'PAID', refundableCredits: 200 });
});

test('only who may buy may refund; foreign, unknown and malformed ids tell nothing', async () => {
  const accountId = await app.openAccount();
  const { id } = await buy(accountId, 'pack.50');
  const owner = await app.userToken(accountId);
  const stranger = await app.userToken(await app.openAccount());
  expect(await preview(id, owner)).toMatchObject({ refundedCredits: 50 });
  await expect(preview(id, stranger)).rejects.toThrow('NOT_FOUND');
  await expect(refund(id, undefined, stranger)).rejects.toThrow('NOT_FOUND');
  await expect(refund('pur_nonsense')).rejects.toThrow('BAD_USER_INPUT');
  await expect(refund(id, 'with a space')).rejects.toThrow('BAD_USER_INPUT');
  await expect(refund(id, undefined, null)).rejects.toThrow('UNAUTHENTICATED');
  expect(await refund(id, undefined, owner)).toMatchObject({ __typename: 'PurchaseReceipt' });
});
