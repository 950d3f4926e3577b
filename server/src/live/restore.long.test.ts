import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { nextUuid } from '../kit/next-uuid.js';
import { startTestApp } from '../testing/test-app.js';
import type { TestApp } from '../testing/test-app.js';
import { MovableAddress, TestClusters } from '../testing/test-cluster.js';
import type { TestCluster } from '../testing/test-cluster.js';
import type { RawSocket, WireMessage } from '../testing/test-socket.js';
import { until } from '../testing/test-until.js';

const BALANCE = `subscription ($id: ID!) { balanceChanged(accountId: $id) { available version history } }`;
const EVENTS = `subscription ($id: ID, $after: ID) { creditEvents(accountId: $id, after: $after) { id credits history } }`;
const GRANT = `mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) {
  __typename ... on GrantReceipt { balance { available version history } } } }`;

interface Numbers {
  readonly available: number;
  readonly version: number;
  readonly history: string;
}
interface Told {
  readonly id: string;
  readonly credits: number;
  readonly history: string;
}

let clusters: TestClusters;
let cluster: TestCluster;
let address: MovableAddress;
let app: TestApp;

beforeAll(async () => {
  clusters = await TestClusters.make();
});
beforeEach(async () => {
  cluster = await clusters.start();
  address = await MovableAddress.of(cluster.port);
  app = await startTestApp({ databaseUrl: `postgres://credits@127.0.0.1:${address.port}/postgres` });
});
afterEach(async () => {
  await app.close();
  address.close();
  await cluster.remove();
});
afterAll(() => clusters.remove());

const valueOf = <T>({ payload }: WireMessage): T =>
  Object.values((payload as { data?: Record<string, T> | null }).data ?? {})[0] as T;
const codeOf = ({ type, payload }: WireMessage): string | undefined =>
  (
    (type === 'error' ? payload : (payload as { errors?: unknown } | undefined)?.errors) as {
      extensions: { code: string };
    }[]
  )?.[0]?.extensions.code;

/** Repeats the request under its key for as long as the database is away, as callers do. */
async function give(id: string, credits: number): Promise<Numbers> {
  const input = { accountId: id, credits, idempotencyKey: nextUuid(), reason: 'a test' };
  for (let tries = 0; tries < 100; tries++) {
    const { data } = await app.gql<{ grantCredits: { balance: Numbers } }>(GRANT, { input }, app.operatorToken);
    if (data != null) return data.grantCredits.balance;
    await sleep(100);
  }
  throw new Error('the database did not come back');
}

async function follow(query: string, variables: Record<string, unknown>): Promise<RawSocket> {
  const socket = await app.signedIn(app.serviceToken);
  socket.subscribe(query, variables);
  return socket;
}

/** What the socket was told, in order; without errors. */
const told = <T>(socket: RawSocket): T[] =>
  socket.received
    .filter(({ type, payload }) => type === 'next' && (payload as { data?: unknown }).data != null)
    .map(valueOf<T>);
const refusals = (socket: RawSocket): (string | undefined)[] =>
  socket.received.map(codeOf).filter((code) => code !== undefined);

test('a copy of the data directory put back under a running server: numbers of it follow in a new history, nothing lost is gone on with', async () => {
  const id = await app.openAccount();
  const before = await give(id, 5);
  await cluster.backUp();
  address.moveTo(cluster.port);
  await until(() => app.app.live.doorbell.connected, 30_000);

  const watching = await follow(BALANCE, { id });
  const reader = await follow(EVENTS, { id });
  await until(() => app.app.live.feed.liveCount === 1, 30_000);
  const lost = await give(id, 7);
  expect(lost).toEqual({ ...before, available: before.available + 7, version: before.version + 1 });
  await until(() => told<Told>(reader).some(({ credits }) => credits === 7));
  const lostId = told<Told>(reader).at(-1)?.id;

  await cluster.putBack();
  address.moveTo(cluster.port);
  await until(() => told<Numbers>(watching).at(-1)?.history !== before.history, 30_000);
  const now = told<Numbers>(watching).at(-1);
  expect(now).toEqual({ ...before, history: now?.history });
  await until(() => refusals(reader).length > 0, 30_000);
  expect(refusals(reader)).toEqual(['CURSOR_TOO_OLD']);

  const again = await give(id, 11);
  expect(again).toEqual({ available: before.available + 11, version: lost.version, history: now?.history });
  await until(() => told<Numbers>(watching).at(-1)?.version === again.version);
  expect(told<Numbers>(watching).at(-1)).toEqual(again);
  const late = await follow(EVENTS, { id, after: lostId });
  expect(codeOf(await late.next())).toBe('CURSOR_TOO_OLD');
});

