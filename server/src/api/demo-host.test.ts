import { request } from 'node:http';
import { RawSocket } from '../testing/test-socket.js';
import { createDemoHost } from './demo-host.js';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';

const publicUrl = 'https://demo.example.com/credits';

test.each([
  ['localhost:4000', true],
  ['LOCALHOST', true],
  ['room.localhost:4000', true],
  ['127.0.0.1:4000', true],
  ['127.9.9.9', true],
  ['[::1]:4000', true],
  ['0x7f.1', true],
  ['demo.example.com', true],
  ['demo.example.com:8443', true],
  ['demo.example.com.', true],
  ['rebound.example.org:4000', false],
  ['127.0.0.1.example.org', false],
  ['localhost.example.org', false],
  ['192.168.1.5:4000', false],
  ['127.0.0.1@example.org', false],
  ['example.org#127.0.0.1', false],
  ['', false],
  [':4000', false],
  ['[::1', false],
])('a demo answers for the host %j: %s', (host, known) => {
  expect(createDemoHost({ publicUrl, isPublic: false })(host)).toBe(known);
});

test('a demo that listens beyond this machine answers for addresses too, which no foreign name leads to', () => {
  const knows = createDemoHost({ publicUrl: null, isPublic: true });
  expect(
    ['192.168.1.5:4000', '[2001:db8::1]:4000', 'localhost', 'office-pc:4000', 'rebound.example.org'].map(knows),
  ).toEqual([true, true, true, false, false]);
});

describe('over HTTP and WebSocket', () => {
  let doors: TestDoors;
  beforeAll(async () => {
    doors = await startTestDoors({
      schema: schemaOf('type Query { hello: String }', { 'Query.hello': () => 'world' }),
      knowsHost: createDemoHost({ publicUrl, isPublic: false }),
      openDemoSession: () => Promise.resolve({ token: 'token', accountId: 'acct_1' }),
    });
  });
  afterAll(() => doors.close());

  const ask = (host: string, path: string, method = 'GET'): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asked = request(
        `${doors.url}${path}`,
        { method, headers: { host, 'content-type': 'application/json' } },
        (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        },
      );
      asked.on('error', reject);
      asked.end(method === 'POST' ? '{"as":"operator"}' : undefined);
    });

  test('a page whose name was made to lead here signs in as nobody: 421', async () => {
    expect(await ask('rebound.example.org:4000', '/demo/session', 'POST')).toBe(421);
    expect(await ask('rebound.example.org:4000', '/?as=pro')).toBe(421);
    expect(await ask('rebound.example.org:4000', '/graphql', 'POST')).toBe(421);
    const origin = 'http://rebound.example.org:4000';
    await expect(
      RawSocket.open(doors.wsUrl, { origin, headers: { host: 'rebound.example.org:4000' } }),
    ).rejects.toThrow('421');
  });
  test('the demo’s own names do', async () => {
    for (const host of ['localhost:4000', 'demo.example.com', '127.0.0.1'])
      expect(await ask(host, '/demo/session', 'POST')).toBe(200);
  });
  test('machines ask for health by any name', async () => {
    expect(await ask('rebound.example.org', '/healthz')).toBe(200);
    expect(await ask('10.0.0.7:4000', '/readyz')).toBe(200);
    expect(await ask('10.0.0.7:4000', '/healthz?x=1')).toBe(200);
    expect(await ask('10.0.0.7:4000', '/healthz/x?/healthz')).toBe(421);
  });
});
