import { startTestApp } from '../testing/test-app.js';
import type { GraphQLAnswer, TestApp } from '../testing/test-app.js';
import type { RawSocket, WireMessage } from '../testing/test-socket.js';
import { until } from '../testing/test-until.js';

let a: TestApp;
let b: TestApp;

beforeAll(async () => {
  a = await startTestApp();
  b = await a.another();
});
afterEach(async () => {
  for (const { app } of [a, b]) await until(() => app.live.hub.readerCount + app.live.feed.readerCount === 0);
});
afterAll(() => a.close());

interface Page {
  readonly account: {
    readonly events: {
      readonly edges: {
        readonly node: { readonly id: string; readonly reset: { readonly period: { readonly number: number } } };
      }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    };
  };
}

const EVENT =
  'id type accountId creditType at level threshold credits message reservationId grantId purchaseId budgetId plan balance { available version } reset { forfeited rolledOver granted nextResetAt period { number start end } }';
const BALANCE =
  'subscription B($accountId: ID!) { balanceChanged(accountId: $accountId) { id available held version } }';
const EVENTS = `subscription E($accountId: ID, $types: [EventType!], $after: ID) { creditEvents(accountId: $accountId, types: $types, after: $after) { ${EVENT} } }`;
const LOW =
  'subscription L($accountId: ID, $after: ID) { lowBalance(accountId: $accountId, after: $after) { id type message } }';

const payloadOf = ({ payload }: WireMessage, field: string): Record<string, unknown> | undefined =>
  (payload as { data: Record<string, Record<string, unknown>> }).data[field];

async function spend(app: TestApp, accountId: string, operation: string, quantity = 1): Promise<void> {
  const { data } = await app.gql<{ spendCredits: { __typename: string } }>(
    'mutation S($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }',
    { input: { accountId, idempotencyKey: crypto.randomUUID(), operations: [{ operation, quantity }] } },
  );
  expect(data?.spendCredits.__typename).toBe('ReservationReceipt');
}

const isLive = (app: TestApp, readers: number): Promise<number> => until(() => app.app.live.feed.liveCount === readers);

test('what is spent through one server is seen by a person who is connected to another', async () => {
  const account = await a.openAccount();
  const person = await b.signedIn(await b.userToken(account, 'viewer'));
  person.subscribe(BALANCE, { accountId: account });
  expect(payloadOf(await person.next(), 'balanceChanged')).toEqual({
    id: `${account}:STANDARD`,
    available: 100,
    held: 0,
    version: 1,
  });
  await spend(a, account, 'image.short');
  expect(payloadOf(await person.next(), 'balanceChanged')?.['version']).toBeGreaterThan(1);
  person.close();
});

test('warnings: each once, in order, on whichever server, and after a cut from where it was left', async () => {
  const account = await a.openAccount();
  let reader: RawSocket = await b.signedIn(await b.userToken(account));
  reader.subscribe(LOW, { accountId: account });
  await isLive(b, 1);
  await spend(a, account, 'image.long', 4);
  const first = payloadOf(await reader.next(), 'lowBalance');
  expect(first).toMatchObject({ type: 'BALANCE_LOW', message: '20 credits left, at or below the low mark of 20.' });
  reader.terminate();
  await spend(a, account, 'image.long');
  reader = await a.signedIn(await a.userToken(account));
  reader.subscribe(LOW, { accountId: account, after: first?.['id'] });
  expect(payloadOf(await reader.next(), 'lowBalance')).toMatchObject({ message: 'No credits are left.' });
  await reader.silence();
  reader.close();
});