test('a copy put back while nobody watches is found by the lane that had written, before it decides anything', async () => {
  const id = await app.openAccount();
  const before = await give(id, 5);
  await cluster.backUp();
  address.moveTo(cluster.port);
  await give(id, 1_000);
  await cluster.putBack();
  address.moveTo(cluster.port);
  const after = await give(id, 1);
  expect(after).toMatchObject({ available: before.available + 1, version: before.version + 1 });
  const { data } = await app.gql<{ balance: Numbers }>(
    `query ($id: ID!) { balance(accountId: $id) { available version history } }`,
    { id },
  );
  expect(data?.balance).toEqual({ ...after, history: expect.not.stringMatching(before.history) });
});

test('a restart of the database, and a crash of it, goes on with the history', async () => {
  const id = await app.openAccount();
  const before = await give(id, 5);
  for (const end of ['stop', 'crash'] as const) {
    await cluster[end]();
    await cluster.start();
    address.moveTo(cluster.port);
    expect((await give(id, 1)).history).toBe(before.history);
  }
});

describe('a promoted standby', () => {
  let standby: TestCluster;
  let replication: MovableAddress;

  beforeEach(async () => {
    replication = await MovableAddress.of(cluster.port);
    standby = await clusters.start(replication.port);
  });
  afterEach(async () => {
    replication.close();
    await standby.remove();
  });

  /** Resolves when the standby has this version of the one account. */
  async function caughtUp(version: number): Promise<void> {
    const client = new pg.Client({ connectionString: standby.url });
    await client.connect();
    try {
      for (let seen = 0; seen < version; await sleep(50)) {
        const { rows } = await client.query<{ version: string }>(`SELECT max(version) AS version FROM ledger_account`);
        seen = Number(rows[0]?.version ?? 0);
      }
    } finally {
      await client.end();
    }
  }

  async function failOver(): Promise<void> {
    replication.moveTo(null);
    await cluster.stop();
    await standby.promote();
    address.moveTo(standby.port);
  }

  test('that has everything is in a new history; readers stay, cursors stay good, no event is skipped or told twice', async () => {
    const id = await app.openAccount();
    const before = await give(id, 5);
    const { data } = await app.gql<{ eventCursor: string }>(`query ($id: ID) { eventCursor(accountId: $id) }`, { id });
    const [watching, reader] = [await follow(BALANCE, { id }), await follow(EVENTS, { id, after: data?.eventCursor })];
    await until(() => app.app.live.feed.liveCount === 1, 30_000);
    const seven = await give(id, 7);
    await until(() => told<Told>(reader).length === 1);
    await caughtUp(seven.version);
    await failOver();
    await until(() => told<Numbers>(watching).at(-1)?.history !== before.history, 30_000);
    expect(told<Numbers>(watching).at(-1)).toEqual({ ...seven, history: expect.any(String) });
    const eleven = await give(id, 11);
    await until(() => told<Told>(reader).length === 2, 30_000);
    expect(told<Told>(reader).map(({ credits, history }) => [credits, history])).toEqual([
      [7, before.history],
      [11, eleven.history],
    ]);
    expect(refusals(reader)).toEqual([]);
    const resumed = await follow(EVENTS, { id, after: data?.eventCursor });
    await until(() => told<Told>(resumed).length === 2, 30_000);
    expect(told<Told>(resumed)).toEqual(told<Told>(reader));
  });

  test('that lacks the last commits: what they told is taken back, and their numbers are given out again in a new history', async () => {
    const id = await app.openAccount();
    const before = await give(id, 5);
    await caughtUp(before.version);
    const [watching, reader] = [await follow(BALANCE, { id }), await follow(EVENTS, { id })];
    await until(() => app.app.live.feed.liveCount === 1, 30_000);
    replication.moveTo(null);
    const lost = await give(id, 7);
    await until(() => told<Told>(reader).length === 1);
    await failOver();
    await until(() => told<Numbers>(watching).at(-1)?.history !== before.history, 30_000);
    expect(told<Numbers>(watching).at(-1)).toEqual({ ...before, history: expect.any(String) });
    await until(() => refusals(reader).length > 0, 30_000);
    expect(refusals(reader)).toEqual(['CURSOR_TOO_OLD']);
    const again = await give(id, 11);
    expect(again).toMatchObject({ version: lost.version, available: before.available + 11 });
    expect(again.history).not.toBe(before.history);
  });
});
