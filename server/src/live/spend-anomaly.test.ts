import { startTestApp, type TestApp } from '../testing/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

async function send(field: string, type: string, input: object, token = server.serviceToken): Promise<void> {
  const { errors } = await server.gql(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`,
    { input },
    token,
  );
  expect(errors).toBeUndefined();
}

test('an hour far above the usual is told with its figures and who spent most, to lists and to subscribers', async () => {
  const accountId = await server.openAccount({ plan: 'FREE' });
  await send(
    'grantCredits',
    'GrantCreditsInput',
    { accountId, credits: 5_000, idempotencyKey: 'gift', reason: 'test' },
    server.operatorToken,
  );
  const spend = async (hour: number, quantity: number, member: string, project: string | null = null) => {
    const to = new Date(Date.UTC(2026, 0, 3, hour)).toISOString();
    await send('advanceTestClock', 'AdvanceTestClockInput', { accountId, to });
    const operations = [{ operation: 'regeneration.basic', quantity }];
    await send('spendCredits', 'SpendCreditsInput', {
      accountId,
      idempotencyKey: `${hour}-${member}`,
      operations,
      member,
      project,
    });
  };
  for (let hour = 0; hour < 24; hour++) await spend(hour, 20, 'anna');
  const { data: now } = await server.gql<{ eventCursor: string }>('query ($id: ID!) { eventCursor(accountId: $id) }', {
    id: accountId,
  });
  const socket = await server.signedIn(await server.userToken(accountId, 'viewer'));
  const FIELDS = 'type creditType at message anomaly { hour credits usual member project operation }';
  socket.subscribe(
    `subscription ($accountId: ID, $after: ID) { creditEvents(accountId: $accountId, types: [SPEND_ANOMALY], after: $after) { ${FIELDS} } }`,
    { accountId, after: now?.eventCursor },
  );
  await spend(24, 30, 'anna');
  await spend(24, 50, 'bert', 'film');
  await spend(26, 1, 'anna');
  const event = {
    type: 'SPEND_ANOMALY',
    creditType: 'STANDARD',
    at: '2026-01-04T02:00:00.000Z',
    message: '80 credits were spent in an hour, 4 times as much as usual.',
    anomaly: {
      hour: '2026-01-04T00:00:00.000Z',
      credits: 80,
      usual: 20,
      member: 'bert',
      project: 'film',
      operation: 'regeneration.basic',
    },
  };
  expect((await socket.next()).payload).toEqual({ data: { creditEvents: event } });
  socket.close();
  const { data } = await server.gql<{ account: { events: { edges: { node: unknown }[] } } }>(
    `query ($id: ID!) { account(id: $id) { events(types: [SPEND_ANOMALY]) { edges { node { ${FIELDS} } } } } }`,
    { id: accountId },
  );
  expect(data?.account.events.edges.map(({ node }) => node)).toEqual([event]);
});
