import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './test-server.js';
import { until } from './test-until.js';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const WAIT_MS_MAX = 60_000;

/** npm in a process of its own, as this run was started or as the machine has it. */
export const NPM = process.env['npm_execpath']?.endsWith('.js')
  ? { command: process.execPath, args: [process.env['npm_execpath']] }
  : { command: 'npm', args: [] };

/** Nothing of this run's settings. */
export const ENVIRONMENT = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? tmpdir() };

/** A way to end `npm start`: a signal to npm alone, or to npm and the server. */
export interface NpmEnding {
  readonly name: string;
  readonly signal: 'SIGTERM' | 'SIGHUP' | 'SIGINT' | 'SIGKILL';
  readonly whom: 'npm' | 'all';
}

/** All that npm can be ended by, and what does so; the tests take three that npm treats differently, the proof all. */
export const NPM_ENDINGS: readonly NpmEnding[] = [
  { name: 'SIGTERM to npm alone, as docker stop does', signal: 'SIGTERM', whom: 'npm' },
  { name: 'SIGTERM to npm and the server, as systemd does', signal: 'SIGTERM', whom: 'all' },
  { name: 'SIGHUP to npm alone', signal: 'SIGHUP', whom: 'npm' },
  { name: 'SIGHUP to npm and the server, as a terminal that closes', signal: 'SIGHUP', whom: 'all' },
  { name: 'SIGINT to npm and the server, as Ctrl-C does', signal: 'SIGINT', whom: 'all' },
  { name: 'SIGKILL to npm alone', signal: 'SIGKILL', whom: 'npm' },
];

/** Makes a checkout of a folder, with the packages and the build of this one, and data of its own. */
export function makeCheckout(checkout: string): void {
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
}

/**
 * Starts `npm start` in a checkout, ends it once it serves, and waits for server and embedded database to end in order.
 *
 * @returns what did not, a sentence each; empty when all did
 */
export async function endNpm(checkout: string, { signal, whom }: NpmEnding): Promise<string[]> {
  const running = await startNpm(checkout);
  const pidFile = join(checkout, '.data/postgres/cluster/postmaster.pid');
  const database = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  try {
    if (!isRunning(database)) throw new Error('the database does not run');
    process.kill(whom === 'all' ? -running.pid : running.pid, signal);
    await running.ended;
    // npm passes these on and waits; of the others it dies at once, and the server notices.
    const isWaitedFor = signal === 'SIGTERM' || signal === 'SIGINT';
    if (!isWaitedFor) await until(() => !isRunning(database), WAIT_MS_MAX, running.log);
    return [
      isRunning(database) ? 'the database runs on' : '',
      (await running.ask()) === null ? '' : 'the server answers',
      /SIG(TERM|HUP|INT): closing/.test(running.log())
        ? ''
        : `the server does not say that it closes: ${running.log()}`,
      existsSync(pidFile) ? 'the database was not shut down' : '',
    ].filter(Boolean);
  } finally {
    spawnSync('kill', ['-KILL', '--', `-${running.pid}`]);
    if (isRunning(database)) process.kill(database, 'SIGINT');
  }
}

/** `npm start` in a process group of its own, once it serves. */
async function startNpm(checkout: string) {
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
  const problem = () => `npm start did not serve. It printed:\n${log}`;
  await until(async () => npm.exitCode !== null || (await ask()) === 200, WAIT_MS_MAX, problem);
  if (npm.exitCode !== null) throw new Error(problem());
  return { pid: npm.pid ?? 0, log: () => log, ended, ask };
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
