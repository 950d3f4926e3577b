import { formatId, formatOwnedId, parseId } from '@aibc/shared/ids';
import { v7 } from 'uuid';
import { askOne } from '../testing/test-ask-one.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';

/* What a caller gets wrong in the fields of money: the same typed answer at both doors, and nothing has changed. */

interface Bought {
  readonly id: string;
  readonly checkoutUrl: string;
}
/** An account, what was bought for it and how that ended, and grants of it. */
interface Fixture {
  readonly account: string;
  readonly pending: string;
  readonly paid: string;
  readonly refunded: string;
  readonly failed: string;
  readonly disputed: string;
  readonly given: string;
  readonly bought: string;
}

let app: TestApp;
let mine: Fixture;
let foreign: Fixture;
/** Bought three weeks ago. */
let old: Bought;
let poor: string;
let owner: string;
beforeAll(async () => {
  app = await startTestApp();
  [mine, foreign] = [await prepare(), await prepare()];
  const account = await app.openAccount();
  poor = await app.openAccount({ plan: 'FREE' });
  old = await buy(account, 'pack.50', 'succeed');
  await ask('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId: account, to: '2026-01-22T00:00:00Z' },
  });
  owner = await app.token({ accounts: { [mine.account]: 'owner', [account]: 'owner', [poor]: 'owner' } });
});
afterAll(() => app.close());

const ask = <T>(query: string, variables: Record<string, unknown>) =>
  askOne<T>(app, query, variables, app.operatorToken);

async function buy(accountId: string, packId: string, ...outcomes: readonly string[]): Promise<Bought> {
  const { purchase } = await ask<{ purchase: Bought }>(
    `mutation ($input: PurchaseCreditsInput!) { purchaseCredits(input: $input) { ... on PurchaseReceipt { purchase { id checkoutUrl } } } }`,
    { input: { accountId, packId, idempotencyKey: v7(), savePaymentMethod: true } },
  );
  for (const outcome of outcomes) {
    const body = JSON.stringify({ outcome });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(purchase.checkoutUrl, { method: 'POST', headers, body })).status).toBe(200);
  }
  return purchase;
}

async function prepare(): Promise<Fixture> {
  const account = await app.openAccount();
  const { grant } = await ask<{ grant: { id: string } }>(
    'mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { ... on GrantReceipt { grant { id } } } }',
    { input: { accountId: account, credits: 40, reason: 'test', idempotencyKey: v7() } },
  );
  const [pending, paid] = [await buy(account, 'pack.50'), await buy(account, 'pack.50', 'succeed')];
  const [refunded, failed] = [await buy(account, 'pack.50', 'succeed'), await buy(account, 'pack.50', 'decline')];
  const disputed = await buy(account, 'pack.50', 'succeed', 'dispute');
  await ask('mutation ($input: RefundPurchaseInput!) { refundPurchase(input: $input) { __typename } }', {
    input: { purchaseId: refunded.id, idempotencyKey: v7() },
  });
  const bought = await ask<{ grant: { id: string } }>('query ($id: ID!) { purchase(id: $id) { grant { id } } }', {
    id: paid.id,
  });
  return {
    account,
    pending: pending.id,
    paid: paid.id,
    refunded: refunded.id,
    failed: failed.id,
    disputed: disputed.id,
    given: grant.id,
    bought: bought.grant.id,
  };
}

/** Everything of money and credits that there is. */
async function everything(): Promise<unknown> {
  const rows: unknown = await app.app.dataSource.query(
    `SELECT (SELECT json_agg(a ORDER BY a.account_id) FROM (SELECT account_id, version, billing, plan, next_plan FROM ledger_account) a) AS accounts,
      (SELECT json_agg(p ORDER BY p.purchase_id) FROM purchase p) AS purchases, (SELECT json_agg(r ORDER BY r.refund_id) FROM refund r) AS refunds,
      (SELECT json_agg(g ORDER BY g.grant_id) FROM credit_grant g) AS grants, (SELECT count(*) FROM audit_entry) AS deeds,
      (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM sandbox_order) AS orders`,
  );
  return rows;
}

