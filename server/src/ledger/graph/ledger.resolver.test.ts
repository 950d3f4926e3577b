import type { TestApp } from '../../testing/test-app.js';
import { startTestApp } from '../../testing/test-app.js';
import { errorsOf } from '../../testing/test-errors.js';

let server: TestApp;
let accountId: string;
let reservationId: string;

const RECEIPT = `__typename ... on Problem { message } ... on InvalidAmount { field } ... on OperationUnknown { operation } ... on OperationNotInPlan { operation plan upgrade { code } replayed }
  ... on IdempotencyConflict { fields } ... on QuoteNotValid { reason } ... on ReservationReceipt { replayed reservation { id status held committed uncollected expiresAt } balance { available held } }`;
const CLOSING = `__typename ... on Problem { message } ... on InvalidAmount { field } ... on IdempotencyConflict { fields } ... on ReservationClosed { reservation { id status } }
  ... on CommitExceedsReservation { held requested } ... on ReservationReceipt { replayed reservation { id status held committed uncollected expiresAt } balance { available held } }`;
const MUTATIONS = {
  reserveCredits: `mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) { ${RECEIPT} } }`,
  spendCredits: `mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { ${RECEIPT} } }`,
  commitReservation: `mutation ($input: CommitReservationInput!) { commitReservation(input: $input) { ${CLOSING} } }`,
  releaseReservation: `mutation ($input: ReleaseReservationInput!) { releaseReservation(input: $input) { ${CLOSING.replace('... on InvalidAmount { field }', '').replace('... on CommitExceedsReservation { held requested }', '')} } }`,
  extendReservation: `mutation ($input: ExtendReservationInput!) { extendReservation(input: $input) { ${CLOSING.replace('... on CommitExceedsReservation { held requested }', '')} } }`,
  grantCredits: `mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { __typename ... on Problem { message } ... on InvalidAmount { field } ... on IdempotencyConflict { fields } ... on GrantReceipt { replayed grant { id } balance { available } } } }`,
  revokeGrant: `mutation ($input: RevokeGrantInput!) { revokeGrant(input: $input) { __typename ... on Problem { message } ... on InvalidAmount { field } ... on IdempotencyConflict { fields } ... on GrantReceipt { replayed grant { id available held revoked } balance { available } } } }`,
  quote: `query ($input: QuoteInput!) { quote(input: $input) { __typename ... on Problem { message } ... on InvalidAmount { field } ... on OperationUnknown { operation } ... on Quote { token } } }`,
} as const;
type Name = keyof typeof MUTATIONS;

interface Result {
  readonly __typename: string;
  readonly token: string;
  readonly reservation: { readonly id: string };
  readonly [field: string]: unknown;
}

let keys = 0;
const nextKey = () => `key-${(keys += 1)}`;

async function ask(name: Name, input: Record<string, unknown>, token?: string) {
  const answer = await server.gql<Record<string, Result>>(
    MUTATIONS[name],
    { input: name === 'quote' ? input : { idempotencyKey: nextKey(), ...input } },
    token ?? (name === 'grantCredits' || name === 'revokeGrant' ? server.operatorToken : server.serviceToken),
  );
  return { result: answer.data?.[name] as Result, errors: errorsOf(answer) };
}

async function versionOf(id: string): Promise<unknown> {
  return (await server.gql('query ($id: ID!) { balance(accountId: $id) { version available held used } }', { id }))
    .data;
}

const image = [{ operation: 'image.short' }];

beforeAll(async () => {
  server = await startTestApp();
  accountId = await server.openAccount();
  reservationId = (await ask('reserveCredits', { accountId, operations: image })).result.reservation.id;
});
afterAll(() => server.close());

const lines = (count: number) => Array.from({ length: count }, () => ({ operation: 'image.short' }));

