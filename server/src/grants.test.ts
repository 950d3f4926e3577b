import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createEmptyDatabase } from './db/test-database.js';
import type { TestDatabase } from './db/test-database.js';
import { keepErrors } from './testing/test-log.js';
import { startTestApp } from './testing/test-app.js';
import type { TestApp } from './testing/test-app.js';

const project = new URL('../../', import.meta.url);
const runningIt = readFileSync(new URL('docs/operations.md', project), 'utf8');
/** What an operator pastes: first as a superuser, then, after each migration, as the owner. */
const [ROLES = '', GRANTS = ''] = [...runningIt.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, sql = '']) => sql);
/** Roles belong to the whole cluster, which other tests use too. */
const suffix = randomBytes(4).toString('hex');
const renamed = (sql: string) =>
  sql.replaceAll('credits_owner', `owner_${suffix}`).replaceAll('credits_server', `server_${suffix}`);

let database: TestDatabase;
let ownerUrl: string;
let serverUrl: string;

async function as<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(role: string, password: string): string {
  const url = new URL(database.url);
  url.username = `${role}_${suffix}`;
  url.password = password;
  return url.href;
}

const migrate = (url: string) => {
  const file = fileURLToPath(new URL('server/bin/migrate', project));
  const ran = spawnSync(file, { encoding: 'utf8', env: { PATH: process.env['PATH'], DATABASE_URL: url } });
  return { status: ran.status, said: ran.stdout + ran.stderr };
};

beforeAll(async () => {
  database = await createEmptyDatabase();
  const name = new URL(database.url).pathname.slice(1);
  await as(database.url, (client) => client.query(renamed(ROLES).replaceAll('DATABASE credits', `DATABASE ${name}`)));
  ownerUrl = urlOf('owner', 'secret1');
  serverUrl = urlOf('server', 'secret2');
});
afterAll(async () => {
  await as(database.url, async (client) => {
    await client.query(`REASSIGN OWNED BY owner_${suffix} TO CURRENT_USER`);
    for (const role of ['owner', 'server']) await client.query(`DROP OWNED BY ${role}_${suffix}`);
  });
  const admin = database.url;
  await database.drop();
  const server = new URL(admin);
  server.pathname = '/postgres';
  await as(server.href, (client) => client.query(`DROP ROLE owner_${suffix}, server_${suffix}`));
});

test('before the owner has migrated, a server says in one sentence that somebody has to', async () => {
  await expect(startTestApp({ databaseUrl: serverUrl })).rejects.toThrow(
    /may not change the schema.*npm run migrate.*owner/,
  );
});

test('the owner migrates, and the grants can be given again and again', async () => {
  expect(migrate(ownerUrl)).toEqual({ status: 0, said: expect.stringMatching(/^Migrated: /) });
  await as(ownerUrl, (client) => client.query(renamed(GRANTS)));
  await as(ownerUrl, (client) => client.query(renamed(GRANTS)));
});

describe('a server with these grants', () => {
  const errors = keepErrors();
  let server: TestApp;
  beforeAll(async () => {
    server = await startTestApp({ databaseUrl: serverUrl, logger: errors.logger });
  });
  afterAll(() => server.close());

  const run = async (query: string, input: Record<string, unknown>, type: string, token?: string) => {
    const text = `mutation M($input: ${type}!) { ${query} }`;
    const { data, errors: problems } = await server.gql<Record<string, Record<string, unknown>>>(
      text,
      { input },
      token,
    );
    expect(problems ?? []).toEqual([]);
    return Object.values(data ?? {})[0] ?? {};
  };

  test('does everything that it is asked', async () => {
    const accountId = await server.openAccount({ externalId: 'studio-1' });
    const key = (idempotencyKey: string) => ({ accountId, idempotencyKey });
    const socket = await server.signedIn(await server.userToken(accountId));
    socket.subscribe('subscription E($id: ID!) { creditEvents(accountId: $id) { type } }', { id: accountId });

    const receipt = '{ __typename ... on ReservationReceipt { reservation { id status } } ... on Problem { message } }';
    const operations = [{ operation: 'image.short' }];
    const reserve = async (name: string) => {
      const made = await run(
        `reserveCredits(input: $input) ${receipt}`,
        { ...key(name), operations },
        'ReserveCreditsInput',
      );
      return (made['reservation'] as { id: string }).id;
    };
    const about = (reservationId: string, idempotencyKey: string) => ({ reservationId, idempotencyKey });
    const [first, second] = [await reserve('a'), await reserve('b')];
    const extended = await run(
      `extendReservation(input: $input) ${receipt}`,
      { ...about(first, 'c'), ttlSeconds: 7200 },
      'ExtendReservationInput',
    );
    const committed = await run(
      `commitReservation(input: $input) ${receipt}`,
      about(first, 'd'),
      'CommitReservationInput',
    );
    const released = await run(
      `releaseReservation(input: $input) ${receipt}`,
      about(second, 'e'),
      'ReleaseReservationInput',
    );
    const spent = await run(
      `spendCredits(input: $input) ${receipt}`,
      { ...key('f'), operations: [{ operation: 'image.long', quantity: 4 }] },
      'SpendCreditsInput',
    );
    for (const each of [extended, committed, released, spent]) expect(each['__typename']).toBe('ReservationReceipt');
    await run(
      'grantCredits(input: $input) { __typename }',
      { ...key('g'), credits: 10, source: 'PROMOTION', reason: 'to try' },
      'GrantCreditsInput',
      server.operatorToken,
    );
    await run(
      'advanceTestClock(input: $input) { id }',
      { accountId, to: '2026-03-01T00:00:00.000Z' },
      'AdvanceTestClockInput',
    );

    const made = await run(
      'createApiKey(input: $input) { secret apiKey { id } }',
      { accountId, name: 'k', scopes: ['credits:read'] },
      'CreateApiKeyInput',
    );
    const secret = String(made['secret']);
    const read =
      'query R($id: ID!) { balance(accountId: $id) { available } usage(input: { accountId: $id, from: "2026-01-01", to: "2026-01-31" }) { total } account(id: $id) { entries(first: 5) { edges { node { kind } } } } }';
    expect((await server.gql(read, { id: accountId }, secret)).status).toBe(200);
    await server.gql('mutation R($id: ID!) { revokeApiKey(id: $id) }', { id: (made['apiKey'] as { id: string }).id });
    expect((await socket.next()).type).toBe('next');
    expect(errors.lines.filter((line) => line.includes('permission denied'))).toEqual([]);
    expect(errors.lines).toEqual([]);
  });

  test('the books it wrote are proven by a role that reads', () => {
    const file = fileURLToPath(new URL('server/bin/verify', project));
    const ran = spawnSync(file, { encoding: 'utf8', env: { PATH: process.env['PATH'], DATABASE_URL: serverUrl } });
    expect(ran.stdout + ran.stderr).toMatch(/the books are right/);
  });

  test.each([
    'DELETE FROM journal',
    'UPDATE journal SET ordinal = 0',
    'DELETE FROM event',
    'UPDATE event SET ordinal = 0',
    'DELETE FROM ledger_account',
    'TRUNCATE credit_grant',
    'DROP TABLE api_key',
    'CREATE TABLE mine ()',
    "INSERT INTO migration (timestamp, name) VALUES (1, 'x')",
    'ALTER TABLE journal DISABLE TRIGGER ALL',
  ])('may not %s', async (statement) => {
    await expect(as(serverUrl, (client) => client.query(statement))).rejects.toThrow(/permission denied|must be owner/);
  });
});
