import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort } from './testing/test-server.js';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const WAIT_MS_MAX = 60_000;
/** npm in a process of its own, as this test run was started or as the machine has it. */
const NPM = process.env['npm_execpath']?.endsWith('.js')
  ? { command: process.execPath, args: [process.env['npm_execpath']] }
  : { command: 'npm', args: [] };
const ENVIRONMENT = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? tmpdir() };

const folders: string[] = [];
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'credits-start-'));
  // The embedded database's own user has to be able to enter.
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A checkout with the packages and the build of this one, and data of its own. */
function makeCheckout(): string {
  const checkout = makeFolder();
  for (const name of [
    'package.json',
    'package-lock.json',
    'scripts',
    'server/dist',
    'server/package.json',
    'client/dist',
    'client/index.html',
  ]) {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    cpSync(join(PROJECT, name), join(checkout, name), { recursive: true, preserveTimestamps: true });
  }
  // The copy is as fresh as what it was copied from, whenever that was checked out.
  writeFileSync(join(checkout, 'server/dist/.built'), new Date().toISOString());
  for (const name of ['node_modules', 'server/node_modules'])
    if (existsSync(join(PROJECT, name))) symlinkSync(join(PROJECT, name), join(checkout, name));
  return checkout;
}

async function until(isSo: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const deadline = Date.now() + WAIT_MS_MAX;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(what());
    await sleep(50);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie has ended; whoever should collect it is none of ours.
    return !existsSync('/proc/self') || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a signal to npm start', () => {
  const checkout = makeCheckout();

  /** `npm start` in a process group of its own, once it serves. */
  async function startNpm() {
    const port = await freePort();
    const npm = spawn(NPM.command, [...NPM.args, 'start'], {
      cwd: checkout,
      env: { ...ENVIRONMENT, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let log = '';
    for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const ended = once(npm, 'exit');
    const ask = async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.status ?? null;
    const isServing = async () => npm.exitCode !== null || (await ask()) === 200;
    const problem = () => `npm start did not serve. It printed:\n${log}`;
    await until(isServing, problem);
    if (npm.exitCode !== null) throw new Error(problem());
    const [database = 0] = readFileSync(join(checkout, '.data/postgres/cluster/postmaster.pid'), 'utf8')
      .split('\n')
      .map(Number);
    return { pid: npm.pid ?? 0, log: () => log, ended, ask, database };
  }

  test.each([
    ['SIGTERM to npm alone, as docker stop does', 'SIGTERM', 'npm'],
    ['SIGTERM to npm and the server, as systemd does', 'SIGTERM', 'all'],
    ['SIGHUP to npm alone', 'SIGHUP', 'npm'],
    ['SIGHUP to npm and the server, as a terminal that closes', 'SIGHUP', 'all'],
    ['SIGINT to npm and the server, as Ctrl-C does', 'SIGINT', 'all'],
    ['SIGKILL to npm alone', 'SIGKILL', 'npm'],
  ] as const)('%s: server and embedded database end, in order', async (_name, signal, whom) => {
    const running = await startNpm();
    try {
      expect(isRunning(running.database)).toBe(true);
      process.kill(whom === 'all' ? -running.pid : running.pid, signal);
      await running.ended;
      // npm passes these on and waits; of the others it dies at once, and the server notices.
      const isWaitedFor = signal === 'SIGTERM' || signal === 'SIGINT';
      if (!isWaitedFor) await until(() => !isRunning(running.database), running.log);
      expect({ database: isRunning(running.database), answer: await running.ask() }).toEqual({
        database: false,
        answer: null,
      });
      expect(running.log()).toMatch(/SIG(TERM|HUP|INT): closing/);
      expect(existsSync(join(checkout, '.data/postgres/cluster/postmaster.pid'))).toBe(false);
    } finally {
      spawnSync('kill', ['-KILL', '--', `-${running.pid}`]);
      if (isRunning(running.database)) process.kill(running.database, 'SIGINT');
    }
  });
});

test('an IPv6 HOST is printed as an address that can be opened', async () => {
  const port = await freePort();
  const server = spawn(process.execPath, [join(PROJECT, 'server/dist/main.js')], {
    env: { ...ENVIRONMENT, HOST: '::1', PORT: String(port), DATABASE_URL: process.env['TEST_DATABASE_URL'] ?? '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  server.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = once(server, 'exit');
  try {
    await until(
      () => log.includes('AIBC Credits is at') || server.exitCode !== null,
      () => log,
    );
    const [address = ''] = /http:[^\s"]+/.exec(log) ?? [];
    expect(address).toBe(`http://[::1]:${port}`);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
});

test('NODE_ENV=production on a fresh clone installs what the build needs too', () => {
  const folder = makeFolder();
  const file = (name: string, content: unknown) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  file('compiler/package.json', { name: 'compiler', version: '1.0.0' });
  file('package.json', { name: 'clone', devDependencies: { compiler: 'file:compiler-1.0.0.tgz' } });
  const npm = (...args: string[]) =>
    execFileSync(NPM.command, [...NPM.args, ...args, '--offline', '--no-audit', '--no-fund'], {
      cwd: folder,
      env: ENVIRONMENT,
      stdio: 'pipe',
    });
  npm('pack', './compiler');
  npm('install', '--package-lock-only');
  cpSync(join(PROJECT, 'scripts/project.mjs'), join(folder, 'scripts/project.mjs'));
  file('scripts/install.mjs', "import { ensureInstalled } from './project.mjs';\nawait ensureInstalled();\n");

  const install = () =>
    execFileSync(process.execPath, ['scripts/install.mjs'], {
      cwd: folder,
      env: { ...ENVIRONMENT, NODE_ENV: 'production', npm_config_omit: 'dev', npm_config_offline: 'true' },
      encoding: 'utf8',
    });
  expect(install()).toContain('Installing');
  expect(existsSync(join(folder, 'node_modules/compiler/package.json'))).toBe(true);
  // And the next start has nothing to install.
  expect(install()).toBe('');
});