/** Whatever is wrong with the input alone: the answer, and that nothing changed. `@` stands for the account, `#` for an open hold. */
const BAD_INPUT: readonly [
  what: string,
  name: Name,
  input: Record<string, unknown>,
  answer: Record<string, unknown>,
][] = [
  [
    'a fraction of an operation',
    'reserveCredits',
    { accountId: '@', operations: [{ operation: 'image.short', quantity: 1.5 }] },
    { code: 'BAD_USER_INPUT', field: 'operations[0].quantity' },
  ],
  [
    '2^53 of an operation',
    'reserveCredits',
    { accountId: '@', operations: [{ operation: 'image.short', quantity: 2 ** 53 }] },
    { code: 'BAD_USER_INPUT', field: 'operations[0].quantity' },
  ],
  [
    'a quantity as text',
    'reserveCredits',
    { accountId: '@', operations: [{ operation: 'image.short', quantity: '2' }] },
    { code: 'BAD_USER_INPUT', field: 'operations[0].quantity' },
  ],
  [
    'a negative quantity',
    'reserveCredits',
    { accountId: '@', operations: [{ operation: 'image.short', quantity: -1 }] },
    { __typename: 'InvalidAmount', field: 'operations[0].quantity' },
  ],
  [
    'a quantity of 0',
    'spendCredits',
    { accountId: '@', operations: [...image, { operation: 'image.short', quantity: 0 }] },
    { __typename: 'InvalidAmount', field: 'operations[1].quantity' },
  ],
  [
    'a quantity of 10,001',
    'quote',
    { accountId: '@', operations: [{ operation: 'image.short', quantity: 10_001 }] },
    { __typename: 'InvalidAmount', field: 'operations[0].quantity' },
  ],
  [
    'no operations',
    'reserveCredits',
    { accountId: '@', operations: [] },
    { __typename: 'InvalidAmount', field: 'operations' },
  ],
  ['no operations', 'quote', { accountId: '@', operations: [] }, { __typename: 'InvalidAmount', field: 'operations' }],
  [
    '101 lines',
    'spendCredits',
    { accountId: '@', operations: lines(101) },
    { __typename: 'InvalidAmount', field: 'operations' },
  ],
  [
    '101 lines',
    'quote',
    { accountId: '@', operations: lines(101) },
    { __typename: 'InvalidAmount', field: 'operations' },
  ],
  [
    'neither token nor operations',
    'reserveCredits',
    { accountId: '@' },
    { __typename: 'InvalidAmount', field: 'operations' },
  ],
  [
    'token and operations',
    'reserveCredits',
    { accountId: '@', operations: image, quoteToken: 'q1.a.b' },
    { __typename: 'InvalidAmount', field: 'operations' },
  ],
  [
    'an unknown operation',
    'reserveCredits',
    { accountId: '@', operations: [{ operation: 'image.huge' }] },
    { __typename: 'OperationUnknown', operation: 'image.huge' },
  ],
  [
    'an unknown operation',
    'quote',
    { accountId: '@', operations: [{ operation: 'image.huge' }] },
    { __typename: 'OperationUnknown', operation: 'image.huge' },
  ],
  [
    'mixed credit types',
    'reserveCredits',
    { accountId: '@', operations: [...image, { operation: 'deep_scan' }] },
    { __typename: 'MixedCreditTypes' },
  ],
  [
    'mixed credit types',
    'quote',
    { accountId: '@', operations: [...image, { operation: 'deep_scan' }] },
    { __typename: 'MixedCreditTypes' },
  ],
  [
    'a forged token',
    'reserveCredits',
    { accountId: '@', quoteToken: 'q1.a.b' },
    { __typename: 'QuoteNotValid', reason: 'FORGED' },
  ],
  [
    'ttl 0',
    'reserveCredits',
    { accountId: '@', operations: image, ttlSeconds: 0 },
    { __typename: 'InvalidAmount', field: 'ttlSeconds' },
  ],
  [
    'ttl 86,401',
    'reserveCredits',
    { accountId: '@', operations: image, ttlSeconds: 86_401 },
    { __typename: 'InvalidAmount', field: 'ttlSeconds' },
  ],
  [
    'ttl 2^31',
    'reserveCredits',
    { accountId: '@', operations: image, ttlSeconds: 2 ** 31 },
    { code: 'BAD_USER_INPUT', field: 'ttlSeconds' },
  ],
  [
    'ttl null',
    'reserveCredits',
    { accountId: '@', operations: image, ttlSeconds: null },
    { code: 'BAD_USER_INPUT', field: 'ttlSeconds' },
  ],
  [
    'ttl 0',
    'extendReservation',
    { reservationId: '#', ttlSeconds: 0 },
    { __typename: 'InvalidAmount', field: 'ttlSeconds' },
  ],
  [
    'ttl -1',
    'extendReservation',
    { reservationId: '#', ttlSeconds: -1 },
    { __typename: 'InvalidAmount', field: 'ttlSeconds' },
  ],
  [
    'a ttl that shortens',
    'extendReservation',
    { reservationId: '#', ttlSeconds: 1 },
    { __typename: 'InvalidAmount', field: 'ttlSeconds' },
  ],
  [
    'a long project',
    'reserveCredits',
    { accountId: '@', operations: image, project: 'p'.repeat(201) },
    { __typename: 'InvalidAmount', field: 'project' },
  ],
  [
    'a long reference',
    'spendCredits',
    { accountId: '@', operations: image, reference: 'r'.repeat(201) },
    { __typename: 'InvalidAmount', field: 'reference' },
  ],
  [
    'NUL in the project',
    'reserveCredits',
    { accountId: '@', operations: image, project: 'a\0b' },
    { code: 'BAD_USER_INPUT', field: 'project' },
  ],
  [
    'NUL in the member',
    'reserveCredits',
    { accountId: '@', operations: image, member: '\0' },
    { code: 'BAD_USER_INPUT', field: 'member' },
  ],
  [
    'a key of 300 characters',
    'reserveCredits',
    { accountId: '@', operations: image, idempotencyKey: 'k'.repeat(300) },
    { code: 'BAD_USER_INPUT', field: 'idempotencyKey' },
  ],
  [
    'an empty key',
    'spendCredits',
    { accountId: '@', operations: image, idempotencyKey: '' },
    { code: 'BAD_USER_INPUT', field: 'idempotencyKey' },
  ],
  [
    'a key with a space',
    'commitReservation',
    { reservationId: '#', idempotencyKey: 'a b' },
    { code: 'BAD_USER_INPUT', field: 'idempotencyKey' },
  ],
  [
    'a key that is not ASCII',
    'releaseReservation',
    { reservationId: '#', idempotencyKey: 'clé' },
    { code: 'BAD_USER_INPUT', field: 'idempotencyKey' },
  ],
  [
    'a malformed account',
    'reserveCredits',
    { accountId: 'acct_1', operations: image },
    { code: 'BAD_USER_INPUT', field: 'accountId' },
  ],
  [
    'a malformed reservation',
    'commitReservation',
    { reservationId: 'rsv_1' },
    { code: 'BAD_USER_INPUT', field: 'reservationId' },
  ],
  [
    'an account for a reservation',
    'releaseReservation',
    { reservationId: '@' },
    { code: 'BAD_USER_INPUT', field: 'reservationId' },
  ],
  [
    'an unknown account',
    'spendCredits',
    { accountId: `acct_${'0'.repeat(26)}`, operations: image },
    { code: 'NOT_FOUND' },
  ],
  [
    'an unknown reservation of an unknown account',
    'commitReservation',
    { reservationId: `rsv_${'0'.repeat(52)}` },
    { code: 'NOT_FOUND' },
  ],
  ['an unknown reservation', 'extendReservation', { reservationId: 'rsv_@', ttlSeconds: 60 }, { code: 'NOT_FOUND' }],
  [
    'an unknown field',
    'reserveCredits',
    { accountId: '@', operations: image, discount: 5 },
    { code: 'BAD_USER_INPUT', field: 'discount' },
  ],
  [
    'an unknown outcome',
    'commitReservation',
    { reservationId: '#', outcome: 'PERFECT' },
    { code: 'BAD_USER_INPUT', field: 'outcome' },
  ],
  [
    'a fraction of a credit',
    'commitReservation',
    { reservationId: '#', amount: 0.5 },
    { code: 'BAD_USER_INPUT', field: 'amount' },
  ],
  [
    'a negative amount',
    'commitReservation',
    { reservationId: '#', amount: -1 },
    { code: 'BAD_USER_INPUT', field: 'amount' },
  ],
  [
    'an amount of 2^53',
    'commitReservation',
    { reservationId: '#', amount: 2 ** 53 },
    { code: 'BAD_USER_INPUT', field: 'amount' },
  ],
  [
    'more than is held',
    'commitReservation',
    { reservationId: '#', amount: 6 },
    { __typename: 'CommitExceedsReservation', held: 5, requested: 6 },
  ],
  [
    'amount and operations',
    'commitReservation',
    { reservationId: '#', amount: 5, operations: image },
    { __typename: 'InvalidAmount', field: 'amount' },
  ],
  [
    'a failure with an amount',
    'commitReservation',
    { reservationId: '#', amount: 0, outcome: 'FAILED' },
    { __typename: 'InvalidAmount', field: 'amount' },
  ],
  [
    'a failure with operations',
    'commitReservation',
    { reservationId: '#', operations: image, outcome: 'BLOCKED' },
    { __typename: 'InvalidAmount', field: 'operations' },
  ],
  [
    'a failure that is not final',
    'commitReservation',
    { reservationId: '#', final: false, outcome: 'CANCELED' },
    { __typename: 'InvalidAmount', field: 'final' },
  ],
  [
    'operations that were not reserved',
    'commitReservation',
    { reservationId: '#', operations: [{ operation: 'image.mid' }] },
    { __typename: 'InvalidAmount', field: 'operations[0].operation' },
  ],
  [
    'a grant of 0',
    'grantCredits',
    { accountId: '@', credits: 0, reason: 'r' },
    { __typename: 'InvalidAmount', field: 'credits' },
  ],
  [
    'a grant of 10^12 + 1',
    'grantCredits',
    { accountId: '@', credits: 10 ** 12 + 1, reason: 'r' },
    { __typename: 'InvalidAmount', field: 'credits' },
  ],
  [
    'a grant of allowance',
    'grantCredits',
    { accountId: '@', credits: 1, source: 'ALLOWANCE', reason: 'r' },
    { __typename: 'InvalidAmount', field: 'source' },
  ],
  [
    'a grant that has expired',
    'grantCredits',
    { accountId: '@', credits: 1, expiresAt: '2026-01-01T00:00:00Z', reason: 'r' },
    { __typename: 'InvalidAmount', field: 'expiresAt' },
  ],
  [
    'a grant until no day',
    'grantCredits',
    { accountId: '@', credits: 1, expiresAt: '2026-02-30T00:00:00Z', reason: 'r' },
    { code: 'BAD_USER_INPUT', field: 'expiresAt' },
  ],
  [
    'a grant without reason',
    'grantCredits',
    { accountId: '@', credits: 1, reason: '' },
    { __typename: 'InvalidAmount', field: 'reason' },
  ],
  [
    'a revoke of no grant',
    'revokeGrant',
    { accountId: '@', grantId: 'grant_1', reason: 'r' },
    { code: 'BAD_USER_INPUT', field: 'grantId' },
  ],
  [
    'a revoke of an unknown grant',
    'revokeGrant',
    { accountId: '@', grantId: `grant_${'0'.repeat(26)}`, reason: 'r' },
    { code: 'NOT_FOUND' },
  ],
  [
    'a revoke without reason',
    'revokeGrant',
    { accountId: '@', grantId: `grant_${'0'.repeat(26)}`, reason: '' },
    { __typename: 'InvalidAmount', field: 'reason' },
  ],
  [
    'a revoke for a reason of 201 characters',
    'revokeGrant',
    { accountId: '@', grantId: `grant_${'0'.repeat(26)}`, reason: 'r'.repeat(201) },
    { __typename: 'InvalidAmount', field: 'reason' },
  ],
  [
    'a revoke with a key of 256 characters',
    'revokeGrant',
    { accountId: '@', grantId: `grant_${'0'.repeat(26)}`, reason: 'r', idempotencyKey: 'k'.repeat(256) },
    { code: 'BAD_USER_INPUT', field: 'idempotencyKey' },
  ],
];

