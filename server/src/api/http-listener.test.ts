import { RawSocket } from '../testing/test-socket.js';
import { HttpListener } from './http-listener.js';
import { schemaOf, startTestDoors } from './test-doors.js';

const schema = schemaOf('type Query { hello: String }', { 'Query.hello': () => 'world' });

test('what comes before the application is there waits for it: requests, with their bodies, and sockets', async () => {
  const listener = new HttpListener();
  const { port } = await listener.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const early = fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ hello }"}',
  });
  const socket = RawSocket.open(`ws://127.0.0.1:${port}/graphql`);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${url}/readyz`);
  expect({ status: ready.status, body: await ready.json() }).toEqual({
    status: 503,
    body: { status: 'not ready', reason: 'starting' },
  });
  expect(ready.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  expect(ready.headers.get('x-content-type-options')).toBe('nosniff');

  const doors = await startTestDoors({ schema, listener });
  try {
    expect(doors.url).toBe(url);
    expect(await (await early).json()).toEqual({ data: { hello: 'world' } });
    const opened = await socket;
    await opened.signIn('me');
    expect(await opened.gql('{ hello }')).toEqual({ data: { hello: 'world' } });
    opened.terminate();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  } finally {
    await doors.close();
  }
});

test('a port in use is told', async () => {
  const first = new HttpListener();
  const { port } = await first.listen(0, '127.0.0.1');
  await expect(new HttpListener().listen(port, '127.0.0.1')).rejects.toThrow('EADDRINUSE');
  await first.end();
});

describe('pages of an allowed origin, and no others, may read that they shall try again', () => {
  const allowed = 'https://studio.example.com';
  const ask = (url: string, query: string, origin: string): Promise<Response> =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ query }),
    });
  const seen = ({ status, headers }: Response): unknown[] => [
    status,
    ...['access-control-allow-origin', 'access-control-expose-headers', 'vary'].map((name) => headers.get(name)),
  ];
  const READABLE = [503, allowed, 'x-request-id, retry-after', 'origin'];
  const HIDDEN = [503, null, null, null];

  test('while the process starts', async () => {
    const listener = new HttpListener(new Set([allowed]));
    const { port } = await listener.listen(0, '127.0.0.1');
    const url = `http://127.0.0.1:${port}`;
    expect(seen(await fetch(`${url}/readyz`, { headers: { origin: allowed } }))).toEqual(READABLE);
    let come = 0;
    const bothCame = new Promise<void>((resolve) =>
      listener.server.on('request', () => {
        if ((come += 1) === 2) resolve();
      }),
    );
    const answers = [ask(url, '{ hello }', allowed), ask(url, '{ hello }', 'https://evil.example.com')];
    await bothCame;
    await listener.end();
    expect((await Promise.all(answers)).map(seen)).toEqual([READABLE, HIDDEN]);
  });

  test('while the process ends: what comes then, and what is not answered by then', async () => {
    let begun = (): void => {};
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    const doors = await startTestDoors({
      schema: schemaOf('type Query { never: String }', {
        'Query.never': () => {
          begun();
          return new Promise(() => {});
        },
      }),
      hasPeers: () => false,
    });
    const late = ask(doors.url, '{ never }', allowed);
    await isBegun;
    const drained = doors.drain();
    while ((await fetch(`${doors.url}/readyz`)).status !== 503);
    expect(seen(await ask(doors.url, '{ never }', allowed))).toEqual(READABLE);
    expect(seen(await ask(doors.url, '{ never }', 'https://evil.example.com'))).toEqual(HIDDEN);
    await drained;
    await doors.close();
    expect(seen(await late)).toEqual(READABLE);
  });
});
