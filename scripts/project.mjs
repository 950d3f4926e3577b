/**
 * What every command of this project needs first: a Node that is new enough, the packages of the lockfile, a fresh
 * build. Plain JavaScript without packages, since it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const NODE_MIN = [20, 19];

/** Ends the process with a clear message on an older Node. */
export function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  console.error(
    `Node.js ${NODE_MIN.join('.')} or later is needed; this is ${process.versions.node} (${process.execPath}).`,
  );
  process.exit(1);
}

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program in the project's folder with this terminal. A signal that ends this process ends the program first.
 *
 * @returns its exit code; 1 when a signal ended it
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    let signalled = null;
    const pass = (signal) => {
      signalled ??= signal;
      child.kill(signal);
    };
    for (const signal of ENDING_SIGNALS) process.on(signal, pass);
    child.once('error', reject);
    child.once('exit', (code) => {
      for (const signal of ENDING_SIGNALS) process.off(signal, pass);
      // The listener is gone, so that the signal ends this process as usual.
      if (signalled !== null) process.kill(process.pid, signalled);
      resolve(code ?? 1);
    });
  });
}

/**
 * Sends this process SIGHUP when the npm that started it is gone: npm passes SIGTERM and SIGINT on, but SIGHUP and SIGKILL end npm alone.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGHUP');
  }, 500);
  watch.unref();
}

/** Runs a program and keeps what it prints. */
export async function capture(command, args, options = {}) {
  let output = '';
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => {
      output += `${error.message}\n`;
      resolve(1);
    });
    child.once('close', (status) => resolve(status ?? 1));
  });
  return { code, output };
}

/** The file that an installed package's command starts, e.g. `tool('typescript', 'tsc')`; run it with this Node. */
export function tool(name, command = name) {
  const folder = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/** Installs from the lockfile when what is installed is not what it says; ends the process when that fails. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing the packages of package-lock.json …');
  // Said outright, since npm leaves the build's own packages out when NODE_ENV is production.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  // npm says where it is; started without npm, it is looked up like any program (on Windows a .cmd, which needs a shell).
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? await run(process.execPath, [process.env.npm_execpath, ...args])
    : await run('npm', args, { shell: process.platform === 'win32' });
  if (npm === 0) return;
  console.error('The packages could not be installed: see above.');
  process.exit(1);
}

function isInstalled() {
  const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(([path, { version, optional, link }]) => {
    if (!path.includes('node_modules/') || link) return true;
    return installed[path] ? installed[path].version === version : optional === true;
  });
}

const BUILT = join(root, 'server/dist/.built');

const SOURCES = [
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'shared/src',
  'shared/tsconfig.json',
  'server/src',
  'server/tsconfig.json',
  'client/src',
  'client/public',
  'client/index.html',
  'client/tsconfig.json',
  'client/vite.config.ts',
  'client/first-view.ts',
];

/** Builds all three workspaces: types checked, server to server/dist, dashboard to client/dist. Exit code. */
export async function build() {
  const startedAt = new Date();
  const types = await run(process.execPath, [tool('typescript', 'tsc'), '-b']);
  if (types !== 0) return types;
  removeLeftovers('catalog/editions');
  if (existsSync(join(root, 'client/index.html'))) {
    const dashboard = await run(
      process.execPath,
      [tool('vite'), 'build', '--logLevel', 'warn', '--config', 'client/vite.config.ts'],
      // What is built is the same whatever it will be run as.
      { env: { ...process.env, NODE_ENV: 'production' } },
    );
    if (dashboard !== 0) return dashboard;
  }
  mkdirSync(dirname(BUILT), { recursive: true });
  writeFileSync(BUILT, startedAt.toISOString());
  return 0;
}

/**
 * Removes what an earlier build made of sources that are gone. A folder of the server that is read as it lies would bring them back: an
 * edition of another branch would be appended to a database.
 */
function removeLeftovers(folder) {
  const dist = join(root, 'server/dist', folder);
  if (!existsSync(dist)) return;
  for (const file of readdirSync(dist))
    if (!existsSync(join(root, 'server/src', folder, `${file.split('.')[0]}.ts`))) rmSync(join(dist, file));
}

/** Builds when a source is newer than the last build; ends the process when that fails. */
export async function ensureBuilt() {
  const builtAt = existsSync(BUILT) ? Date.parse(readFileSync(BUILT, 'utf8')) : 0;
  const fresh = SOURCES.every((source) => newestChange(join(root, source)) < builtAt);
  if (fresh && existsSync(join(root, 'client/dist/index.html')) === existsSync(join(root, 'client/index.html'))) return;
  console.log('Building …');
  if ((await build()) === 0) return;
  console.error('The build failed: see above.');
  process.exit(1);
}

/** Folders count too, so that a deleted file is a change. */
function newestChange(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}
