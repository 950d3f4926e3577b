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
