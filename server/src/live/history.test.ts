import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { History } from '../db/history.js';
import { nextUuid } from '../kit/next-uuid.js';
import { startTestApp } from '../testing/test-app.js';
import type { TestApp } from '../testing/test-app.js';
import { dump, restore } from '../testing/test-dump.js';
import type { Dump } from '../testing/test-dump.js';
import type { RawSocket, WireMessage } from '../testing/test-socket.js';
import { tellHistory } from './tell-history.js';
import { until } from '../testing/test-until.js';

/** Two processes of one database; what a test does to its history is the past of the next, as in the life of a database. */
let a: TestApp;
let b: TestApp;
const sockets: RawSocket[] = [];

beforeAll(async () => {
  a = await startTestApp();
  b = await a.another();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await until(() => [a, b].every(({ app }) => app.live.feed.liveCount === 0));
});
afterAll(() => a.close());

const BALANCE = `subscription ($id: ID!) { balanceChanged(accountId: $id) { available version history } }`;
const EVENTS = `subscription ($id: ID, $after: ID) { creditEvents(accountId: $id, after: $after) { id type credits history balance { version history } } }`;
const GRANT = `mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) {
  __typename ... on GrantReceipt { balance { available version history } } } }`;
const RESERVE = `mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) {
  __typename ... on ReservationReceipt { replayed reservation { id version history } balance { available version history } } } }`;

interface Numbers {
  readonly available: number;
  readonly version: number;
  readonly history: string;
}
interface Told {
  readonly id: string;
  readonly credits: number | null;
  readonly history: string;
  readonly balance: { readonly version: number; readonly history: string };
}
type Refused = { readonly message: string; readonly extensions: { readonly code: string; readonly oldest?: string } };

const valueOf = <T>({ payload }: WireMessage): T => {
  const { data, errors } = payload as { data?: Record<string, T> | null; errors?: unknown };
  const [value] = Object.values(data ?? {});
  if (value === undefined || value === null) throw new Error(`no value: ${JSON.stringify(errors ?? payload)}`);
  return value;
};
const errorOf = ({ type, payload }: WireMessage): Refused => {
  const [error] = (type === 'error' ? payload : (payload as { errors: unknown }).errors) as Refused[];
  if (error === undefined) throw new Error('no error');
  return error;
};

async function give(app: TestApp, accountId: string, credits: number): Promise<Numbers> {
  const input = { accountId, credits, idempotencyKey: nextUuid(), reason: 'a test' };
  const { data, errors } = await app.gql<{ grantCredits: { balance: Numbers } }>(GRANT, { input }, app.operatorToken);
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.grantCredits.balance;
}

async function balanceOf(app: TestApp, id: string): Promise<Numbers> {
  const { data } = await app.gql<{ balance: Numbers }>(
    `query ($id: ID!) { balance(accountId: $id) { available version history } }`,
    { id },
  );
  if (data == null) throw new Error('no balance');
  return data.balance;
}

async function cursorOf(app: TestApp, id: string | null): Promise<string> {
  const { data, errors } = await app.gql<{ eventCursor: string }>(`query ($id: ID) { eventCursor(accountId: $id) }`, {
    id,
  });
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.eventCursor;
}

/** As `npm run new-history` does; both processes have gone over to it then, since whoever is asked for a cursor looks. */
async function newHistory(): Promise<string> {
  const pool = new pg.Pool({ connectionString: a.databaseUrl, max: 1 });
  const history = await History.open({ pool, nextId: nextUuid, clock: Date.now });
  const { id, publicId } = await history.renew('a test');
  await tellHistory(pool, randomBytes(12).toString('base64url'), id);
  await pool.end();
  await Promise.all([cursorOf(a, null), cursorOf(b, null)]);
  return publicId;
}

/** Puts a backup back; processes look at once, and not only within three seconds. */
async function putBack(backup: Dump): Promise<void> {
  await restore(a.databaseUrl, backup);
  const pool = new pg.Pool({ connectionString: a.databaseUrl, max: 1 });
  await tellHistory(pool, randomBytes(12).toString('base64url'), nextUuid());
  await pool.end();
}

async function follow(app: TestApp, query: string, variables: Record<string, unknown>): Promise<RawSocket> {
  const socket = await app.signedIn(app.serviceToken);
  sockets.push(socket);
  socket.subscribe(query, variables);
  return socket;
}

test('a dump restored under open subscriptions: balances of the other history follow, lower, in every process', async () => {
  const id = await a.openAccount();
  const before = await give(a, id, 5);
  const backup = await dump(a.databaseUrl);
  const watching = await Promise.all([follow(a, BALANCE, { id }), follow(b, BALANCE, { id })]);
  await Promise.all(watching.map((socket) => socket.next()));
  const lost = await give(a, id, 7);
  for (const socket of watching) expect(valueOf<Numbers>(await socket.next())).toEqual(lost);
  expect(lost).toMatchObject({ version: before.version + 1, history: before.history });

  await restore(a.databaseUrl, backup);
  await until(() => watching.every((socket) => socket.received.length > 3), 30_000);
  const [first, second] = await Promise.all(watching.map(async (socket) => valueOf<Numbers>(await socket.next())));
  expect(first).toMatchObject({ available: before.available, version: before.version });
  expect(first?.history).not.toBe(before.history);
  expect(second).toEqual(first);
  // What follows is told with numbers that the lost history had used, and counts.
  const again = await give(b, id, 11);
  expect(again).toEqual({ available: before.available + 11, version: lost.version, history: first?.history });
  for (const socket of watching) expect(valueOf<Numbers>(await socket.next())).toEqual(again);
  expect(await balanceOf(a, id)).toEqual(again);
});

