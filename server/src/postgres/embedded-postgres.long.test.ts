import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

import pg from 'pg';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { findPackage, placeBinaries } from './postgres-binaries.js';
import { clusterOf, settleHome } from './postgres-home.js';
import { isRoot } from './postgres-user.js';
import { processIdentity } from './process-identity.js';
import { until } from '../testing/test-until.js';

/** Another process that uses the database of the folder until it is told to leave or killed. */
interface Neighbour {
  url: string;
  started: boolean;
  process: ChildProcess;
  leave(): Promise<void>;
  kill(): Promise<void>;
}

/** The built form of the source, which starts in a fraction of the time. */
const BUILT = new URL('../../dist/postgres/embedded-postgres.js', import.meta.url);

const said: string[] = [];
let folder: string;
let dataDir: string;
let processes: ChildProcess[] = [];
/** What a first start was like, and its data folder: with one table, stopped. */
let first: {
  readonly folder: string;
  readonly dataDir: string;
  readonly database: EmbeddedPostgres;
  readonly settings: unknown;
  readonly wrongPassword: unknown;
  readonly said: readonly string[];
};

const start = (dir = dataDir): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir: dir, say: (message) => said.push(message) });

function makeFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'embedded postgres '));
  chmodSync(made, 0o755);
  return made;
}