test.each(BAD_INPUT)('%s to %s is refused and changes nothing', async (_, name, input, expected) => {
  const own = Object.entries(input).map(([field, value]) => [
    field,
    value === '@'
      ? accountId
      : value === '#'
        ? reservationId
        : value === 'rsv_@'
          ? `rsv_${accountId.slice(5)}${'0'.repeat(26)}`
          : value,
  ]);
  const before = await versionOf(accountId);
  const { result, errors } = await ask(name, Object.fromEntries(own));
  if ('code' in expected) expect(errors).toMatchObject([expected]);
  else expect({ result, errors }).toMatchObject({ result: expected, errors: [] });
  expect(await versionOf(accountId)).toEqual(before);
});

test('an operation outside the plan names the plan that has it', async () => {
  const free = await server.openAccount({ plan: 'FREE' });
  const { result } = await ask('reserveCredits', { accountId: free, operations: image });
  expect(result).toMatchObject({
    __typename: 'OperationNotInPlan',
    message: 'The Free plan does not include image.short; Pro does.',
    operation: 'image.short',
    plan: 'FREE',
    upgrade: { code: 'PRO' },
    replayed: false,
  });
});

test('a quote of another account, and one that has expired, are not valid; a replay outlives its token', async () => {
  const account = await server.openAccount();
  const { token } = (await ask('quote', { accountId: account, operations: image })).result;
  expect((await ask('reserveCredits', { accountId, quoteToken: token })).result).toMatchObject({
    __typename: 'QuoteNotValid',
    reason: 'OTHER_ACCOUNT',
  });
  const input = { accountId: account, quoteToken: token, idempotencyKey: nextKey() };
  const first = (await ask('reserveCredits', input)).result;
  await server.gql('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId: account, to: '2026-01-01T00:10:00Z' },
  });
  expect((await ask('spendCredits', { accountId: account, quoteToken: token })).result).toMatchObject({
    __typename: 'QuoteNotValid',
    reason: 'EXPIRED',
  });
  expect((await ask('reserveCredits', input)).result).toMatchObject({
    replayed: true,
    reservation: { id: first.reservation.id },
  });
});