test('whoever was told of what was lost is ended with CURSOR_TOO_OLD and goes on from oldest; ids are not used again', async () => {
  const id = await a.openAccount();
  await give(a, id, 5);
  const backup = await dump(a.databaseUrl);
  const reader = await follow(a, EVENTS, { id });
  await until(() => a.app.live.feed.liveCount === 1);
  await give(a, id, 7);
  const lost = valueOf<Told>(await reader.next());
  await putBack(backup);

  const { code, oldest } = errorOf(await reader.next()).extensions;
  expect(code).toBe('CURSOR_TOO_OLD');
  await cursorOf(b, null);
  const again = await give(b, id, 11);
  const resumed = await follow(b, EVENTS, { id, after: oldest });
  const event = valueOf<Told>(await resumed.next());
  expect(event).toMatchObject({ credits: 11, history: again.history, balance: { version: lost.balance.version } });
  expect(event.balance.history).toBe(again.history);
  expect(event.id).not.toBe(lost.id);
  await resumed.silence();
  for (const app of [a, b]) {
    const refused = await follow(app, EVENTS, { id, after: lost.id });
    expect(errorOf(await refused.next()).extensions.code).toBe('CURSOR_TOO_OLD');
  }
});

test('whoever was told nothing that was lost goes on without a break, and no event of the new history is skipped', async () => {
  const [id, other] = [await a.openAccount(), await a.openAccount()];
  const backup = await dump(a.databaseUrl);
  const readers = await Promise.all([follow(a, EVENTS, { id }), follow(b, EVENTS, { id })]);
  await until(() => a.app.live.feed.liveCount + b.app.live.feed.liveCount === 2);
  // Lost, and not theirs: the place in the feed that these take is taken again.
  for (let count = 0; count < 5; count++) await give(a, other, 1);
  const watching = await follow(a, BALANCE, { id: other });
  const known = valueOf<Numbers>(await watching.next());
  await putBack(backup);
  expect(valueOf<Numbers>(await watching.next()).history).not.toBe(known.history);
  for (const credits of [1, 2, 3]) await give(b, id, credits);
  for (const reader of readers) {
    const told = [await reader.next(), await reader.next(), await reader.next()].map(
      (each) => valueOf<Told>(each).credits,
    );
    expect(told).toEqual([1, 2, 3]);
    await reader.silence();
  }
});

test('a cursor of the parent history is good up to the fork, in the feed and in lists of events; behind it, it is too old', async () => {
  const id = await a.openAccount();
  for (const credits of [1, 2]) await give(a, id, credits);
  const place = await cursorOf(a, id);
  const LIST = `query ($id: ID!, $after: ID) { account(id: $id) { events(after: $after, types: [GRANT_ADDED]) { edges { cursor node { id credits history } } } } }`;
  type Listed = { account: { events: { edges: { node: Told }[] } } };
  const list = async (after: string | null) => {
    const { data, errors } = await a.gql<Listed>(LIST, { id, after });
    return errors === undefined ? data?.account.events.edges.map(({ node }) => node) : errors[0]?.extensions;
  };
  const [first, second] = (await list(null)) as Told[];
  const history = await newHistory();
  await give(a, id, 3);
  expect(await list(null)).toEqual([first, second, expect.objectContaining({ credits: 3, history })]);
  for (const after of [second?.id ?? '', place]) {
    expect(await list(after)).toEqual([expect.objectContaining({ credits: 3, history })]);
    const reader = await follow(b, EVENTS, { id, after });
    expect(valueOf<Told>(await reader.next())).toMatchObject({ credits: 3, history });
  }
  const later = await cursorOf(a, id);
  const [, , third] = (await list(null)) as Told[];
  const backup = await dump(a.databaseUrl);
  await give(a, id, 4);
  const lost = [await cursorOf(a, id), await cursorOf(a, null), ((await list(null)) as Told[])[3]?.id ?? ''];
  await restore(a.databaseUrl, backup);
  await newHistory();
  for (const after of [second?.id ?? '', place, third?.id ?? '', later])
    expect(Array.isArray(await list(after))).toBe(true);
  for (const after of lost) expect(await list(after)).toMatchObject({ code: 'CURSOR_TOO_OLD', field: 'after' });
});

