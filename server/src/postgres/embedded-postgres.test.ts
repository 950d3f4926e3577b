import { spawn, type ChildProcess } from 'node:child_process';
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
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import pg from 'pg';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { findPackage, placeBinaries } from './postgres-binaries.js';
import { settleHome } from './postgres-home.js';
import { isRoot } from './postgres-user.js';
import { processIdentity } from './process-identity.js';

/** Another process that uses the database of the folder until it is told to leave or killed. */
interface Neighbour {
  url: string;
  started: boolean;
  process: ChildProcess;
  leave(): Promise<void>;
  kill(): Promise<void>;
}

const said: string[] = [];
let folder: string;
let dataDir: string;
let processes: ChildProcess[] = [];

const start = (dir = dataDir): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir: dir, say: (message) => said.push(message) });

async function startNeighbour(): Promise<Neighbour> {
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('embedded-postgres.ts', import.meta.url).href)});
    const database = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(JSON.stringify(database));
    process.stdin.on('data', async () => { await database.stop(); process.exit(0); });`;
  const loader = new URL('../../../scripts/typescript.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', loader, '--input-type=module', '--eval', program], {
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

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'embedded postgres '));
  chmodSync(folder, 0o755);
  dataDir = join(folder, '.data');
  said.length = 0;
  processes = [];
});

afterEach(async () => {
  for (const child of processes) child.kill('SIGKILL');
  if (existsSync(dataDir) && statSync(dataDir).isDirectory()) await (await start()).stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a first start, in a path with spaces, gives a durable server on this machine alone, with a password of its own', async () => {
  const database = await start();
  expect(database.started).toBe(true);
  expect(new URL(database.url)).toMatchObject({ hostname: '127.0.0.1', username: 'credits', pathname: '/credits' });
  const [settings] = await query(
    database.url,
    `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
            current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
            current_setting('full_page_writes') AS pages, current_setting('server_version_num')::int / 10000 AS version`,
  );
  expect(settings).toEqual({
    addresses: '127.0.0.1',
    sockets: '',
    fsync: 'on',
    commit: 'on',
    pages: 'on',
    version: 18,
  });

  const withoutPassword = new URL(database.url);
  withoutPassword.password = 'guess';
  await expect(query(withoutPassword.href, 'SELECT')).rejects.toMatchObject({ code: '28P01' });
  const password = join(dataDir, 'postgres/password');
  expect(readFileSync(password, 'utf8')).toBe(new URL(database.url).password);
  expect(statSync(password).mode & 0o777).toBe(0o600);
  await database.stop();
  expect(said).toEqual([]);
});

test('what was written is there after a stop and a second start', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  expect(existsSync(join(dataDir, 'postgres/cluster/postmaster.pid'))).toBe(false);
  const second = await start();
  expect(second.started).toBe(true);
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();
});

test('processes of one folder share one server, which the last to leave stops', async () => {
  const neighbours = await Promise.all([startNeighbour(), startNeighbour(), startNeighbour()]);
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
  const killed = await startNeighbour();
  await query(killed.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await killed.kill();
  const next = await start();
  expect(next).toMatchObject({ started: false, url: killed.url });
  expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await next.stop();
  expect(existsSync(join(dataDir, 'postgres/cluster/postmaster.pid'))).toBe(false);
});

test('after a kill of application and server alike, what was committed is there', async () => {
  const killed = await startNeighbour();
  await query(killed.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  process.kill(postmasterPid(), 'SIGKILL');
  await killed.kill();
  const next = await start();
  expect(next.started).toBe(true);
  expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await next.stop();
});

test('a server that dies below its users is started again where it was, by one of them', async () => {
  const [one, other] = [await start(), await startNeighbour()];
  await query(one.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const died = postmasterPid();
  process.kill(died, 'SIGKILL');
  const answer = async (): Promise<unknown> => {
    for (;;) {
      const rows = await query(one.url, 'SELECT answer FROM kept').catch(() => null);
      if (rows !== null && postmasterPid() !== died) return rows;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  expect(await answer()).toEqual([{ answer: 42 }]);
  expect(said.join()).toContain('The embedded database is gone');
  await one.stop();
  // Still there for the other, who stops it.
  expect(await query(other.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await other.leave();
  expect(existsSync(join(dataDir, 'postgres/cluster/postmaster.pid'))).toBe(false);
});

test('a process id left behind that now belongs to something else is no obstacle', async () => {
  const first = await start();
  const pidFile = join(dataDir, 'postgres/cluster/postmaster.pid');
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  await first.stop();
  writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
  writeFileSync(join(dataDir, 'postgres/leases', `${process.pid}-99.using`), `${process.pid}@1`);
  const second = await start();
  expect(second.started).toBe(true);
  await second.stop();
  expect(existsSync(pidFile)).toBe(false);
});

test('two folders have a server each at the same time', async () => {
  const [one, other] = await Promise.all([start(), start(join(folder, 'other'))]);
  await query(one.url, 'CREATE TABLE mark ()');
  expect(await query(other.url, "SELECT FROM pg_tables WHERE tablename = 'mark'")).toHaveLength(0);
  await Promise.all([one.stop(), other.stop()]);
});

test('a folder that only root can enter is no obstacle to root: the data live elsewhere, which is said, and are found again', async () => {
  chmodSync(folder, 0o700);
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  expect(existsSync(join(dataDir, 'postgres'))).toBe(!isRoot());
  expect(said.join()).toMatch(isRoot() ? /lives in \/var\/lib\/aibc-credits-[0-9a-f]{12} / : /^$/);

  const second = await start();
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();

  const copy = join(folder, 'copy');
  cpSync(dataDir, copy, { recursive: true });
  const copied = await start(copy);
  expect(await query(copied.url, "SELECT FROM pg_tables WHERE tablename = 'kept'")).toHaveLength(isRoot() ? 0 : 1);
  await copied.stop();
  for (const dir of isRoot() ? [dataDir, copy] : []) rmSync(settleHome(dir, () => {}).directory, { recursive: true });
  rmSync(dataDir, { recursive: true });
});

test('without the library links of the install script, or where its user cannot run them, the programs run from a copy', () => {
  mkdirSync(dataDir, { recursive: true });
  const home = settleHome(dataDir, () => {});
  const installed = findPackage();
  const native = join(folder, 'native');
  cpSync(installed.native, native, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
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
