import type { TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const CHANGED = `subscription ($accountId: ID!) { reservationChanged(accountId: $accountId) { id status held version history mayClose lines { quantity operation { code } } } }`;
const RESERVE = `mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) { ... on ReservationReceipt { reservation { id } } } }`;
const ADD = `mutation ($input: AddToReservationInput!) { addToReservation(input: $input) { __typename } }`;

interface Told {
  readonly data: { readonly reservationChanged: Readonly<Record<string, unknown>> };
}

async function hold(accountId: string, token: string): Promise<string> {
  const { data } = await server.gql<{ reserveCredits: { reservation: { id: string } } }>(
    RESERVE,
    { input: { accountId, idempotencyKey: crypto.randomUUID(), operations: [{ operation: 'image.short' }] } },
    token,
  );
  return data?.reserveCredits.reservation.id as string;
}

test('over sockets: each is told what it may close, and what is in flight as it grows, before and after a second process', async () => {
  const accountId = await server.openAccount();
  const [ann, ben, eve] = [
    await server.userToken(accountId, 'member', 'ann'),
    await server.userToken(accountId, 'owner', 'ben'),
    await server.userToken(accountId, 'viewer', 'eve'),
  ];
  const id = await hold(accountId, ann);
  const other = await server.another();
  const sockets = await Promise.all([
    server.signedIn(ann),
    server.signedIn(ben),
    server.signedIn(eve),
    server.signedIn(server.serviceToken),
    other.signedIn(ann),
  ]);
  for (const socket of sockets) socket.subscribe(CHANGED, { accountId });
  const mayClose = [true, false, false, true, true];
  const first = (await Promise.all(sockets.map((socket) => socket.next()))).map(
    ({ payload }) => (payload as Told).data.reservationChanged,
  );
  expect(first).toEqual(
    mayClose.map((may) => ({
      id,
      status: 'HELD',
      held: 5,
      version: 2,
      history: expect.stringMatching(/^hist_/),
      mayClose: may,
      lines: [{ quantity: 1, operation: { code: 'image.short' } }],
    })),
  );
  const input = { reservationId: id, idempotencyKey: 'more', operations: [{ operation: 'image.long' }] };
  await server.gql(ADD, { input }, ann);
  const second = (await Promise.all(sockets.map((socket) => socket.next()))).map(
    ({ payload }) => (payload as Told).data.reservationChanged,
  );
  for (const [index, told] of second.entries())
    expect(told).toMatchObject({ id, held: 25, version: 3, mayClose: mayClose[index], lines: [{}, { quantity: 1 }] });
});

test('bad input and foreign accounts are refused over the socket', async () => {
  const [mine, theirs] = [await server.openAccount(), await server.openAccount()];
  const socket = await server.signedIn(await server.userToken(mine));
  for (const [accountId, code] of [
    [theirs, 'NOT_FOUND'],
    ['acct_1', 'BAD_USER_INPUT'],
  ] as const) {
    socket.subscribe(CHANGED, { accountId });
    const { type, payload } = await socket.next();
    const errors = type === 'error' ? payload : (payload as { errors: unknown }).errors;
    expect(errors).toMatchObject([{ extensions: { code } }]);
    if (type !== 'error') await socket.next();
  }
});

test('a socket that is cut leaves no reader behind', async () => {
  const accountId = await server.openAccount();
  await hold(accountId, server.serviceToken);
  const socket = await server.signedIn(server.serviceToken);
  socket.subscribe(CHANGED, { accountId });
  await socket.next();
  socket.terminate();
  await socket.ended();
  const again = await server.signedIn(server.serviceToken);
  again.subscribe(CHANGED, { accountId });
  expect(((await again.next()).payload as Told).data.reservationChanged).toMatchObject({ status: 'HELD' });
});
