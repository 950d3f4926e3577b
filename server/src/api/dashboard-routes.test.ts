import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stamp } from './dashboard-routes.js';
import { stampPage } from './dashboard-routes.js';
import type { TestDoors } from './test-doors.js';
import { pageHosts } from './page-hosts.js';
import { schemaOf, startTestDoors } from './test-doors.js';

const PAGE =
  '<html><head><!--stamp:head--></head><body><b><!--stamp:balance--></b><i><!--stamp:balance--></i></body></html>';

let stamp: Stamp | null = null;
let fails = false;
let base: string;
let directory: string;
let doors: TestDoors;
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'dashboard '));
  directory = join(base, 'dist');
  mkdirSync(join(directory, 'assets'), { recursive: true });
  writeFileSync(join(directory, 'index.html'), PAGE);
  writeFileSync(join(directory, 'icon.svg'), '<svg/>');
  writeFileSync(join(directory, 'assets', 'main-abc123.js'), 'export {};');
  writeFileSync(join(base, 'outside.txt'), 'secret');
  doors = await startTestDoors({
    schema: schemaOf('type Query { hello: String }', {}),
    dashboard: {
      directory,
      basePath: '',
      publicUrl: 'https://credits.example.com/studio',
      readStamp: () => (fails ? Promise.reject(new Error('hunter2')) : Promise.resolve(stamp)),
    },
  });
});
beforeEach(() => {
  stamp = null;
});
afterAll(async () => {
  await doors.close();
  rmSync(base, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = { accept: 'text/html,*/*' }) =>
  fetch(`${doors.url}${path}`, { headers });

test('every address that a browser opens gives the page, never from a cache', async () => {
  for (const path of ['/', '/index.html', '/production', '/usage/by-day?as=free']) {
    const answer = await get(path);
    expect({ status: answer.status, cache: answer.headers.get('cache-control'), text: await answer.text() }).toEqual({
      status: 200,
      cache: 'no-store',
      text: PAGE,
    });
  }
});

test('what a program asks for and is not there is 404', async () => {
  expect((await get('/production', { accept: 'application/json' })).status).toBe(404);
  expect((await fetch(`${doors.url}/production`, { method: 'POST' })).status).toBe(404);
});

test('files with a hash in their name are kept for good, no others', async () => {
  expect((await get('/assets/main-abc123.js')).headers.get('cache-control')).toBe(
    'public, max-age=31536000, immutable',
  );
  expect((await get('/icon.svg')).headers.get('cache-control')).toBe('no-store');
});

test('no path leads out of the folder', async () => {
  for (const path of ['/../outside.txt', '/%2e%2e/outside.txt', '/assets/..%2f..%2foutside.txt']) {
    expect(await (await get(path)).text()).not.toContain('secret');
  }
});

test('the page may run scripts of this server only, and be framed by nobody', async () => {
  const policy = (await get('/')).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
});

test('of what stands in the page only the scripts and styles of the build are allowed, by their hashes', async () => {
  const built = PAGE.replace('<head>', '<head><style>b{}</style><script>run()</script><script src="./a.js"></script>');
  writeFileSync(join(directory, 'index.html'), built);
  stamp = { available: 1, name: '<script>alert(1)</script>' };
  const directives = ((await get('/')).headers.get('content-security-policy') ?? '').split(';');
  writeFileSync(join(directory, 'index.html'), PAGE);
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  expect(directives.filter((each) => /^(script|style)-src/.test(each))).toEqual([
    `script-src 'self' ${hash('run()')}`,
    `style-src 'self' ${hash('b{}')}`,
  ]);
  expect((await get('/icon.svg')).headers.get('content-security-policy')).toContain("script-src 'self';");
});

test('the page may connect to its own host and to that of PUBLIC_URL, and nowhere else', async () => {
  const { host } = new URL(doors.url);
  const policy = (await get('/')).headers.get('content-security-policy') ?? '';
  expect(policy.split(';').find((directive) => directive.startsWith('connect-src'))).toBe(
    `connect-src 'self' ws://${host} wss://${host} ws://credits.example.com wss://credits.example.com`,
  );
});

test.each(['a;script-src *', 'a, b', "'unsafe-inline'", '*', 'a b', 'a\\b', 'a/b', ''])(
  'a host that is none is named nowhere in the policy: %s',
  (host) => {
    expect(pageHosts(null)({ headers: { host } })).toBe('');
  },
);

test.each(['localhost:4000', '127.0.0.1', '[::1]:4000', 'credits.example.com'])('the host %s is named', (host) => {
  expect(pageHosts(null)({ headers: { host } })).toBe(`ws://${host} wss://${host}`);
});

test('the page carries the balance as JSON and, in the language of the browser, as a number', async () => {
  stamp = { available: 12345, level: 'OK' };
  const text = await (await get('/', { accept: 'text/html', 'accept-language': 'de-DE,en;q=0.5' })).text();
  expect(text).toBe(
    '<html><head><script type="application/json" id="stamped-balance">{"available":12345,"level":"OK"}</script></head>' +
      '<body><b>12.345</b><i>12.345</i></body></html>',
  );
  const arabic = await (await get('/', { accept: 'text/html', 'accept-language': 'ar-EG' })).text();
  expect(arabic).toContain('<b>12,345</b>');
});

test.each(['en-US@posix', 'C', '', '*', 'xx-YY', 'C;q=1,en;q=0.1'])(
  'a browser whose language is %j reads English figures',
  async (language) => {
    stamp = { available: 12345, level: 'OK' };
    const text = await (await get('/', { accept: 'text/html', 'accept-language': language })).text();
    expect(text).toContain('<b>12,345</b>');
  },
);

test('the page comes compressed to whoever takes that, once it is long, and reads the same', async () => {
  stamp = { available: 1, level: 'OK', entries: Array.from({ length: 200 }, (_, index) => `entry ${index}`) };
  const plain = await get('/', { accept: 'text/html', 'accept-encoding': 'identity' });
  const text = await plain.text();
  expect(plain.headers.get('content-encoding')).toBeNull();
  for (const [accepted, encoding] of [
    ['gzip', 'gzip'],
    ['gzip, br', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['zstd', null],
  ] as const) {
    const answer = await get('/', { accept: 'text/html', 'accept-encoding': accepted });
    expect([accepted, answer.headers.get('content-encoding'), await answer.text()]).toEqual([accepted, encoding, text]);
    if (encoding !== null) expect(answer.headers.get('vary')).toContain('accept-encoding');
  }
});

test('no value in the stamp ends its element or runs as a pattern', () => {
  const page = stampPage(
    PAGE,
    { available: 1, name: "</script><script>alert(1)</script>$&$'\u2028" },
    'no locale at all',
  );
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('\\u003c/script>');
  expect(page).toContain("$&$'\\u2028");
  expect(page).toContain('<b>1</b>');
});

test('without a built dashboard the answer says how to make one', async () => {
  const bare = await startTestDoors({ schema: schemaOf('type Query { hello: String }', {}) });
  try {
    const answer = await fetch(bare.url, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
  } finally {
    await bare.close();
  }
});

test('what goes wrong inside is not told', async () => {
  fails = true;
  const answer = await get('/');
  fails = false;
  const text = await answer.text();
  expect(answer.status).toBe(500);
  expect(text).toContain('Internal server error');
  expect(text).not.toContain('hunter2');
});
