import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:http';
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

/** An answer, once its body is there. */
const answerOf = async (asked: Promise<Response>) => {
  const answer = await asked;
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    body: (await answer.json()) as unknown,
  };
};
const UNAVAILABLE = {
  status: 503,
  retryAfter: '1',
  body: { errors: [expect.objectContaining({ extensions: { code: 'UNAVAILABLE', retryAfterMs: 1000 } })] },
};

test.each(['does not come in time', 'does not come at all'])(
  'an application that %s: what waits is told to come back, and the port is closed until it is there',
  async (name) => {
    const isLate = name === 'does not come in time';
    let late = 0;
    const listener = new HttpListener(new Set(), { holdMs: isLate ? 1_500 : 3_600_000, onLate: () => late++ });
    const { port } = await listener.listen(0, '127.0.0.1');
    const url = `http://127.0.0.1:${port}`;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const onOpenConnection = (path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        get(`${url}${path}`, { agent }, (answer) => answer.resume().on('end', () => resolve(answer.statusCode))).on(
          'error',
          reject,
        );
      });
    expect(await onOpenConnection('/healthz')).toBe(200);
    const waiting = [
      answerOf(fetch(`${url}/account`)),
      answerOf(fetch(`${url}/graphql`, { method: 'POST', body: '{"query":"{ hello }"}' })),
      answerOf(fetch(`${url}/graphql`, { method: 'POST', body: 'x'.repeat(250_000) })),
    ];
    const opened = RawSocket.open(`ws://127.0.0.1:${port}/graphql`);
    const offered = once(
      get(`${url}/graphql`, { headers: { connection: 'Upgrade', upgrade: 'h2c' } }),
      'response',
    ) as Promise<[IncomingMessage]>;
    if (!isLate) {
      while ((await connectionsOf(listener)) < 6) await new Promise(setImmediate);
      await listener.abandon();
    }

    expect(await Promise.all(waiting)).toEqual([UNAVAILABLE, UNAVAILABLE, UNAVAILABLE]);
    expect((await (await opened).closed).code).toBe(1012);
    expect((await offered)[0].statusCode).toBe(503);
    expect(late).toBe(isLate ? 1 : 0);
    await expect(fetch(`${url}/healthz`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    // A connection that a proxy keeps: nothing waits on it any more.
    expect(await onOpenConnection('/graphql')).toBe(503);
    agent.destroy();

    const doors = await startTestDoors({ schema, listener });
    try {
      expect(doors.url).toBe(url);
      expect((await doors.post({ query: '{ hello }' })).json).toEqual({ data: { hello: 'world' } });
      await listener.abandon();
      expect((await doors.post({ query: '{ hello }' })).json).toEqual({ data: { hello: 'world' } });
    } finally {
      await doors.close();
    }
  },
);

const connectionsOf = ({ server }: HttpListener): Promise<number> =>
  new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
