import { startTestApp, type TestApp } from '../testing/test-app.js';

const NOW = '2026-01-10T00:00:00.000Z';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

async function moveClock(accountId: string, to: string): Promise<void> {
  const { errors } = await server.gql(
    'mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }',
    { input: { accountId, to } },
  );
  expect(errors).toBeUndefined();
}

async function openWithGrant(expiresAt: string): Promise<{ accountId: string; grantId: string }> {
  const accountId = await server.openAccount({ plan: 'FREE' });
  await moveClock(accountId, NOW);
  const { data } = await server.gql<{ grantCredits: { grant: { id: string } } }>(
    'mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { ... on GrantReceipt { grant { id } } } }',
    { input: { accountId, idempotencyKey: 'gift', credits: 300, reason: 'welcome', expiresAt } },
    await server.token({ kind: 'operator', sub: 'op' }),
  );
  return { accountId, grantId: data?.grantCredits.grant.id ?? '' };
}

async function told(accountId: string): Promise<unknown[][]> {
  const { data } = await server.gql<{
    account: { events: { edges: { node: { at: string; grantId: string; credits: number; message: string } }[] } };
  }>(
    'query ($id: ID!) { account(id: $id) { events(types: [GRANT_EXPIRING]) { edges { node { at grantId credits message } } } } }',
    { id: accountId },
  );
  return (data?.account.events.edges ?? []).map(({ node }) => [node.at, node.grantId, node.credits, node.message]);
}

test('a test clock that moves through the last week tells 7, 3 and 1 days before the end, each when it comes', async () => {
  const { accountId, grantId } = await openWithGrant('2026-01-20T12:00:00.000Z');
  const inSeven = ['2026-01-13T12:00:00.000Z', grantId, 300, '300 credits will expire in 7 days.'];
  const inThree = ['2026-01-17T12:00:00.000Z', grantId, 300, '300 credits will expire in 3 days.'];
  const inOne = ['2026-01-19T12:00:00.000Z', grantId, 300, '300 credits will expire in a day.'];
  for (const [to, expected] of [
    ['2026-01-13T11:59:59.999Z', []],
    ['2026-01-13T12:00:00.000Z', [inSeven]],
    ['2026-01-17T11:59:59.999Z', [inSeven]],
    ['2026-01-17T12:00:00.000Z', [inSeven, inThree]],
    ['2026-01-19T12:00:00.000Z', [inSeven, inThree, inOne]],
    ['2026-01-25T00:00:00.000Z', [inSeven, inThree, inOne]],
  ] as const) {
    await moveClock(accountId, to);
    expect(await told(accountId)).toEqual(expected);
  }
});

test('a clock that leaps tells all three at their own instants, in their order, to a subscriber too', async () => {
  const { accountId, grantId } = await openWithGrant('2026-01-20T12:00:00.000Z');
  const socket = await server.signedIn(await server.userToken(accountId, 'viewer'));
  socket.subscribe(
    'subscription ($accountId: ID, $after: ID) { creditEvents(accountId: $accountId, types: [GRANT_EXPIRING], after: $after) { at grantId } }',
    { accountId, after: await placeOf(accountId) },
  );
  await moveClock(accountId, '2026-01-22T00:00:00.000Z');
  for (const at of ['2026-01-13T12:00:00.000Z', '2026-01-17T12:00:00.000Z', '2026-01-19T12:00:00.000Z'])
    expect((await socket.next()).payload).toEqual({ data: { creditEvents: { at, grantId } } });
  socket.close();
  expect(await told(accountId)).toHaveLength(3);
});

test('a grant that begins within its last week is told of the days that are still to come', async () => {
  const { accountId } = await openWithGrant('2026-01-12T12:00:00.000Z');
  await moveClock(accountId, '2026-01-13T00:00:00.000Z');
  expect((await told(accountId)).map(([at]) => at)).toEqual(['2026-01-11T12:00:00.000Z']);
});

async function placeOf(accountId: string): Promise<string | undefined> {
  const { data } = await server.gql<{ eventCursor: string }>('query ($id: ID!) { eventCursor(accountId: $id) }', {
    id: accountId,
  });
  return data?.eventCursor;
}