const PROBLEM = '__typename ... on Problem { message }';
const OFFERED = `${PROBLEM} ... on InvalidAmount { field } ... on PurchaseNotAllowed { plan }`;
const DOCUMENTS = {
  purchase: `mutation ($input: PurchaseCreditsInput!) { answer: purchaseCredits(input: $input) { ${OFFERED} } }`,
  refund: `mutation ($input: RefundPurchaseInput!) { answer: refundPurchase(input: $input) { ${PROBLEM} ... on RefundNotAllowed { reason } } }`,
  previewRefund: `query ($purchaseId: ID!) { answer: previewRefund(purchaseId: $purchaseId) { __typename refundedCredits notAllowed { reason } } }`,
  revoke: `mutation ($input: RevokeGrantInput!) { answer: revokeGrant(input: $input) { ${PROBLEM} ... on InvalidAmount { field } } }`,
  topUp: `mutation ($input: SetAutoTopUpInput!, $key: String!) { answer: setAutoTopUp(input: $input, idempotencyKey: $key) { ${OFFERED} } }`,
  previewTopUp: `query ($input: SetAutoTopUpInput!) { answer: previewAutoTopUp(input: $input) { ${OFFERED} } }`,
  newMethod: `mutation ($accountId: ID!, $returnUrl: String) { answer: updatePaymentMethod(accountId: $accountId, returnUrl: $returnUrl) { __typename } }`,
  noMethod: `mutation ($accountId: ID!) { answer: removePaymentMethod(accountId: $accountId) }`,
  readPurchase: `query ($id: ID!) { answer: purchase(id: $id) { __typename } }`,
  purchases: `query ($id: ID!, $first: Int! = 10, $after: ID) { answer: account(id: $id) { purchases(first: $first, after: $after) { edges { cursor } } } }`,
  statement: `query ($id: ID!, $from: LocalDate!, $to: LocalDate!) { answer: account(id: $id) { statement(from: $from, to: $to) { closing } } }`,
  periods: `query ($id: ID!, $first: Int! = 10, $after: ID) { answer: account(id: $id) { periods(first: $first, after: $after) { edges { cursor } } } }`,
  balanceAt: `query ($id: ID!, $at: DateTime!) { answer: balanceAt(accountId: $id, at: $at) { available } }`,
  liability: `query ($at: LocalDate!) { answer: liability(at: $at) { at } }`,
} as const;
type Kind = keyof typeof DOCUMENTS;

const UNKNOWN = {
  account: formatId('acct', v7()),
  grant: formatId('grant', v7()),
};
const key = () => v7();
const purchase = (more: object) => ({
  input: { accountId: mine.account, packId: 'pack.50', idempotencyKey: key(), ...more },
});
const refund = (purchaseId: string, idempotencyKey = key()) => ({ input: { purchaseId, idempotencyKey } });
const revoke = (more: object) => ({
  input: { accountId: mine.account, grantId: mine.given, reason: 'test', idempotencyKey: key(), ...more },
});
const rule = (more: object) => ({ accountId: mine.account, enabled: true, packId: 'pack.50', threshold: 20, ...more });
const topUp = (more: object, as = key()) => ({ input: rule(more), key: as });
const statement = (from: string, to: string) => ({ id: mine.account, from, to });

type Case = readonly [what: string, kind: Kind, variables: () => Record<string, unknown>, expected: string];

