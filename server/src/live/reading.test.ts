import { startTestApp, type TestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

/** An account with seven resets. */
async function openWithEvents(): Promise<{ accountId: string; ids: readonly string[] }> {
  const accountId = await server.openAccount({ plan: 'FREE' });
  await server.gql('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId, to: '2026-08-01T00:00:00Z' },
  });
  const { data } = await server.gql<{ account: { events: { edges: { node: { id: string } }[] } } }>(
    'query ($id: ID!) { account(id: $id) { events { edges { node { id } } } } }',
    { id: accountId },
  );
  return { accountId, ids: data?.account.events.edges.map(({ node }) => node.id) ?? [] };
}

const unread = async (id: string, token?: string) =>
  (
    await server.gql<{ account: { unreadEvents: number } }>(
      'query ($id: ID!) { account(id: $id) { unreadEvents } }',
      { id },
      token,
    )
  ).data?.account.unreadEvents;
const mark = (accountId: string, upTo: string | undefined, token?: string) =>
  server.gql<{ markEventsRead: { unreadEvents: number } }>(
    'mutation ($accountId: ID!, $upTo: ID!) { markEventsRead(accountId: $accountId, upTo: $upTo) { unreadEvents } }',
    { accountId, upTo },
    token,
  );

test('each caller reads for itself, and what was read stays read', async () => {
  const { accountId, ids } = await openWithEvents();
  expect(ids).toHaveLength(7);
  const [ada, bob] = await Promise.all(['ada', 'bob'].map((sub) => server.userToken(accountId, 'viewer', sub)));
  expect([await unread(accountId, ada), await unread(accountId, bob), await unread(accountId)]).toEqual([7, 7, 7]);
  expect((await mark(accountId, ids[2], ada)).data?.markEventsRead.unreadEvents).toBe(4);
  expect((await mark(accountId, ids[0], ada)).data?.markEventsRead.unreadEvents).toBe(4);
  expect([await unread(accountId, bob), await unread(accountId)]).toEqual([7, 7]);
  const { data } = await server.gql<{ eventCursor: string }>(
    'query ($id: ID!) { eventCursor(accountId: $id) }',
    { id: accountId },
    bob ?? null,
  );
  expect((await mark(accountId, data?.eventCursor, bob)).data?.markEventsRead.unreadEvents).toBe(0);
  await server.gql('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId, to: '2026-09-01T00:00:00Z' },
  });
  expect([await unread(accountId, ada), await unread(accountId, bob)]).toEqual([5, 1]);
});

test('what is no event of the account is refused', async () => {
  const { accountId } = await openWithEvents();
  const other = await openWithEvents();
  expect(errorsOf(await mark(accountId, 'evt_nonsense'))).toMatchObject([{ code: 'BAD_USER_INPUT', field: 'upTo' }]);
  expect(errorsOf(await mark(accountId, other.ids[0]))).toMatchObject([{ code: 'NOT_FOUND' }]);
  const { data } = await server.gql<{ eventCursor: string }>('{ eventCursor }');
  expect(errorsOf(await mark(accountId, data?.eventCursor))).toMatchObject([{ code: 'BAD_USER_INPUT', field: 'upTo' }]);
  const stranger = await server.userToken(other.accountId);
  expect(errorsOf(await mark(accountId, other.ids[0], stranger))).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect(await unread(accountId)).toBe(7);
});

test('who may not hear of events has none to read, and a token of another account sees nothing of either', async () => {
  const { accountId, ids } = await openWithEvents();
  const reader = await server.token({ sub: 'eve', accounts: { [accountId]: 'owner' }, scope: 'credits:read' });
  const query = 'query ($id: ID!) { account(id: $id) { unreadEvents } }';
  const asked = await server.gql(query, { id: accountId }, reader);
  expect(errorsOf(asked)).toMatchObject([{ code: 'FORBIDDEN' }]);
  expect(errorsOf(await mark(accountId, ids[0], reader))).toMatchObject([{ code: 'FORBIDDEN' }]);
  const socket = await server.signedIn(reader);
  const told = await socket.gql(query, { id: accountId });
  expect((told.errors ?? []).map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
  socket.close();
});