test('a key with the same input answers the first decision, also with defaults and nulls written out', async () => {
  const account = await server.openAccount();
  const input = { accountId: account, operations: image, idempotencyKey: nextKey() };
  const first = (await ask('reserveCredits', input)).result;
  expect(first).toMatchObject({ replayed: false });
  for (const same of [
    {},
    { ttlSeconds: 900, project: null, quoteToken: null },
    { operations: [{ operation: 'image.short', quantity: 1 }] },
    { project: '' },
  ]) {
    expect((await ask('reserveCredits', { ...input, ...same })).result).toMatchObject({
      replayed: true,
      reservation: { id: first.reservation.id },
      balance: { available: 95 },
    });
  }
  expect((await ask('reserveCredits', input, server.operatorToken)).result).toMatchObject({ replayed: true });
});

test.each([
  ['operations', { operations: [{ operation: 'image.short', quantity: 2 }] }, ['operations']],
  ['ttlSeconds and project', { ttlSeconds: 60, project: 'p' }, ['project', 'ttlSeconds']],
  ['member', { member: 'ada' }, ['member']],
  ['reference', { reference: 'r' }, ['reference']],
])('a key with another %s is a conflict', async (_, other, fields) => {
  const account = await server.openAccount();
  const input = { accountId: account, operations: image, idempotencyKey: nextKey() };
  await ask('reserveCredits', input);
  const { result } = await ask('reserveCredits', { ...input, ...other });
  expect(result['__typename']).toBe('IdempotencyConflict');
  expect([...(result['fields'] as string[])].sort()).toEqual(fields);
});

