import { formatId, formatOwnedId, parseId } from '@aibc/shared/ids';
import pg from 'pg';
import { v7 } from 'uuid';
import { auditFactsToText } from '../audit/actions.js';
import type { GraphQLAnswer, TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';
import { recordQueries } from '../testing/test-queries.js';
import { until } from '../testing/test-until.js';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly accountId: string | null;
  readonly actor: string;
  readonly action: string;
  readonly summary: string;
}
interface Log {
  readonly auditLog: {
    readonly edges: readonly { readonly cursor: string; readonly node: Entry }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const LOG = `query ($accountId: ID, $first: Int! = 50, $after: ID) { auditLog(accountId: $accountId, first: $first, after: $after) {
  edges { cursor node { id at accountId actor action summary } } pageInfo { hasNextPage endCursor } } }`;
const log = (variables: Record<string, unknown>, token?: string) => server.gql<Log>(LOG, variables, token);
const entriesOf = ({ data }: GraphQLAnswer<Log>): readonly Entry[] =>
  data?.auditLog.edges.map(({ node }) => node) ?? [];

let keys = 0;
const grant = (accountId: string, more: Record<string, unknown> = {}) =>
  server.gql<{ grantCredits: { __typename: string; replayed: boolean } }>(
    'mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { __typename ... on GrantReceipt { replayed } } }',
    { input: { accountId, idempotencyKey: `grant-${(keys += 1)}`, credits: 5, reason: 'Sorry', ...more } },
    server.operatorToken,
  );
const makeKey = async (accountId: string | null, token?: string): Promise<string> => {
  const { data } = await server.gql<{ createApiKey: { apiKey: { id: string } } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }',
    { input: { ...(accountId === null ? {} : { accountId }), name: 'Reader', scopes: ['credits:read'] } },
    token,
  );
  return data?.createApiKey.apiKey.id ?? '';
};
const revoke = (id: string, token?: string) =>
  server.gql('mutation ($id: ID!) { revokeApiKey(id: $id) }', { id }, token);

test('every deed of an account is told once, newest first, by whoever did it', async () => {
  const accountId = await server.openAccount({ externalId: 'studio-1', timeZone: 'Europe/Berlin' });
  await grant(accountId, {
    idempotencyKey: 'once',
    credits: 1_200,
    source: 'PROMOTION',
    expiresAt: '2026-02-01T00:00:00Z',
  });
  expect(
    (
      await grant(accountId, {
        idempotencyKey: 'once',
        credits: 1_200,
        source: 'PROMOTION',
        expiresAt: '2026-02-01T00:00:00Z',
      })
    ).data?.grantCredits.replayed,
  ).toBe(true);
  // Refused: nothing was done.
  expect((await grant(accountId, { expiresAt: '2025-02-01T00:00:00Z' })).data?.grantCredits.__typename).toBe(
    'InvalidAmount',
  );
  await grant(accountId, { credits: 1, creditType: 'SCAN' });
  const owner = await server.userToken(accountId, 'owner', 'carla');
  const key = await makeKey(accountId, owner);
  await revoke(key, server.operatorToken);
  await revoke(key, server.operatorToken);
  const entries = entriesOf(await log({ accountId }, owner));
  expect(entries.map(({ actor, action, summary }) => [actor, action, summary])).toEqual([
    ['operator:test-operator', 'api_key.revoked', `Revoked the API key Reader (${key}).`],
    ['user:carla', 'api_key.created', `Created the API key Reader (${key}) for credits:read.`],
    ['operator:test-operator', 'grant.created', 'Granted 1 scan credit as PROMOTION, which never expire: Sorry'],
    [
      'operator:test-operator',
      'grant.created',
      'Granted 1,200 credits as PROMOTION, until 2026-02-01T00:00:00.000Z: Sorry',
    ],
    [
      'service:test-service',
      'account.created',
      'Created the account Test on PRO, in the time zone Europe/Berlin, as studio-1 of the platform.',
    ],
  ]);
  expect(new Set(entries.map((entry) => entry.accountId))).toEqual(new Set([accountId]));
  expect(new Set(entries.map(({ id }) => id)).size).toBe(5);
  // What the ledger decides is told by the account's own time, as its entries are.
  expect(entries.slice(2).map(({ at }) => at)).toEqual(Array.from({ length: 3 }, () => '2026-01-01T00:00:00.000Z'));
});

test('a key that ends with its maker’s access is told too, by nobody', async () => {
  const accountId = await server.openAccount();
  const key = await makeKey(accountId, await server.userToken(accountId, 'owner', 'dora'));
  // A newer token of hers that does not list the account any more.
  await server.gql('{ viewer { id } }', {}, await server.token({ sub: 'dora', accounts: {}, issuedInSeconds: 2 }));
  const newest = async () => entriesOf(await log({ accountId }))[0];
  await until(async () => (await newest())?.action !== 'api_key.created');
  expect(await newest()).toMatchObject({
    actor: 'system',
    action: 'api_key.ended',
    summary: `Ended the API key Reader (${key}): dora, who made it, has no access any more.`,
  });
});

test('pages follow each other without a gap, for one account and for all', async () => {
  const accountId = await server.openAccount();
  for (let times = 0; times < 5; times++) await grant(accountId);
  for (const [variables, token] of [
    [{ accountId }, server.serviceToken],
    [{}, server.operatorToken],
  ] as const) {
    const whole = entriesOf(await log({ ...variables, first: 6 }, token)).map(({ id }) => id);
    expect(whole.length).toBe(6);
    const paged: string[] = [];
    for (let after: string | null = null; paged.length < 6;) {
      const { data }: GraphQLAnswer<Log> = await log({ ...variables, first: 2, after }, token);
      paged.push(...(data?.auditLog.edges.map(({ node }) => node.id) ?? []));
      after = data?.auditLog.pageInfo.endCursor ?? null;
    }
    expect(paged).toEqual(whole);
  }
  const last = await log({ accountId, first: 6 });
  expect(last.data?.auditLog.pageInfo.hasNextPage).toBe(false);
});

test('who may read which log', async () => {
  const accountId = await server.openAccount();
  const other = await server.openAccount();
  const denied: [string, Record<string, unknown>, string, string][] = [
    ['a member', { accountId }, await server.userToken(accountId, 'member'), 'FORBIDDEN'],
    ['a viewer', { accountId }, await server.userToken(accountId, 'viewer'), 'FORBIDDEN'],
    ['the owner of another account', { accountId }, await server.userToken(other), 'NOT_FOUND'],
    ['an owner, of all accounts', {}, await server.userToken(accountId), 'FORBIDDEN'],
    ['a service, of all accounts', {}, server.serviceToken, 'FORBIDDEN'],
    [
      'a service without keys:admin',
      { accountId },
      await server.token({ kind: 'service', scope: 'credits:read' }),
      'FORBIDDEN',
    ],
    [
      'an operator without reports:read',
      {},
      await server.token({ kind: 'operator', scope: 'credits:grant' }),
      'FORBIDDEN',
    ],
    [
      'an operator of one account, of all',
      {},
      await server.token({ kind: 'operator', accounts: { [accountId]: 'owner' } }),
      'FORBIDDEN',
    ],
    [
      'an operator who is a viewer',
      { accountId },
      await server.token({ kind: 'operator', accounts: { [accountId]: 'viewer' } }),
      'FORBIDDEN',
    ],
  ];
  for (const [who, variables, token, code] of denied)
    expect([who, errorsOf(await log(variables, token))]).toEqual([who, [expect.objectContaining({ code })]]);
  for (const token of [
    await server.userToken(accountId),
    server.serviceToken,
    server.operatorToken,
    await server.token({ kind: 'operator', accounts: { [accountId]: 'owner' }, scope: 'reports:read' }),
  ])
    expect(entriesOf(await log({ accountId }, token)).map(({ action }) => action)).toEqual(['account.created']);
});

test('the log of all has what is about no account, and both sides', async () => {
  const live = await server.openAccount({ sandbox: false });
  const sandbox = await server.openAccount();
  const key = await makeKey(null);
  const entries = entriesOf(await log({ first: 3 }, server.operatorToken));
  expect(entries.map(({ accountId, action }) => [accountId, action])).toEqual([
    [null, 'api_key.created'],
    [sandbox, 'account.created'],
    [live, 'account.created'],
  ]);
  expect(entries[0]?.summary).toContain(key);
});

const cursorOf = async (accountId: string): Promise<string> =>
  (await log({ accountId })).data?.auditLog.edges[0]?.cursor ?? '';

type Variables = Record<string, unknown>;

/** What is asked, of an account of one's own and another one; the code of its error, and the field. */
const BAD: readonly [string, (own: string, other: string) => Promise<Variables> | Variables, string, string | null][] =
  [
    ['no id', () => ({ accountId: 'acct_1' }), 'BAD_USER_INPUT', 'accountId'],
    ['an unknown account', () => ({ accountId: formatId('acct', v7()) }), 'NOT_FOUND', null],
    ['no page', (accountId) => ({ accountId, first: 0 }), 'BAD_USER_INPUT', 'first'],
    ['a negative page', (accountId) => ({ accountId, first: -1 }), 'BAD_USER_INPUT', 'first'],
    ['a huge page', (accountId) => ({ accountId, first: 101 }), 'BAD_USER_INPUT', 'first'],
    ['no cursor', (accountId) => ({ accountId, after: 'audit_1' }), 'BAD_USER_INPUT', 'after'],
    [
      "another account's cursor",
      async (accountId, other) => ({ accountId, after: await cursorOf(other) }),
      'NOT_FOUND',
      null,
    ],
    [
      'a cursor of another history',
      async (accountId) => ({
        accountId,
        after: `${(await cursorOf(accountId)).split('~')[0]}~hist_01m82xyrw5etyb0e1xt47m82vw`,
      }),
      'CURSOR_TOO_OLD',
      'after',
    ],
    [
      'an unknown cursor in the log of all',
      () => ({ after: formatOwnedId('audit', { accountId: v7(), id: v7() }) }),
      'NOT_FOUND',
      null,
    ],
  ];

test.each(BAD)('%s is refused over both doors', async (_, variablesOf, code, field) => {
  const own = await server.openAccount();
  const variables = await variablesOf(own, await server.openAccount());
  const expected = [expect.objectContaining({ code, ...(field === null ? {} : { field }) })];
  expect(errorsOf(await log(variables, server.operatorToken))).toEqual(expected);
  const socket = await server.signedIn(server.operatorToken);
  expect(errorsOf(await socket.gql(LOG, variables))).toEqual(expected);
  socket.close();
});

test('what a newer version wrote is UNAVAILABLE, and what was written never changes', async () => {
  const accountId = await server.openAccount();
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  try {
    for (const change of ['UPDATE audit_entry SET actor = actor', 'DELETE FROM audit_entry', 'TRUNCATE audit_entry'])
      await expect(client.query(change)).rejects.toThrow('its rows never change');
    const insert = (action: string, facts: object) =>
      client.query(
        `INSERT INTO audit_entry (account_id, audit_id, sandbox, action, actor, at, facts) VALUES ($1, $2, true, $3, 'x', now(), $4)`,
        [parseId('acct', accountId), v7(), action, auditFactsToText(facts)],
      );
    await insert('moon.sold', {});
    expect(errorsOf(await log({ accountId }))).toMatchObject([{ code: 'UNAVAILABLE' }]);
    const other = await server.openAccount();
    await client.query(
      `INSERT INTO audit_entry (account_id, audit_id, sandbox, action, actor, at, facts) VALUES ($1, $2, true, 'grant.created', 'x', now(), '{"v":9}')`,
      [parseId('acct', other), v7()],
    );
    expect(errorsOf(await log({ accountId: other }))).toMatchObject([{ code: 'UNAVAILABLE' }]);
  } finally {
    await client.end();
  }
});

interface PathNode {
  readonly 'Node Type': string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PathNode[];
}
const nodesOf = (node: PathNode | undefined): readonly PathNode[] =>
  node === undefined ? [] : [node, ...(node.Plans ?? []).flatMap(nodesOf)];

test('a page reads its entries by their index, of one account and of a side, among many', async () => {
  const accountId = await server.openAccount();
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO audit_entry (account_id, audit_id, sandbox, action, actor, at, facts)
       SELECT lpad(to_hex(n % 100), 32, '0')::uuid, lpad(to_hex(n), 32, '0')::uuid, n % 2 = 0, 'account.created', 'x', now(),
         '{"name":"A","plan":"FREE","timeZone":"UTC","externalId":null}' FROM generate_series(1, 20000) n`,
    );
    await client.query('ANALYZE audit_entry');
    for (const variables of [{ accountId }, {}]) {
      const sent = await recordQueries(() => log(variables, server.operatorToken));
      const asked = sent.filter(({ text }) => text.includes('"audit_entry"'));
      // One for an account, one for each side of all.
      expect(asked.length).toBe('accountId' in variables ? 1 : 2);
      for (const { text, values } of asked) {
        const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: PathNode }[] }>(
          `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
          values as unknown[],
        );
        const [limit] = nodesOf(rows[0]?.['QUERY PLAN'][0]?.Plan);
        const kinds = nodesOf(limit).map((node) => node['Node Type']);
        expect(kinds).toEqual(['Limit', 'Index Scan']);
        const read = (limit?.['Shared Hit Blocks'] ?? 0) + (limit?.['Shared Read Blocks'] ?? 0);
        expect(read < 160 ? 'few blocks' : read).toBe('few blocks');
      }
    }
  } finally {
    await client.end();
  }
  expect(entriesOf(await log({ accountId })).length).toBe(1);
});