const CASES: readonly Case[] = [
  ['an account that is malformed', 'purchase', () => purchase({ accountId: 'acct_1' }), 'BAD_USER_INPUT accountId'],
  ['an unknown account', 'purchase', () => purchase({ accountId: UNKNOWN.account }), 'NOT_FOUND'],
  ['a foreign account', 'purchase', () => purchase({ accountId: foreign.account }), 'NOT_FOUND'],
  ['an account on FREE', 'purchase', () => purchase({ accountId: poor }), 'PurchaseNotAllowed "FREE"'],
  ['an unknown pack', 'purchase', () => purchase({ packId: 'pack.1' }), 'PackUnknown'],
  ['no pack', 'purchase', () => purchase({ packId: '' }), 'BAD_USER_INPUT packId'],
  ['a huge name of a pack', 'purchase', () => purchase({ packId: 'p'.repeat(201) }), 'BAD_USER_INPUT packId'],
  ['no key', 'purchase', () => purchase({ idempotencyKey: '' }), 'BAD_USER_INPUT idempotencyKey'],
  ['a huge key', 'purchase', () => purchase({ idempotencyKey: 'k'.repeat(256) }), 'BAD_USER_INPUT idempotencyKey'],
  ['a key with a space', 'purchase', () => purchase({ idempotencyKey: 'a b' }), 'BAD_USER_INPUT idempotencyKey'],
  [
    'a page of somebody else',
    'purchase',
    () => purchase({ returnUrl: 'https://evil.example/' }),
    'BAD_USER_INPUT returnUrl',
  ],
  ['a script for a page', 'purchase', () => purchase({ returnUrl: 'javascript:alert(1)' }), 'BAD_USER_INPUT returnUrl'],
  ['a malformed purchase', 'refund', () => refund('pur_1'), 'BAD_USER_INPUT purchaseId'],
  ['an id of another kind', 'refund', () => refund(mine.account), 'BAD_USER_INPUT purchaseId'],
  ['an unknown purchase of the account', 'refund', () => refund(unknownPurchase()), 'NOT_FOUND'],
  ['a foreign purchase', 'refund', () => refund(foreign.paid), 'NOT_FOUND'],
  ['a purchase that nobody has paid', 'refund', () => refund(mine.pending), 'RefundNotAllowed "NOT_PAID"'],
  ['a purchase that was declined', 'refund', () => refund(mine.failed), 'RefundNotAllowed "NOT_PAID"'],
  ['a purchase that was refunded', 'refund', () => refund(mine.refunded), 'RefundNotAllowed "NOTHING_UNUSED"'],
  ['a purchase that is disputed', 'refund', () => refund(mine.disputed), 'RefundNotAllowed "DISPUTED"'],
  ['a purchase of long ago', 'refund', () => refund(old.id), 'RefundNotAllowed "WINDOW_PASSED"'],
  ['no key', 'refund', () => refund(mine.paid, ''), 'BAD_USER_INPUT idempotencyKey'],
  ['a malformed purchase', 'previewRefund', () => ({ purchaseId: 'pur_1' }), 'BAD_USER_INPUT purchaseId'],
  ['an unknown purchase', 'previewRefund', () => ({ purchaseId: unknownPurchase() }), 'NOT_FOUND'],
  ['a foreign purchase', 'previewRefund', () => ({ purchaseId: foreign.paid }), 'NOT_FOUND'],
  [
    'a purchase that was refunded',
    'previewRefund',
    () => ({ purchaseId: mine.refunded }),
    'RefundPreview 0 {"reason":"NOTHING_UNUSED"}',
  ],
  [
    'a purchase of long ago',
    'previewRefund',
    () => ({ purchaseId: old.id }),
    'RefundPreview 0 {"reason":"WINDOW_PASSED"}',
  ],
  ['an unknown account', 'revoke', () => revoke({ accountId: UNKNOWN.account }), 'NOT_FOUND'],
  ['a malformed grant', 'revoke', () => revoke({ grantId: 'grant_1' }), 'BAD_USER_INPUT grantId'],
  ['an unknown grant', 'revoke', () => revoke({ grantId: UNKNOWN.grant }), 'NOT_FOUND'],
  ['a grant of another account', 'revoke', () => revoke({ grantId: foreign.given }), 'NOT_FOUND'],
  ['what was bought', 'revoke', () => revoke({ grantId: mine.bought }), 'InvalidAmount "grantId"'],
  ['no reason', 'revoke', () => revoke({ reason: '' }), 'InvalidAmount "reason"'],
  ['a huge reason', 'revoke', () => revoke({ reason: 'r'.repeat(201) }), 'InvalidAmount "reason"'],
  ['a foreign account', 'topUp', () => topUp({ accountId: foreign.account }), 'NOT_FOUND'],
  ['an unknown account', 'topUp', () => topUp({ accountId: UNKNOWN.account }), 'NOT_FOUND'],
  ['an account on FREE', 'topUp', () => topUp({ accountId: poor }), 'PurchaseNotAllowed "FREE"'],
  ['a negative threshold', 'topUp', () => topUp({ threshold: -1 }), 'BAD_USER_INPUT threshold'],
  ['half a credit', 'topUp', () => topUp({ threshold: 0.5 }), 'BAD_USER_INPUT threshold'],
  ['a huge threshold', 'topUp', () => topUp({ threshold: 2 ** 53 }), 'BAD_USER_INPUT threshold'],
  ['no threshold', 'topUp', () => topUp({ threshold: null }), 'BAD_USER_INPUT threshold'],
  ['no pack', 'topUp', () => topUp({ packId: null }), 'BAD_USER_INPUT packId'],
  ['an unknown pack', 'topUp', () => topUp({ packId: 'pack.1' }), 'PackUnknown'],
  ['a pack of other credits', 'topUp', () => topUp({ packId: 'scan.5' }), 'InvalidAmount "packId"'],
  ['none a period', 'topUp', () => topUp({ purchasesPerPeriodMax: 0 }), 'InvalidAmount "purchasesPerPeriodMax"'],
  [
    'less than none a period',
    'topUp',
    () => topUp({ purchasesPerPeriodMax: -1 }),
    'InvalidAmount "purchasesPerPeriodMax"',
  ],
  [
    'more than 20 a period',
    'topUp',
    () => topUp({ purchasesPerPeriodMax: 21 }),
    'InvalidAmount "purchasesPerPeriodMax"',
  ],
  [
    'a huge number a period',
    'topUp',
    () => topUp({ purchasesPerPeriodMax: 2 ** 31 }),
    'BAD_USER_INPUT purchasesPerPeriodMax',
  ],
  ['no key', 'topUp', () => topUp({}, ''), 'BAD_USER_INPUT idempotencyKey'],
  [
    'more than 20 a period',
    'previewTopUp',
    () => ({ input: rule({ purchasesPerPeriodMax: 21 }) }),
    'InvalidAmount "purchasesPerPeriodMax"',
  ],
  ['a foreign account', 'previewTopUp', () => ({ input: rule({ accountId: foreign.account }) }), 'NOT_FOUND'],
  ['an unknown pack', 'previewTopUp', () => ({ input: rule({ packId: 'pack.1' }) }), 'PackUnknown'],
  ['a foreign account', 'newMethod', () => ({ accountId: foreign.account }), 'NOT_FOUND'],
  ['a malformed account', 'newMethod', () => ({ accountId: 'acct_1' }), 'BAD_USER_INPUT accountId'],
  [
    'a page of somebody else',
    'newMethod',
    () => ({ accountId: mine.account, returnUrl: 'https://evil.example/' }),
    'BAD_USER_INPUT returnUrl',
  ],
  ['a foreign account', 'noMethod', () => ({ accountId: foreign.account }), 'NOT_FOUND'],
  ['an unknown account', 'noMethod', () => ({ accountId: UNKNOWN.account }), 'NOT_FOUND'],
  ['a malformed purchase', 'readPurchase', () => ({ id: 'pur_1' }), 'BAD_USER_INPUT id'],
  ['a foreign purchase', 'readPurchase', () => ({ id: foreign.paid }), 'NOT_FOUND'],
  ['an unknown purchase', 'readPurchase', () => ({ id: unknownPurchase() }), 'NOT_FOUND'],
  ['none of a list', 'purchases', () => ({ id: mine.account, first: 0 }), 'BAD_USER_INPUT first'],
  ['too many of a list', 'purchases', () => ({ id: mine.account, first: 101 }), 'BAD_USER_INPUT first'],
  ['a cursor that is none', 'purchases', () => ({ id: mine.account, after: 'nonsense' }), 'BAD_USER_INPUT after'],
  ['a cursor of another account', 'purchases', () => ({ id: mine.account, after: foreign.paid }), 'NOT_FOUND'],
  ['a span that ends before it begins', 'statement', () => statement('2026-02-01', '2026-01-01'), 'BAD_USER_INPUT to'],
  ['a day that there is not', 'statement', () => statement('2026-02-30', '2026-03-01'), 'BAD_USER_INPUT from'],
  ['a day that is none', 'statement', () => statement('yesterday', '2026-03-01'), 'BAD_USER_INPUT from'],
  ['a huge span', 'statement', () => statement('0001-01-01', '9999-12-31'), 'BAD_USER_INPUT from'],
  ['less than none of a list', 'periods', () => ({ id: mine.account, first: -1 }), 'BAD_USER_INPUT first'],
  ['too many of a list', 'periods', () => ({ id: mine.account, first: 101 }), 'BAD_USER_INPUT first'],
  ['a cursor that is none', 'periods', () => ({ id: mine.account, after: 'nonsense' }), 'BAD_USER_INPUT after'],
  ['an instant that is none', 'balanceAt', () => ({ id: mine.account, at: 'now' }), 'BAD_USER_INPUT at'],
  ['an instant to come', 'balanceAt', () => ({ id: mine.account, at: '2199-01-01T00:00:00Z' }), 'BAD_USER_INPUT at'],
  ['an instant before the account', 'balanceAt', () => ({ id: mine.account, at: '2001-01-01T00:00:00Z' }), '0'],
  ['a day to come', 'liability', () => ({ at: '2199-01-01' }), 'BAD_USER_INPUT at'],
  ['a day that there is not', 'liability', () => ({ at: '2026-02-30' }), 'BAD_USER_INPUT at'],
];

