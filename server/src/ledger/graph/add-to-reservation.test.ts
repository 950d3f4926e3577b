import pg from 'pg';
import { ISO_IN_UTC, ledgerTypes } from '../../db/ledger-types.js';
import { createDataSource } from '../../db/data-source.js';
import { catalogEntities } from '../../catalog/catalog-entities.js';
import { loadCatalog } from '../../catalog/load-catalog.js';
import type { TestApp } from '../../testing/test-app.js';
import { startTestApp } from '../../testing/test-app.js';
import { errorsOf } from '../../testing/test-errors.js';
import { verifyLedger } from '../books/verify.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

type Fields = Readonly<Record<string, unknown>>;
interface Shown extends Fields {
  readonly __typename: string;
  readonly reservation: Fields & { readonly id: string };
}

const RESERVATION = `id status reserved held committed released expiresAt project member reference version mayClose priceListVersion
  lines { operation { code credits } quantity unitCredits credits committed priceListVersion } draws { credits }`;
const RECEIPT = `__typename ... on Problem { message } ... on ReservationReceipt { replayed reservation { ${RESERVATION} } balance { available held version } }
  ... on ReservationClosed { reservation { id status } } ... on InvalidAmount { field min max }`;
const MORE = `... on IdempotencyConflict { fields } ... on QuoteNotValid { reason } ... on InsufficientCredits { needed shortfall replayed holds { id } }
  ... on BudgetExceeded { limit held needed } ... on OperationUnknown { operation } ... on OperationNotInPlan { operation }`;
const DOCUMENTS = {
  reserveCredits: `mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) { ${RECEIPT.replace(/\.\.\. on ReservationClosed \{[^}]*\} \}/, '')} ${MORE} } }`,
  addToReservation: `mutation ($input: AddToReservationInput!) { addToReservation(input: $input) { ${RECEIPT} ${MORE} } }`,
  commitReservation: `mutation ($input: CommitReservationInput!) { commitReservation(input: $input) { ${RECEIPT} ... on IdempotencyConflict { fields } } }`,
  setBudget: `mutation ($input: SetBudgetInput!) { setBudget(input: $input, idempotencyKey: "budget") { __typename } }`,
} as const;

let keys = 0;
const nextKey = () => `key-${(keys += 1)}`;

async function ask(name: keyof typeof DOCUMENTS, input: Fields, token?: string) {
  const keyed = name === 'setBudget' ? input : { idempotencyKey: nextKey(), ...input };
  const answer = await server.gql<Record<string, Shown>>(DOCUMENTS[name], { input: keyed }, token);
  return { result: answer.data?.[name] as Shown, errors: errorsOf(answer) };
}

const image = [{ operation: 'image.short' }];

async function hold(more: Fields = {}, token?: string): Promise<{ accountId: string; id: string }> {
  const accountId = await server.openAccount();
  const { result } = await ask('reserveCredits', { accountId, operations: image, ...more }, token);
  return { accountId, id: result.reservation.id };
}

test('adds priced lines to the hold, answers it under its key again, and a part of each line can be committed', async () => {
  const { id, accountId } = await hold({ project: 'spring', member: 'ann', reference: 'job 7', ttlSeconds: 60 });
  const input = { reservationId: id, idempotencyKey: 'more', operations: [{ operation: 'image.long', quantity: 2 }] };
  const { result } = await ask('addToReservation', input);
  const line = { quantity: 1, unitCredits: 5, credits: 5, committed: 0, priceListVersion: 1 };
  expect(result).toMatchObject({
    __typename: 'ReservationReceipt',
    replayed: false,
    reservation: {
      id,
      status: 'HELD',
      reserved: 45,
      held: 45,
      project: 'spring',
      member: 'ann',
      reference: 'job 7',
      expiresAt: '2026-01-01T00:01:00.000Z',
      mayClose: true,
      lines: [
        { ...line, operation: { code: 'image.short', credits: 5 } },
        { ...line, operation: { code: 'image.long', credits: 20 }, quantity: 2, unitCredits: 20, credits: 40 },
      ],
      draws: [{ credits: 45 }],
    },
    balance: { available: 55, held: 45, version: 3 },
  });
  expect((await ask('addToReservation', input)).result).toEqual({ ...result, replayed: true });
  expect((await ask('addToReservation', { ...input, operations: image })).result).toMatchObject({
    __typename: 'IdempotencyConflict',
    fields: ['operations'],
  });
  const { data } = await server.gql<{ account: { entries: { edges: { node: Fields }[] } } }>(
    'query ($id: ID!) { account(id: $id) { entries(first: 2) { edges { node { kind amount cause explanation } } } } }',
    { id: accountId },
  );
  expect(data?.account.entries.edges.map(({ node }) => node)).toEqual([
    {
      kind: 'RESERVE',
      amount: 40,
      cause: 'ADDED',
      explanation:
        'Held 40 credits more for 2 x Long image (40) at price list 1, added to an open hold, from the monthly allowance.',
    },
    {
      kind: 'RESERVE',
      amount: 5,
      cause: 'RESERVED',
      explanation: 'Held 5 credits for 1 x Short image (5) at price list 1, from the monthly allowance.',
    },
  ]);
  const done = { reservationId: id, operations: [{ operation: 'image.long' }] };
  expect((await ask('commitReservation', done)).result).toMatchObject({
    reservation: { status: 'COMMITTED', committed: 20, released: 25, lines: [{ committed: 0 }, { committed: 20 }] },
  });
});

