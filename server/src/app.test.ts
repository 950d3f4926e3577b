import type { TestApp } from './test-app.js';
import { startTestApp } from './test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

test('a started server is alive and ready', async () => {
  const answers = await Promise.all(
    ['/healthz', '/readyz'].map(async (path) => (await fetch(`${server.url}${path}`)).status),
  );
  expect(answers).toEqual([200, 200]);
});

test('an account is opened, reserved from and read over HTTP and over the socket alike', async () => {
  const accountId = await server.openAccount();
  const reserve = `mutation R($input: ReserveCreditsInput!) {
    reserveCredits(input: $input) { __typename ... on ReservationReceipt { replayed reservation { held } balance { available held version } } ... on Problem { message } }
  }`;
  const input = { accountId, operations: [{ operation: 'image.short', quantity: 2 }] };
  const { data } = await server.gql(reserve, { input: { ...input, idempotencyKey: 'one' } });
  expect(data).toMatchObject({
    reserveCredits: {
      __typename: 'ReservationReceipt',
      reservation: { held: 10 },
      balance: { available: 90, held: 10 },
    },
  });

  const socket = await server.signedIn(await server.userToken(accountId));
  const answer = await socket.gql(reserve, { input: { ...input, idempotencyKey: 'two' } });
  expect(answer.data).toMatchObject({ reserveCredits: { balance: { available: 80, held: 20 } } });

  const read = await socket.gql('query B($id: ID!) { balance(accountId: $id) { available held } }', { id: accountId });
  expect(read.data).toEqual({ balance: { available: 80, held: 20 } });
});

test('a commit reaches a subscriber of another server on the same database', async () => {
  const other = await server.another();
  const accountId = await server.openAccount();
  const socket = await other.signedIn(await server.userToken(accountId));
  socket.subscribe('subscription B($id: ID!) { balanceChanged(accountId: $id) { available version } }', {
    id: accountId,
  });
  expect(await socket.next()).toMatchObject({
    type: 'next',
    payload: { data: { balanceChanged: { available: 100 } } },
  });
  await server.gql('mutation S($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }', {
    input: { accountId, idempotencyKey: 'spend', operations: [{ operation: 'image.long' }] },
  });
  expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { balanceChanged: { available: 80 } } } });
});