test('a service hears all accounts of its side, a person only their own', async () => {
  const [mine, other] = [await a.openAccount(), await a.openAccount()];
  const service = await b.signedIn(b.serviceToken);
  service.subscribe(EVENTS, { types: ['PERIOD_RESET'] });
  const person = await b.signedIn(await b.userToken(mine));
  person.subscribe(EVENTS);
  await isLive(b, 2);
  for (const accountId of [other, mine]) {
    await a.gql('mutation C($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
      input: { accountId, to: '2026-02-01T00:00:00.000Z' },
    });
  }
  const heard = [payloadOf(await service.next(), 'creditEvents'), payloadOf(await service.next(), 'creditEvents')];
  expect(heard.map((event) => event?.['accountId'])).toEqual([other, mine]);
  expect(payloadOf(await person.next(), 'creditEvents')).toMatchObject({
    accountId: mine,
    type: 'PERIOD_RESET',
    at: '2026-02-01T00:00:00.000Z',
    level: null,
    reset: {
      forfeited: 100,
      rolledOver: 0,
      granted: 100,
      period: { number: 1, start: '2026-02-01T00:00:00.000Z', end: '2026-03-01T00:00:00.000Z' },
    },
    message: 'A new period began with 100 credits; 100 unused of the last allowance expired.',
  });
  await person.silence();
  service.close();
  person.close();
});

test('the events of an account page oldest first, and each is a cursor of the feed too', async () => {
  const account = await a.openAccount();
  await a.gql('mutation C($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId: account, to: '2026-08-01T00:00:00.000Z' },
  });
  const page = async (variables: Record<string, unknown>): Promise<GraphQLAnswer<Page>> => {
    const query = `query P($id: ID!, $first: Int!, $after: ID, $types: [EventType!], $newestFirst: Boolean! = false) {
      account(id: $id) { events(first: $first, after: $after, types: $types, newestFirst: $newestFirst) { edges { cursor node { id type reset { period { number } } } } pageInfo { hasNextPage hasPreviousPage endCursor } } }
    }`;
    return a.gql(query, { id: account, first: 3, ...variables }, await a.userToken(account));
  };
  const numbers: number[] = [];
  const ids: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const events: Page['account']['events'] | undefined = (await page({ after, types: ['PERIOD_RESET'] })).data?.account
      .events;
    numbers.push(...(events?.edges.map(({ node }) => node.reset.period.number) ?? []));
    ids.push(...(events?.edges.map(({ node }) => node.id) ?? []));
    after = events?.pageInfo.endCursor ?? null;
    more = events?.pageInfo.hasNextPage ?? false;
  }
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const back: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const events: Page['account']['events'] | undefined = (await page({ after, newestFirst: true })).data?.account
      .events;
    back.push(...(events?.edges.map(({ node }) => node.id) ?? []));
    after = events?.pageInfo.endCursor ?? null;
    more = events?.pageInfo.hasNextPage ?? false;
  }
  expect(back).toEqual([...ids].reverse());
  const newest = async (after: string | undefined) =>
    (await page({ after, newestFirst: true, types: ['PERIOD_RESET'] })).data?.account.events.edges.map(
      ({ node }) => node.id,
    );
  expect(await newest(ids[4])).toEqual(ids.slice(1, 4).reverse());
  expect(await newest(ids[0])).toEqual([]);
  const reader = await b.signedIn(await b.userToken(account));
  reader.subscribe(EVENTS, { accountId: account, after: ids[4] });
  expect([
    payloadOf(await reader.next(), 'creditEvents')?.['id'],
    payloadOf(await reader.next(), 'creditEvents')?.['id'],
  ]).toEqual(ids.slice(5));
  await reader.silence();
  reader.close();

  const [foreign] = [await a.openAccount()];
  expect((await page({ first: 0 })).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' });
  expect((await page({ after: 'evt_nonsense' })).errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'after',
  });
  expect((await page({ types: [] })).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'types' });
  const other = await b.signedIn(await b.userToken(foreign));
  other.subscribe(EVENTS, { accountId: account, after: ids[0] });
  expect(
    ((await other.next()).payload as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code,
  ).toBe('NOT_FOUND');
  other.close();
});