test('over the WebSocket it is the same mutation', async () => {
  const { id } = await hold();
  const socket = await server.signedIn(server.serviceToken);
  const input = { reservationId: id, idempotencyKey: 'socket', operations: image };
  const { data } = await socket.gql<{ addToReservation: Shown }>(DOCUMENTS.addToReservation, { input });
  expect(data?.addToReservation).toMatchObject({ replayed: false, reservation: { id, held: 10 } });
  expect((await ask('addToReservation', input)).result).toMatchObject({
    replayed: true,
    reservation: { id, held: 10 },
  });
});

test('a line keeps the price list that it was priced on, and is committed at its own price', async () => {
  const { id, accountId } = await hold();
  const quoted = await server.gql<{ quote: { token: string } }>(
    'query ($input: QuoteInput!) { quote(input: $input) { ... on Quote { token } } }',
    { input: { accountId, operations: image } },
  );
  const published = await server.gql<{ publishPriceList: { priceList: { version: number } } }>(
    'mutation ($input: PublishPriceListInput!) { publishPriceList(input: $input) { ... on PriceListReceipt { priceList { version } } } }',
    { input: { idempotencyKey: 'dearer', sandbox: true, prices: [{ operation: 'image.short', credits: 7 }] } },
    server.operatorToken,
  );
  const version = published.data?.publishPriceList.priceList.version ?? 0;
  expect(version).toBeGreaterThan(1);
  await ask('addToReservation', { reservationId: id, operations: [{ operation: 'image.short', quantity: 2 }] });
  const { result } = await ask('addToReservation', { reservationId: id, quoteToken: quoted.data?.quote.token });
  expect(result.reservation).toMatchObject({
    held: 24,
    priceListVersion: 1,
    lines: [
      { unitCredits: 5, priceListVersion: 1, operation: { credits: 5 } },
      { unitCredits: 7, priceListVersion: version, operation: { credits: 7 } },
      { unitCredits: 5, priceListVersion: 1, operation: { credits: 5 } },
    ],
  });
  const done = { reservationId: id, operations: [{ operation: 'image.short', quantity: 2 }], final: false };
  expect((await ask('commitReservation', done)).result).toMatchObject({
    reservation: { status: 'HELD', committed: 12, lines: [{ committed: 5 }, { committed: 7 }, { committed: 0 }] },
  });
  expect((await ask('commitReservation', { ...done, final: true })).result).toMatchObject({
    reservation: { committed: 24, lines: [{ committed: 5 }, { committed: 14 }, { committed: 5 }] },
  });
  const back = { idempotencyKey: 'back', sandbox: true, prices: [{ operation: 'image.short', credits: 5 }] };
  await server.gql(
    'mutation ($input: PublishPriceListInput!) { publishPriceList(input: $input) { __typename } }',
    { input: back },
    server.operatorToken,
  );
});

test('at most 100 lines in all', async () => {
  const { id } = await hold({ operations: Array.from({ length: 60 }, () => ({ operation: 'content.generate' })) });
  const lines = (count: number) => Array.from({ length: count }, () => ({ operation: 'content.generate' }));
  expect((await ask('addToReservation', { reservationId: id, operations: lines(41) })).result).toMatchObject({
    __typename: 'InvalidAmount',
    field: 'operations',
    min: 1,
    max: 40,
  });
  expect((await ask('addToReservation', { reservationId: id, operations: lines(40) })).result).toMatchObject({
    reservation: { held: 0 },
  });
  expect((await ask('addToReservation', { reservationId: id, operations: lines(1) })).result).toMatchObject({
    field: 'operations',
    max: 0,
  });
});

test('budgets deny it as they deny a reserve, by the project and member of the hold', async () => {
  const { id, accountId } = await hold({ project: 'spring', member: 'ann' });
  await ask('setBudget', { accountId, name: 'Spring', project: 'spring', limit: 12 });
  // The hold was there before the budget: it does not count.
  expect((await ask('addToReservation', { reservationId: id, operations: image })).result).toMatchObject({
    reservation: { held: 10 },
  });
  const key = { reservationId: id, idempotencyKey: 'denied', operations: [{ operation: 'image.short', quantity: 2 }] };
  const denied = { __typename: 'BudgetExceeded', limit: 12, held: 5, needed: 10 };
  expect((await ask('addToReservation', key)).result).toMatchObject(denied);
  expect((await ask('addToReservation', key)).result).toMatchObject(denied);
  expect((await ask('commitReservation', { reservationId: id })).result).toMatchObject({
    reservation: { committed: 10 },
  });
});

