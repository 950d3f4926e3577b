import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { basePathOf, placePage } from './base-path.js';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';

let directory: string;
let doors: TestDoors;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'base-path-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(
    join(directory, 'index.html'),
    '<meta name="base-path" content="./" /><script src="./assets/main.js"></script>',
  );
  writeFileSync(join(directory, 'assets/main.js'), 'export {};');
  doors = await startTestDoors({
    schema: schemaOf('type Query { hello: String }', { 'Query.hello': () => 'there' }),
    dashboard: { directory, publicUrl: null, basePath: '/credits', readStamp: () => Promise.resolve(null) },
  });
});
afterAll(async () => {
  await doors.close();
  rmSync(directory, { recursive: true });
});

const get = (path: string) => fetch(`${doors.url}${path}`, { headers: { accept: 'text/html,*/*' } });

test.each([
  ['https://office.example/credits/', '/credits'],
  ['https://office.example/a/b', '/a/b'],
  ['https://office.example/', ''],
  ['https://office.example', ''],
  [null, ''],
])('the base path of %s is "%s"', (publicUrl, basePath) => expect(basePathOf(publicUrl)).toBe(basePath));

test.each(['/credits', ''])(
  'with the prefix "%s" kept or taken away by the proxy, everything is there',
  async (prefix) => {
    const page = await (await get(`${prefix}/production?as=pro`)).text();
    expect(page).toBe('<meta name="base-path" content="/credits/" /><script src="/credits/assets/main.js"></script>');
    const script = await get(`${prefix}/assets/main.js`);
    expect([script.status, script.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect((await get(`${prefix}/healthz`)).status).toBe(200);
    const answer = await fetch(`${doors.url}${prefix}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ hello }' }),
    });
    expect(await answer.json()).toEqual({ data: { hello: 'there' } });
    const socket = new WebSocket(`${doors.url.replace('http', 'ws')}${prefix}/graphql?x`, 'graphql-transport-ws');
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.terminate();
  },
);

test('the bare prefix and a query after it give the page; another word with the same beginning is no prefix', async () => {
  for (const path of ['/credits', '/credits?as=free', '/credits/', '/credits/?as=free'])
    expect([(await get(path)).status, await (await get(path)).text()]).toEqual([
      200,
      expect.stringContaining('/credits/assets/'),
    ]);
  expect((await fetch(`${doors.url}/creditsgraphql`, { method: 'POST' })).status).toBe(404);
  expect((await fetch(`${doors.url}/creditshealthz`)).status).toBe(404);
});

test('a request with an expectation unheard of finds everything below the path too', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const asked = request(`${doors.url}/credits/healthz`, { headers: { expect: 'miracles' } }, (answer) =>
      resolve(answer.resume().statusCode),
    );
    asked.on('error', reject);
    asked.end();
  });
  expect(status).toBe(200);
});

test('a path that means something to HTML is written into the page as text', () => {
  expect(placePage('<script src="./a.js">', "/a&b'$&")).toBe('<script src="/a&amp;b\'$&amp;/a.js">');
});