/** A data folder as a first start left it, with `kept` in it; only what is about first starts makes one anew. */
function copyFirst(to = dataDir): void {
  const copied = spawnSync('cp', ['-a', first.dataDir, to], { encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(copied.stderr);
}

async function startNeighbour(): Promise<Neighbour> {
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(BUILT.href)});
    const database = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(JSON.stringify(database));
    process.stdin.on('data', async () => { await database.stop(); process.exit(0); });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  processes.push(child);
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    ...(JSON.parse(line) as { url: string; started: boolean }),
    process: child,
    leave: async () => {
      child.stdin.write('leave\n');
      await exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmasterPid = (): number =>
  Number(readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
const isRunning = (dir = dataDir): boolean => existsSync(join(dir, 'postgres/cluster/postmaster.pid'));

beforeAll(async () => {
  const made = makeFolder();
  const firstDir = join(made, '.data');
  const database = await start(firstDir);
  const [settings] = await query(
    database.url,
    `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
            current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
            current_setting('full_page_writes') AS pages, current_setting('server_version_num')::int / 10000 AS version`,
  );
  const withoutPassword = new URL(database.url);
  withoutPassword.password = 'guess';
  const wrongPassword = await query(withoutPassword.href, 'SELECT').catch((error: unknown) => error);
  await query(database.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await database.stop();
  first = { folder: made, dataDir: firstDir, database, settings, wrongPassword, said: [...said] };
});
afterAll(() => rmSync(first.folder, { recursive: true, force: true }));

beforeEach(() => {
  folder = makeFolder();
  dataDir = join(folder, '.data');
  said.length = 0;
  processes = [];
});
afterEach(async () => {
  for (const child of processes) child.kill('SIGKILL');
  // Of a test that failed half-way.
  if (isRunning() || existsSync(join(dataDir, 'postgres-elsewhere.json'))) await (await start()).stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a first start, in a path with spaces, gives a durable server on this machine alone, with a password of its own', () => {
  const { database } = first;
  expect(database.started).toBe(true);
  expect(new URL(database.url)).toMatchObject({ hostname: '127.0.0.1', username: 'credits', pathname: '/credits' });
  expect(first.settings).toEqual({
    addresses: '127.0.0.1',
    sockets: '',
    fsync: 'on',
    commit: 'on',
    pages: 'on',
    version: 18,
  });
  expect(first.wrongPassword).toMatchObject({ code: '28P01' });
  const password = join(first.dataDir, 'postgres/password');
  expect(readFileSync(password, 'utf8')).toBe(new URL(database.url).password);
  expect(statSync(password).mode & 0o777).toBe(0o600);
  expect(first.said).toEqual([]);
});

test('what was written is there after a stop and a second start', async () => {
  copyFirst();
  expect(isRunning()).toBe(false);
  const second = await start();
  expect(second.started).toBe(true);
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();
});

test('processes of one folder share one server, which the last to leave stops', async () => {
  // Both find nothing there, and make it.
  const neighbours = await Promise.all([startNeighbour(), startNeighbour()]);
  expect(new Set(neighbours.map(({ url }) => url)).size).toBe(1);
  expect(neighbours.filter(({ started }) => started)).toHaveLength(1);

  const [starter, ...others] = neighbours.toSorted((a, b) => Number(b.started) - Number(a.started));
  await starter?.leave();
  const database = await start();
  expect(database.started).toBe(false);
  for (const other of others) await other.leave();
  expect(await query(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await database.stop();
  await expect(query(database.url, 'SELECT')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a server whose application was killed is used again and stopped by the next to leave', async () => {
  copyFirst();
  const killed = await startNeighbour();
  await query(killed.url, 'UPDATE kept SET answer = 43');
  await killed.kill();
  const next = await start();
  expect(next).toMatchObject({ started: false, url: killed.url });
  expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 43 }]);
  await next.stop();
  expect(isRunning()).toBe(false);
});

test('after a kill of application and server alike, what was committed is there', async () => {
  copyFirst();
  const killed = await startNeighbour();
  await query(killed.url, 'UPDATE kept SET answer = 43');
  process.kill(postmasterPid(), 'SIGKILL');
  await killed.kill();
  const next = await start();
  expect(next.started).toBe(true);
  expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 43 }]);
  await next.stop();
});

test('a server that dies below its users is started again where it was, by one of them', async () => {
  copyFirst();
  const [one, other] = [await start(), await startNeighbour()];
  await query(one.url, 'UPDATE kept SET answer = 43');
  const died = postmasterPid();
  process.kill(died, 'SIGKILL');
  let rows: unknown = null;
  await until(async () => {
    rows = await query(one.url, 'SELECT answer FROM kept').catch(() => null);
    return rows !== null && postmasterPid() !== died;
  });
  expect(rows).toEqual([{ answer: 43 }]);
  expect(said.join()).toContain('The embedded database is gone');
  await one.stop();
  // Still there for the other, who stops it.
  expect(await query(other.url, 'SELECT answer FROM kept')).toEqual([{ answer: 43 }]);
  await other.leave();
  expect(isRunning()).toBe(false);
});

test('a process id left behind that now belongs to something else is no obstacle', async () => {
  copyFirst();
  const before = await start();
  const pidFile = join(dataDir, 'postgres/cluster/postmaster.pid');
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  await before.stop();
  writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
  writeFileSync(join(dataDir, 'postgres/leases', `${process.pid}-99.using`), `${process.pid}@1`);
  const second = await start();
  expect(second.started).toBe(true);
  await second.stop();
  expect(existsSync(pidFile)).toBe(false);
});

test('two folders have a server each at the same time', async () => {
  copyFirst();
  copyFirst(join(folder, 'other'));
  const [one, other] = await Promise.all([start(), start(join(folder, 'other'))]);
  await query(one.url, 'CREATE TABLE mark ()');
  expect(await query(other.url, "SELECT FROM pg_tables WHERE tablename = 'mark'")).toHaveLength(0);
  await Promise.all([one.stop(), other.stop()]);
});

test('a folder that only root can enter is no obstacle to root: the data live elsewhere, which is said, and are found again', async () => {
  chmodSync(folder, 0o700);
  const before = await start();
  await query(before.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await before.stop();
  expect(existsSync(join(dataDir, 'postgres'))).toBe(!isRoot());
  expect(said.join()).toMatch(isRoot() ? /lives in \/var\/lib\/aibc-credits-[0-9a-f]{12} / : /^$/);

  const second = await start();
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();

  const copy = join(folder, 'copy');
  cpSync(dataDir, copy, { recursive: true });
  const settle = (dir: string) => settleHome(dir, (message) => said.push(message));
  const [home, copied] = [settle(dataDir), settle(copy)];
  expect(copied.directory).not.toBe(home.directory);
  expect(existsSync(clusterOf(copied))).toBe(!isRoot());
  if (isRoot()) expect(said.at(-2)).toContain('this one starts empty');
  for (const { directory } of isRoot() ? [home, copied] : []) rmSync(directory, { recursive: true });
  rmSync(dataDir, { recursive: true });
});

test('without the library links of the install script, or where its user cannot run them, the programs run from a copy', () => {
  mkdirSync(dataDir, { recursive: true });
  const home = settleHome(dataDir, () => {});
  const installed = findPackage();
  const native = join(folder, 'native');
  // Without `share`, a thousand files that no program needs to tell its version.
  const isNeeded = (path: string) => !lstatSync(path).isSymbolicLink() && basename(path) !== 'share';
  cpSync(installed.native, native, { recursive: true, filter: isNeeded });
  const binaries = placeBinaries(home, (message) => said.push(message), { ...installed, native });
  expect(binaries.postgres.startsWith(home.directory)).toBe(true);
  expect(said.join()).toContain('copying them to');
  expect(placeBinaries(home, () => {}, { ...installed, native })).toEqual(binaries);
});

test('what keeps it from running is said, with DATABASE_URL as the way out', async () => {
  writeFileSync(dataDir, 'not a folder');
  const refusal = await start().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(EmbeddedPostgresError);
  expect(String(refusal)).toContain(dataDir);
  expect(String(refusal)).toContain('DATABASE_URL=postgres://');
  expect(() => findPackage('sunos', 'sparc')).toThrow(/@embedded-postgres\/sunos-sparc .* is not installed/);
});

test('a dead process has no identity', async () => {
  const child = spawn(process.execPath, ['--eval', '']);
  expect(processIdentity(child.pid ?? 0)).toMatch(/^\d+/);
  await once(child, 'exit');
  expect(processIdentity(child.pid ?? 0)).toBeNull();
});