test('keys of users are apart from each other and from those of services; each mutation has its own', async () => {
  const account = await server.openAccount();
  const input = { accountId: account, operations: image, idempotencyKey: nextKey() };
  const tokens = [
    server.serviceToken,
    await server.userToken(account, 'owner', 'ada'),
    await server.userToken(account, 'member', 'bob'),
  ];
  for (const token of tokens)
    expect((await ask('reserveCredits', input, token)).result).toMatchObject({ replayed: false });
  const { result } = await ask('reserveCredits', input, tokens[1]);
  expect(result).toMatchObject({ replayed: true });
  // A member left out compares as left out, and not as the caller whom it stands for.
  const named = { ...input, member: 'ada' };
  expect((await ask('reserveCredits', named, tokens[1])).result).toMatchObject({
    __typename: 'IdempotencyConflict',
    fields: ['member'],
  });
  for (const replayed of [false, true])
    expect(
      (await ask('reserveCredits', { ...named, idempotencyKey: `${input.idempotencyKey}-named` }, tokens[1])).result,
    ).toMatchObject({ replayed });
  expect((await ask('spendCredits', input)).result).toMatchObject({
    replayed: false,
    reservation: { status: 'COMMITTED' },
  });
  const commit = { reservationId: result.reservation.id, idempotencyKey: input.idempotencyKey };
  expect((await ask('commitReservation', commit)).result).toMatchObject({ replayed: false });
  expect((await ask('commitReservation', { ...commit, final: false })).result).toMatchObject({
    __typename: 'IdempotencyConflict',
    fields: ['final'],
  });
});

