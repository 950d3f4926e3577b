import { startTestApp, type TestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

interface Page {
  readonly edges: readonly {
    readonly node: { id: string; name: string | null; role: string | null; lastSeenAt: string | null };
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const MEMBERS = `query ($id: ID!, $first: Int! = 50, $after: ID) { account(id: $id) { members(first: $first, after: $after) {
  edges { node { id name role lastSeenAt } } pageInfo { hasNextPage endCursor } } } }`;
const ask = (variables: object, token?: string) =>
  server.gql<{ account: { members: Page } }>(MEMBERS, { ...variables }, token);
async function members(id: string, token?: string) {
  const { data, errors } = await ask({ id }, token);
  expect(errors).toBeUndefined();
  return data?.account.members.edges.map(({ node }) => node) ?? [];
}

let keys = 0;
async function work(accountId: string, member: string): Promise<void> {
  const { errors } = await server.gql(
    'mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }',
    {
      input: { accountId, idempotencyKey: `m-${(keys += 1)}`, member, operations: [{ operation: 'content.generate' }] },
    },
  );
  expect(errors).toBeUndefined();
}

test('members are whoever signed in, and on whose behalf work was done; none twice', async () => {
  const began = Date.now();
  const accountId = await server.openAccount();
  const token = (sub: string, role: 'owner' | 'viewer', name: string) =>
    server.token({ sub, name, accounts: { [accountId]: role } });
  await work(accountId, 'zoe');
  await work(accountId, 'ada');
  await work(accountId, 'ada');
  await members(accountId, await token('bob', 'viewer', 'Bob'));
  const found = await members(accountId, await token('ada', 'owner', 'Ada L.'));
  expect(found.map(({ id, name, role }) => [id, name, role])).toEqual([
    ['ada', 'Ada L.', 'OWNER'],
    ['bob', 'Bob', 'VIEWER'],
    ['zoe', null, null],
  ]);
  for (const { lastSeenAt } of found) {
    expect(Date.parse(lastSeenAt ?? '')).toBeGreaterThanOrEqual(began - 1_000);
    expect(Date.parse(lastSeenAt ?? '')).toBeLessThanOrEqual(Date.now() + 1_000);
  }
  // Another token says otherwise.
  await members(accountId, await token('bob', 'owner', 'Robert'));
  expect((await members(accountId)).find(({ id }) => id === 'bob')).toMatchObject({ name: 'Robert', role: 'OWNER' });
});

test('pages follow each other without a gap', async () => {
  const accountId = await server.openAccount();
  const ids = Array.from({ length: 7 }, (_, index) => `m${index}`);
  for (const id of ids) await work(accountId, id);
  await members(accountId, await server.userToken(accountId, 'member', 'm3-and-a-half'));
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { data }: { data?: { account: { members: Page } } | null } = await ask({ id: accountId, first: 2, after });
    seen.push(...(data?.account.members.edges.map(({ node }) => node.id) ?? []));
    after = data?.account.members.pageInfo.hasNextPage ? data.account.members.pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen).toEqual([...ids, 'm3-and-a-half'].sort());
});

test.each([
  [{ first: 0 }, 'first'],
  [{ first: 101 }, 'first'],
  [{ after: 'nobody' }, 'after'],
  [{ after: 'member_' }, 'after'],
  [{ after: 'member_!' }, 'after'],
])('members with %j are refused, naming %s', async (more, field) => {
  const id = await server.openAccount();
  expect(errorsOf(await ask({ id, ...more }))).toMatchObject([{ code: 'BAD_USER_INPUT', field }]);
});

test('a viewer sees all of the members, and who may not read the account none; a service is no member', async () => {
  const accountId = await server.openAccount();
  await members(accountId, await server.userToken(accountId, 'owner', 'ada'));
  const seen = await members(accountId, await server.userToken(accountId, 'viewer', 'vic'));
  expect(seen.map(({ id }) => id)).toEqual(['ada', 'vic']);
  const heard = await server.token({ sub: 'eve', accounts: { [accountId]: 'owner' }, scope: 'events:read' });
  expect(errorsOf(await ask({ id: accountId }, heard))).toMatchObject([{ code: 'FORBIDDEN' }]);
  const stranger = await server.userToken(await server.openAccount(), 'owner', 'mallory');
  expect(errorsOf(await ask({ id: accountId }, stranger))).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect((await members(accountId, server.serviceToken)).map(({ id }) => id)).toEqual(['ada', 'eve', 'vic']);
});
