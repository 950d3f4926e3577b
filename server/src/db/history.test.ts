import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { nextUuid } from '../kit/next-uuid.js';
import { copyDatabase, dump, restore } from '../testing/test-dump.js';
import { History } from './history.js';
import { foreignBecause, readHistories, readIdentity } from './history-rows.js';
import type { HistoryRow } from './history-rows.js';
import { createTestDatabase } from './test-database.js';
import type { TestDatabase } from './test-database.js';

let database: TestDatabase;
let pools: pg.Pool[];

beforeEach(async () => {
  database = await createTestDatabase();
  pools = [];
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

const poolOf = (url: string): pg.Pool => {
  const pool = new pg.Pool({ connectionString: url, max: 3 });
  pools.push(pool);
  return pool;
};
const open = (url = database.url, begun: string[] = []): Promise<History> =>
  History.open({
    pool: poolOf(url),
    nextId: nextUuid,
    clock: () => Date.UTC(2026, 0, 1),
    onBegun: (_, because) => begun.push(because),
  });
const closeAll = async (): Promise<void> => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
};
const writeEvents = async (url: string, count: number): Promise<void> => {
  await poolOf(url).query(
    `INSERT INTO event (account_id, version, ordinal, feed_seq, sandbox, type, credit_type, at, facts, balance)
     SELECT $1, n, 0, nextval('event_feed_seq'), true, 'GRANT_ADDED', 'STANDARD', $2, '{}', '{}' FROM generate_series(1, $3) AS n`,
    [nextUuid(), new Date(0), count],
  );
};

test('the first process begins the first history; a restart, and any process after it, goes on with it', async () => {
  const begun: string[] = [];
  const first = await open(database.url, begun);
  const second = await open(database.url, begun);
  await closeAll();
  const restarted = await open(database.url, begun);
  expect([second.present.id, restarted.present.id]).toEqual([first.present.id, first.present.id]);
  expect(begun).toEqual(['the first of this database']);
  expect(first.present).toMatchObject({ publicId: expect.stringMatching(/^hist_/), forkedAfter: 0 });
});

test('ten processes that start at once on a new database agree on one history, and on one after it was copied', async () => {
  const originals = await Promise.all(Array.from({ length: 10 }, () => open()));
  expect(new Set(originals.map(({ present }) => present.id)).size).toBe(1);
  await writeEvents(database.url, 3);
  await closeAll();
  const copy = await copyDatabase(database.url, `copy_${randomBytes(6).toString('hex')}`);
  const copies = await Promise.all(Array.from({ length: 10 }, () => open(copy.url)));
  const [{ present } = originals[0] as History] = copies;
  expect(new Set(copies.map((one) => one.present.id)).size).toBe(1);
  expect(present.id).not.toBe(originals[0]?.present.id);
  expect(present.forkedAfter).toBe(3);
  const { rows } = await readHistories(poolOf(copy.url));
  expect(rows.map(({ number, parentId }) => [number, parentId])).toEqual([
    [1, null],
    [2, originals[0]?.present.id],
  ]);
  await closeAll();
  await copy.drop();
});

test('a database restored from a dump, into the same database or another, is in a new history that begins where the dump ends', async () => {
  const original = await open();
  await writeEvents(database.url, 2);
  const backup = await dump(database.url);
  await writeEvents(database.url, 5);
  await closeAll();
  await restore(database.url, backup);
  const begun: string[] = [];
  const restored = await open(database.url, begun);
  expect(begun).toEqual(['restored from a dump']);
  expect(restored.present.forkedAfter).toBe(2);
  expect(restored.find(original.present.id)).not.toBeNull();
  const elsewhere = await createTestDatabase();
  await restore(elsewhere.url, backup);
  await open(elsewhere.url, begun);
  expect(begun).toEqual(['restored from a dump', 'copied within its cluster']);
  await closeAll();
  await elsewhere.drop();
});

test('a dump restored under a running process is found at its next look, by each process, as one history', async () => {
  const [a, b] = await Promise.all([open(), open()]);
  const before = a.present.id;
  const backup = await dump(database.url);
  await restore(database.url, backup);
  const told: string[] = [];
  a.onChange(({ id }) => told.push(id));
  await Promise.all([a.look(), b.look()]);
  await Promise.all([a.look(), b.look()]);
  expect(a.present.id).not.toBe(before);
  expect(b.present.id).toBe(a.present.id);
  expect(told).toEqual([a.present.id]);
});

test('an older state put back after a new history began is in a third one', async () => {
  const a = await open();
  const first = a.present.id;
  const backup = await dump(database.url);
  const second = (await a.renew('a test')).id;
  await restore(database.url, backup);
  await a.look();
  expect([first, second]).not.toContain(a.present.id);
  expect(a.find(second)).toBeNull();
});

test('a feed that goes back begins a new history; one that stands or goes on does not', async () => {
  const a = await open();
  const before = a.present.id;
  await a.look();
  a.saw(0);
  await a.look();
  expect(a.present.id).toBe(before);
  a.saw(7);
  await a.look();
  expect(a.present.id).not.toBe(before);
  const after = a.present.id;
  await a.look();
  expect(a.present.id).toBe(after);
});

test('numbers that several processes saw go back at once begin one new history', async () => {
  const processes = await Promise.all([open(), open(), open()]);
  const before = processes[0]?.present.id ?? '';
  await Promise.all(processes.flatMap((one) => [one.wentBack(before, 'a test'), one.wentBack(before, 'a test')]));
  const { rows } = await readHistories(poolOf(database.url));
  expect(rows).toHaveLength(2);
  expect(new Set(processes.map(({ present }) => present.id))).toEqual(new Set([rows[1]?.id]));
});

test('an event belongs to the history that wrote it, whatever came later', async () => {
  const history = await open();
  const first = history.present;
  await writeEvents(database.url, 3);
  const second = await history.renew('a test');
  const third = await history.renew('another');
  await writeEvents(database.url, 2);
  expect([1, 3, 4, 5].map((feedSeq) => history.eraOf(feedSeq))).toEqual([first, first, third, third]);
  expect([history.endOf(first), history.endOf(second), history.endOf(third)]).toEqual([3, 3, null]);
});

test('a role that may only do what a server does reads which database it is, and begins a history', async () => {
  const role = `role_${randomBytes(4).toString('hex')}`;
  const admin = poolOf(database.url);
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'a test'`);
  await admin.query(`GRANT SELECT, INSERT ON history TO ${role}`);
  await admin.query(`GRANT SELECT ON event TO ${role}`);
  await admin.query(`GRANT SELECT, UPDATE ON ledger_account TO ${role}`);
  const url = new URL(database.url);
  url.username = role;
  url.password = 'a test';
  const identity = await readIdentity(poolOf(url.href));
  expect(identity).toEqual({
    systemIdentifier: expect.stringMatching(/^\d+$/),
    timeline: 1,
    databaseOid: expect.any(Number),
    isStandby: false,
  });
  const history = await open(url.href);
  await history.renew('a test');
  expect((await readHistories(admin)).rows).toHaveLength(2);
  await closeAll();
  const last = poolOf(database.url);
  await last.query(`DROP OWNED BY ${role}`);
  await last.query(`DROP ROLE ${role}`);
});

test('what cannot be asked of a database is not compared', () => {
  const identity = { systemIdentifier: '7', timeline: 1, databaseOid: 5 };
  const row: HistoryRow = { number: 1, id: nextUuid(), parentId: null, forkedAfter: 0, isOriginal: true, identity };
  expect(foreignBecause(row, identity)).toBeNull();
  expect(foreignBecause(row, { systemIdentifier: null, timeline: null, databaseOid: null })).toBeNull();
  expect(foreignBecause(row, { ...identity, systemIdentifier: '8' })).toMatch('another cluster');
  expect(foreignBecause(row, { ...identity, timeline: 2 })).toMatch('promoted');
  expect(foreignBecause(row, { ...identity, databaseOid: 6 })).toMatch('copied');
  expect(foreignBecause({ ...row, isOriginal: false }, identity)).toMatch('dump');
});

test('a row of history never changes', async () => {
  await open();
  await expect(poolOf(database.url).query(`DELETE FROM history`)).rejects.toThrow('its rows never change');
});