test('who may: who opened it, and services; a viewer and another member may not, and mayClose says so', async () => {
  const accountId = await server.openAccount();
  const [ann, ben, eve] = await Promise.all([
    server.userToken(accountId, 'member', 'ann'),
    server.userToken(accountId, 'owner', 'ben'),
    server.userToken(accountId, 'viewer', 'eve'),
  ]);
  const { id } = (await ask('reserveCredits', { accountId, operations: image }, ann)).result.reservation;
  const more = { reservationId: id, operations: image };
  for (const token of [ben, eve])
    expect((await ask('addToReservation', more, token)).errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  expect((await ask('addToReservation', more, ann)).result).toMatchObject({ reservation: { held: 10 } });
  const mayClose = async (token: string) =>
    (
      await server.gql<{ reservation: { mayClose: boolean } }>(
        'query ($id: ID!) { reservation(id: $id) { mayClose } }',
        { id },
        token,
      )
    ).data?.reservation.mayClose;
  const reader = await server.token({ kind: 'service', scope: 'credits:read' });
  expect(await Promise.all([ann, ben, eve, server.serviceToken, server.operatorToken, reader].map(mayClose))).toEqual([
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
});

test.each([
  ['a fraction', { operations: [{ operation: 'image.short', quantity: 1.5 }] }, { code: 'BAD_USER_INPUT' }],
  ['no operations and no token', {}, { field: 'operations' }],
  ['both', { operations: image, quoteToken: 'q1.x' }, { field: 'operations' }],
  ['an empty list', { operations: [] }, { field: 'operations' }],
  ['101 lines', { operations: Array.from({ length: 101 }, () => image[0]) }, { field: 'operations' }],
  ['a quantity of 0', { operations: [{ operation: 'image.short', quantity: 0 }] }, { field: 'operations[0].quantity' }],
  ['a forged token', { quoteToken: 'q1.forged' }, { __typename: 'QuoteNotValid', reason: 'FORGED' }],
  ['an unknown operation', { operations: [{ operation: 'image.gone' }] }, { operation: 'image.gone' }],
  ['other credits', { operations: [{ operation: 'deep_scan' }] }, { __typename: 'MixedCreditTypes' }],
  ['a key with a space', { operations: image, idempotencyKey: 'a b' }, { code: 'BAD_USER_INPUT' }],
  ['a malformed id', { operations: image, reservationId: 'rsv_1' }, { code: 'BAD_USER_INPUT' }],
  ['an unknown hold', { operations: image, reservationId: `rsv_${'0'.repeat(52)}` }, { code: 'NOT_FOUND' }],
])('bad input: %s, over both doors', async (_, more, expected) => {
  const { id } = await hold();
  const input = { reservationId: id, idempotencyKey: nextKey(), ...more };
  const { result, errors } = await ask('addToReservation', input);
  expect(errors?.[0] ?? result).toMatchObject(expected);
  const socket = await server.signedIn(server.serviceToken);
  const answer = await socket.gql<{ addToReservation: Shown }>(DOCUMENTS.addToReservation, { input });
  expect(errorsOf(answer)?.[0] ?? answer.data?.addToReservation).toMatchObject(expected);
  socket.close();
  const { data } = await server.gql('query ($id: ID!) { reservation(id: $id) { held version } }', { id });
  expect(data).toEqual({ reservation: { held: 5, version: 2 } });
});

test('20 additions at once on what is left: exactly those that fit, and the books are right', async () => {
  const { id } = await hold();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      ask('addToReservation', { reservationId: id, operations: [{ operation: 'image.mid' }] }),
    ),
  );
  const named = answers.map(({ result }) => result.__typename);
  expect(named.filter((name) => name === 'ReservationReceipt')).toHaveLength(9);
  expect(named.filter((name) => name === 'InsufficientCredits')).toHaveLength(11);
  // Its own hold is not in the way of what is added to it.
  const refused = answers.find(({ result }) => result.__typename === 'InsufficientCredits');
  expect(refused?.result).toMatchObject({ needed: 10, shortfall: 5, holds: [] });
  const pool = new pg.Pool({
    connectionString: server.databaseUrl,
    types: ledgerTypes,
    options: ISO_IN_UTC,
    max: 2,
  });
  const dataSource = await createDataSource({ url: server.databaseUrl, entities: catalogEntities }).initialize();
  try {
    expect((await verifyLedger({ pool, catalog: await loadCatalog(dataSource) })).problems).toEqual([]);
  } finally {
    await dataSource.destroy();
    await pool.end();
  }
});
