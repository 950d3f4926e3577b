import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { endNpm, ENVIRONMENT, makeCheckout, NPM, NPM_ENDINGS } from './testing/test-npm.js';
import { freePort } from './testing/test-server.js';
import { until } from './testing/test-until.js';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

const folders: string[] = [];
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'credits-start-'));
  // The embedded database's own user has to be able to enter.
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

describe('a signal to npm start', () => {
  const checkout = makeFolder();
  beforeAll(() => makeCheckout(checkout));

  // npm passes on and waits, its terminal ends all at once, it dies without a word; `npm run proof -- signals` has the rest.
  const endings = NPM_ENDINGS.filter(({ signal, whom }) =>
    whom === 'npm' ? signal !== 'SIGHUP' : signal === 'SIGINT',
  );
  test.each(endings)('$name: server and embedded database end, in order', async (ending) => {
    expect(await endNpm(checkout, ending)).toEqual([]);
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
      100_000,
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
