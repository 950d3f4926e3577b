import { createTestDatabase, type TestDatabase } from './db/test-database.js';
import { startTestApp, type GraphQLAnswer, type TestApp } from './testing/test-app.js';
import { startTestPooler, type TestPooler } from './testing/test-pooler.js';
import { until } from './testing/test-until.js';

let database: TestDatabase;
let pooler: TestPooler;
let app: TestApp;
beforeAll(async () => {
  database = await createTestDatabase();
  pooler = await startTestPooler(database.url);
  app = await startTestApp({ databaseUrl: pooler.url });
}, 120_000);
afterAll(async () => {
  await app.close();
  await pooler.close();
  await database.drop();
});

const codeOf = ({ errors }: GraphQLAnswer<unknown>): unknown => errors?.[0]?.extensions?.['code'];

async function readyz(): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${app.url}/readyz`);
  return { status: answer.status, body: await answer.json() };
}

/** Waits until there is nothing left that is not so. */
async function untilNothing(find: () => Promise<readonly string[]> | readonly string[]): Promise<void> {
  let missing: readonly string[] = [];
  const isNothing = async () => (missing = await find()).length === 0;
  await until(isNothing, 30_000, () => `still missing: ${missing.join(', ')}`);
}

/** Something to ask for each pool, by the application name of its connections. */
async function questions(): Promise<Record<string, () => Promise<GraphQLAnswer<unknown>>>> {
  const accountId = await app.openAccount();
  const made = await app.gql<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { name: 'not used yet', scopes: ['credits:read'] } },
    app.operatorToken,
  );
  const secret = made.data?.createApiKey.secret ?? '';
  let spends = 0;
  return {
    'credits ledger': () =>
      app.gql('mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }', {
        input: { accountId, idempotencyKey: `spend-${spends++}`, operations: [{ operation: 'regeneration.basic' }] },
      }),
    'credits reads': () =>
      app.gql('query ($id: ID!) { account(id: $id) { entries(first: 1) { edges { node { amount } } } } }', {
        id: accountId,
      }),
    'credits reports': () =>
      app.gql('query ($input: UsageInput!) { usage(input: $input) { total } }', {
        input: { accountId, from: '2026-01-01', to: '2026-01-31', groupBy: [] },
      }),
    'credits sign-in': () => app.gql('{ viewer { id } }', {}, secret),
    credits: () =>
      app.gql('query ($id: String!) { accountByExternalId(externalId: $id) { id } }', { id: 'nobody has it' }),
  };
}

/** What was sent over connections that lose their settings, beside what finds that out. */
const ownStatements = (): string[] =>
  [...pooler.sent].flatMap(([name, statements]) =>
    statements.filter((sql) => !/^\/\* connection\.(settings|check) \*\//.test(sql)).map((sql) => `${name}: ${sql}`),
  );

test('no pool uses a connection that loses its settings: the caller is told UNAVAILABLE, and all is well after it', async () => {
  for (const [name, ask] of Object.entries(await questions())) {
    pooler.forget(name);
    // The first may fail of a connection that was cut, before it comes to this pool.
    await untilNothing(async () => {
      const code = codeOf(await ask());
      return code === 'UNAVAILABLE' && pooler.sent.has(name) ? [] : [`${name} answers ${String(code)}`];
    });
    pooler.forget(null);
    await untilNothing(async () => {
      const code = codeOf(await ask());
      return code === undefined || code === 'NOT_FOUND' ? [] : [`${name} answers ${String(code)}`];
    });
  }
  expect(ownStatements()).toEqual([]);
}, 120_000);

test('neither do the doorbell and the look for readiness', async () => {
  pooler.forget('credits doorbell');
  await untilNothing(() => (pooler.sent.has('credits doorbell') ? [] : ['an attempt of the doorbell']));
  expect(app.app.live.doorbell.connected).toBe(false);
  pooler.forget('credits readiness');
  await untilNothing(async () => ((await readyz()).status === 503 ? [] : ['503 of /readyz']));
  pooler.forget(null);
  await untilNothing(async () => ((await readyz()).status === 200 ? [] : ['200 of /readyz']));
  await untilNothing(() => (app.app.live.doorbell.connected ? [] : ['the doorbell']));
  expect(ownStatements()).toEqual([]);
}, 120_000);