test('who may: members spend, viewers read, users act for themselves and close what they opened', async () => {
  const account = await server.openAccount();
  const [ada, bob, eve] = [
    await server.userToken(account, 'member', 'ada'),
    await server.userToken(account, 'owner', 'bob'),
    await server.userToken(account, 'viewer', 'eve'),
  ];
  const denied = { errors: [{ code: 'FORBIDDEN' }] };
  expect(await ask('reserveCredits', { accountId: account, operations: image }, eve)).toMatchObject(denied);
  expect(await ask('reserveCredits', { accountId: account, operations: image, member: 'bob' }, ada)).toMatchObject(
    denied,
  );
  const { id } = (await ask('reserveCredits', { accountId: account, operations: image, member: 'ada' }, ada)).result
    .reservation;
  for (const [name, more] of [
    ['commitReservation', {}],
    ['releaseReservation', {}],
    ['extendReservation', { ttlSeconds: 3600 }],
  ] as const) {
    expect(await ask(name, { reservationId: id, ...more }, bob)).toMatchObject(denied);
  }
  expect((await ask('extendReservation', { reservationId: id, ttlSeconds: 3600 }, ada)).result).toMatchObject({
    reservation: { expiresAt: '2026-01-01T01:00:00.000Z' },
  });
  expect((await ask('releaseReservation', { reservationId: id })).result).toMatchObject({
    reservation: { status: 'RELEASED' },
    balance: { available: 100 },
  });
  expect((await ask('commitReservation', { reservationId: id }, ada)).result).toMatchObject({
    __typename: 'ReservationClosed',
    message: 'This reservation was closed before: it was released.',
    reservation: { id, status: 'RELEASED' },
  });
  const stranger = await server.userToken(accountId);
  expect(await ask('commitReservation', { reservationId: id }, stranger)).toMatchObject({
    errors: [{ code: 'NOT_FOUND' }],
  });
  expect(await ask('grantCredits', { accountId: account, credits: 1, reason: 'r' }, server.serviceToken)).toMatchObject(
    denied,
  );
});