function unknownPurchase(): string {
  return formatOwnedId('pur', { accountId: parseId('acct', mine.account) ?? '', id: v7() });
}

/** What a program reads from an answer. */
function told({
  data,
  errors = [],
}: {
  readonly data?: unknown;
  readonly errors?: readonly { extensions?: Record<string, unknown> }[];
}): string {
  if (errors.length > 0)
    return errors
      .map(({ extensions }) => [extensions?.['code'], extensions?.['field']].filter(Boolean).join(' '))
      .join('; ');
  const {
    __typename,
    message: _,
    ...rest
  } = ((data as { answer?: Record<string, unknown> } | null)?.answer ?? {}) as Record<string, unknown>;
  return [__typename ?? [], Object.values(rest).map((value) => JSON.stringify(value))].flat().join(' ');
}

const BY_OPERATORS: ReadonlySet<Kind> = new Set(['revoke', 'liability']);

test.each(CASES)('%s (%s): %#', async (_, kind, variables, expected) => {
  const token = BY_OPERATORS.has(kind) ? app.operatorToken : owner;
  const before = await everything();
  const socket = await app.signedIn(token);
  const overHttp = await app.gql(DOCUMENTS[kind], variables(), token);
  const overSocket = await socket.gql(DOCUMENTS[kind], variables());
  socket.close();
  expect([told(overHttp), told(overSocket)]).toEqual([expected, expected]);
  expect(await everything()).toEqual(before);
});