test('a cursor beyond the end of the feed starts a new history by itself; a made-up one does not', async () => {
  const lost = await startTestApp();
  const id = await lost.openAccount();
  await give(lost, id, 1);
  const before = await balanceOf(lost, id);
  const backup = await dump(lost.databaseUrl);
  await give(lost, id, 2);
  const [account, all] = [await cursorOf(lost, id), await cursorOf(lost, null)];
  await lost.app.close();
  await restore(lost.databaseUrl, backup);
  // A copy of the volume shows nothing of it: the row of history is made to look as it did.
  const admin = new pg.Client({ connectionString: lost.databaseUrl });
  await admin.connect();
  await admin.query('SET session_replication_role = replica');
  await admin.query('UPDATE history SET written_in = pg_current_xact_id()');
  await admin.end();

  const c = await startTestApp({ databaseUrl: lost.databaseUrl });
  expect(await balanceOf(c, id)).toEqual(before);
  const forged = account.slice(0, -1) + (account.endsWith('0') ? '1' : '0');
  const made = await follow(c, EVENTS, { id, after: forged });
  expect(errorOf(await made.next()).extensions.code).toBe('BAD_USER_INPUT');
  expect(await balanceOf(c, id)).toEqual(before);
  const watching = await follow(c, BALANCE, { id });
  await watching.next();
  for (const after of [account, all]) {
    const reader = await follow(c, EVENTS, { id, after });
    expect(errorOf(await reader.next()).extensions.code).toBe('CURSOR_TOO_OLD');
  }
  const now = valueOf<Numbers>(await watching.next());
  expect(now).toEqual({ ...before, history: expect.not.stringMatching(before.history) });
  await c.close();
  await lost.close();
});

test('what a lane remembers of another history decides nothing, although the version is the same', async () => {
  const id = await a.openAccount();
  const start = await balanceOf(a, id);
  const backup = await dump(a.databaseUrl);
  await give(a, id, 1_000);
  await restore(a.databaseUrl, backup);
  await newHistory();
  await give(b, id, 1);
  const input = { accountId: id, operations: [{ operation: 'video.long', quantity: 5 }], idempotencyKey: nextUuid() };
  const { data } = await a.gql<{ reserveCredits: { __typename: string } }>(RESERVE, { input });
  expect(data?.reserveCredits.__typename).toBe('InsufficientCredits');
  expect((await balanceOf(a, id)).available).toBe(start.available + 1);
});

test('a lane that finds an account behind what it wrote begins a new history by itself, and decides on what is there', async () => {
  const id = await a.openAccount();
  const before = await give(a, id, 10);
  const backup = await dump(a.databaseUrl);
  await give(a, id, 1_000);
  await restore(a.databaseUrl, backup);
  const after = await give(a, id, 1);
  expect(after.available).toBe(before.available + 1);
  expect((await balanceOf(a, id)).history).not.toBe(before.history);
});

test('a replayed answer shows the balance and the history of today', async () => {
  const id = await a.openAccount();
  const input = { accountId: id, operations: [{ operation: 'image.short', quantity: 1 }], idempotencyKey: nextUuid() };
  type Reserved = { reserveCredits: { replayed: boolean; reservation: Numbers; balance: Numbers } };
  const first = (await a.gql<Reserved>(RESERVE, { input })).data?.reserveCredits;
  await give(a, id, 7);
  const history = await newHistory();
  const asked = async () => (await b.gql<Reserved>(RESERVE, { input })).data?.reserveCredits;
  let again = await asked();
  for (let tries = 0; again?.balance.history !== history && tries < 50; tries++) again = await asked();
  expect(again).toMatchObject({
    replayed: true,
    reservation: { version: first?.reservation.version, history },
    balance: { available: (first?.balance.available ?? 0) + 7, history },
  });
});

test('pages of another history are refused as too old', async () => {
  const id = await a.openAccount();
  for (let count = 0; count < 3; count++) await give(a, id, 1);
  const PAGE = `query ($id: ID!, $after: ID) { account(id: $id) { entries(first: 1, after: $after) { edges { cursor node { id } } pageInfo { endCursor } } } }`;
  type Page = { account: { entries: { edges: { node: { id: string } }[]; pageInfo: { endCursor: string } } } };
  const [first] = [(await a.gql<Page>(PAGE, { id })).data?.account.entries];
  const second = (await a.gql<Page>(PAGE, { id, after: first?.pageInfo.endCursor })).data?.account.entries;
  expect(second?.edges[0]?.node.id).not.toBe(first?.edges[0]?.node.id);
  const history = await newHistory();
  let now = await balanceOf(a, id);
  for (let tries = 0; now.history !== history && tries < 50; tries++) now = await balanceOf(a, id);
  const { errors } = await a.gql<Page>(PAGE, { id, after: first?.pageInfo.endCursor });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'CURSOR_TOO_OLD', oldest: null });
});

test('an account that the restored database does not have ends its feeds', async () => {
  const backup = await dump(a.databaseUrl);
  const id = await a.openAccount();
  const watching = await follow(b, BALANCE, { id });
  await watching.next();
  await putBack(backup);
  expect(errorOf(await watching.next()).extensions.code).toBe('NOT_FOUND');
});