test('over what is held: the difference is held first, what no credits cover is uncollected', async () => {
  const account = await server.openAccount();
  const { id } = (
    await ask('reserveCredits', { accountId: account, operations: [{ operation: 'image.long', quantity: 4 }] })
  ).result.reservation;
  expect(
    (await ask('commitReservation', { reservationId: id, amount: 130, policy: 'IF_AVAILABLE' })).result,
  ).toMatchObject({
    reservation: { status: 'COMMITTED', committed: 100, uncollected: 30, held: 0 },
    balance: { available: 0, held: 0 },
  });
});

const RESERVE_MANY = `mutation ($inputs: [ReserveCreditsInput!]!) { reserveMany(inputs: $inputs) { ${RECEIPT} } }`;
const COMMIT_MANY = `mutation ($inputs: [CommitReservationInput!]!) { commitMany(inputs: $inputs) { ${CLOSING} } }`;

test('reserveMany: a result each in order; what cannot be answered is null with an error at its index', async () => {
  const account = await server.openAccount();
  const [first, second] = [nextKey(), nextKey()];
  const inputs = [
    { accountId: account, idempotencyKey: first, operations: image },
    { accountId: `acct_${'0'.repeat(26)}`, idempotencyKey: nextKey(), operations: image },
    { accountId: account, idempotencyKey: nextKey(), operations: [{ operation: 'video.long' }] },
    { accountId: account, idempotencyKey: 'not a key', operations: image },
    { accountId: account, idempotencyKey: first, operations: image },
    { accountId: account, idempotencyKey: second, operations: [] },
    { accountId: account, idempotencyKey: second, operations: image },
  ];
  const answer = await server.gql<{ reserveMany: (Result | null)[] }>(RESERVE_MANY, { inputs });
  expect(answer.status).toBe(200);
  expect(errorsOf(answer)).toEqual([
    { code: 'NOT_FOUND', path: 'reserveMany.1' },
    { code: 'BAD_USER_INPUT', field: 'idempotencyKey', path: 'reserveMany.3' },
  ]);
  const results = answer.data?.reserveMany ?? [];
  expect(results.map((result) => result && [result.__typename, result['replayed']])).toEqual([
    ['ReservationReceipt', false],
    null,
    ['InsufficientCredits', undefined],
    null,
    ['ReservationReceipt', true],
    ['InvalidAmount', undefined],
    ['ReservationReceipt', false],
  ]);
  expect(results[4]?.reservation.id).toBe(results[0]?.reservation.id);
  expect((await ask('reserveCredits', { ...inputs[0] })).result).toMatchObject({
    replayed: true,
    reservation: { id: results[0]?.reservation.id },
  });

  const commits = await server.gql<{ commitMany: (Result | null)[] }>(COMMIT_MANY, {
    inputs: [
      { reservationId: results[0]?.reservation.id, idempotencyKey: nextKey() },
      { reservationId: 'rsv_x', idempotencyKey: nextKey() },
      { reservationId: results[6]?.reservation.id, idempotencyKey: nextKey(), outcome: 'FAILED' },
      { reservationId: results[0]?.reservation.id, idempotencyKey: nextKey() },
    ],
  });
  expect(errorsOf(commits)).toEqual([{ code: 'BAD_USER_INPUT', field: 'reservationId', path: 'commitMany.1' }]);
  expect(commits.data?.commitMany).toMatchObject([
    { __typename: 'ReservationReceipt', reservation: { status: 'COMMITTED', committed: 5 } },
    null,
    { __typename: 'ReservationReceipt', reservation: { status: 'COMMITTED', committed: 0 } },
    { __typename: 'ReservationClosed', reservation: { status: 'COMMITTED' } },
  ]);
});

test('reserveMany takes 1 to 256 inputs', async () => {
  const account = await server.openAccount({ plan: 'ENTERPRISE' });
  const inputs = (count: number) =>
    Array.from({ length: count }, () => ({
      accountId: account,
      idempotencyKey: nextKey(),
      operations: [{ operation: 'regeneration.basic' }],
    }));
  const LEAN = 'mutation ($inputs: [ReserveCreditsInput!]!) { reserveMany(inputs: $inputs) { __typename } }';
  for (const count of [0, 257]) {
    const answer = await server.gql(LEAN, { inputs: inputs(count) });
    expect([answer.data, errorsOf(answer)]).toEqual([
      null,
      [{ code: 'BAD_USER_INPUT', field: 'inputs', path: 'reserveMany' }],
    ]);
  }
  const { data } = await server.gql<{ reserveMany: Result[] }>(LEAN, { inputs: inputs(256) });
  expect(data?.reserveMany.filter(({ __typename }) => __typename === 'ReservationReceipt')).toHaveLength(256);
  expect(await versionOf(account)).toMatchObject({ balance: { available: 244, held: 256, version: 257 } });
});

test('revokeGrant: a receipt with the grant and the balance, a reason in the history, a key that answers once', async () => {
  const account = await server.openAccount();
  const given = await ask('grantCredits', { accountId: account, credits: 40, reason: 'Launch week' });
  const grantId = (given.result['grant'] as { id: string }).id;
  const [idempotencyKey, reason] = [nextKey(), 'Meant for another customer'];
  const input = { accountId: account, grantId, reason, idempotencyKey };
  const revoked = {
    __typename: 'GrantReceipt',
    grant: { id: grantId, available: 0, revoked: 40 },
    balance: { available: 100 },
  };
  expect((await ask('revokeGrant', input)).result).toMatchObject({ ...revoked, replayed: false });
  expect((await ask('revokeGrant', input)).result).toMatchObject({ ...revoked, replayed: true });
  expect((await ask('revokeGrant', { ...input, reason: 'Another' })).result).toMatchObject({ fields: ['reason'] });
  expect((await ask('revokeGrant', { ...input, idempotencyKey: nextKey() })).result).toMatchObject({
    ...revoked,
    replayed: false,
  });
  const lists = await server.gql<{
    account: { entries: { edges: { node: { explanation: string; actor: string } }[] } };
  }>('query ($id: ID!) { account(id: $id) { entries(first: 2) { edges { node { explanation actor } } } } }', {
    id: account,
  });
  expect(lists.data?.account.entries.edges.map(({ node }) => node.explanation)).toEqual([
    'Took back 40 credits of a promotion: Meant for another customer.',
    'A promotion of 40 credits, never expires: Launch week.',
  ]);
  const log = await server.gql<{ auditLog: { edges: { node: { action: string; summary: string } }[] } }>(
    'query ($id: ID!) { auditLog(accountId: $id, first: 2) { edges { node { action summary } } } }',
    { id: account },
    await server.userToken(account),
  );
  expect(log.data?.auditLog.edges.map(({ node }) => node)).toEqual([
    { action: 'grant.revoked', summary: 'Took back 40 credits of a grant of PROMOTION: Meant for another customer' },
    { action: 'grant.created', summary: 'Granted 40 credits as PROMOTION, which never expire: Launch week' },
  ]);
  const stranger = await server.openAccount();
  expect(await ask('revokeGrant', { ...input, accountId: stranger, idempotencyKey: nextKey() })).toMatchObject({
    errors: [{ code: 'NOT_FOUND' }],
  });
  for (const token of [await server.userToken(account), server.serviceToken])
    expect((await ask('revokeGrant', { ...input, idempotencyKey: nextKey() }, token)).errors).toMatchObject([
      { code: 'FORBIDDEN' },
    ]);
});
