import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { RawSocketOptions } from '../testing/test-socket.js';
import { RawSocket } from '../testing/test-socket.js';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';
import { until } from '../testing/test-until.js';

/** A feed that a test pushes into, and that knows who listens. */
class Feed {
  readonly listeners = new Set<(value: number | Error) => void>();
  push(value: number | Error): void {
    this.listeners.forEach((listener) => listener(value));
  }
  open(): AsyncIterableIterator<{ ticks: number }> {
    const queue: (number | Error)[] = [];
    let wake: (() => void) | null = null;
    let isDone = false;
    const listener = (value: number | Error): void => {
      queue.push(value);
      wake?.();
    };
    this.listeners.add(listener);
    const stop = (): void => {
      isDone = true;
      this.listeners.delete(listener);
      wake?.();
    };
    const stream: AsyncIterableIterator<{ ticks: number }> = {
      [Symbol.asyncIterator]: () => stream,
      next: async () => {
        while (queue.length === 0 && !isDone) await new Promise<void>((resolve) => (wake = resolve));
        const value = queue.shift();
        if (typeof value === 'number') return { done: false, value: { ticks: value } };
        stop();
        if (value instanceof Error) throw value;
        return { done: true, value: undefined };
      },
      return: async () => {
        stop();
        return { done: true, value: undefined };
      },
    };
    return stream;
  }
}

const feed = new Feed();
let release = (): void => {};
/** What the mutation was executed with. */
const added: number[] = [];
const schema = schemaOf(
  'type Query { hello: String, who: String, slow: Int, list(first: Int! = 1): [Node!]! } type Node { id: ID } type Mutation { add(n: Int!): Int! } type Subscription { ticks(n: Int): Int }',
  {
    'Query.hello': () => 'world',
    'Query.who': (_source, _args, context) => (context as { caller: { id: string } | null }).caller?.id,
    'Query.slow': () => new Promise<number>((resolve) => (release = () => resolve(1))),
    'Query.list': () => [],
    'Mutation.add': (_source, { n }) => {
      added.push(n as number);
      return (n as number) + 1;
    },
    'Subscription.ticks': () => feed.open(),
  },
);

let doors: TestDoors;
const open = new Set<RawSocket>();
const socketOf = async (options?: RawSocketOptions): Promise<RawSocket> => {
  const socket = await RawSocket.open(doors.wsUrl, options);
  open.add(socket);
  return socket;
};
const signedIn = async (name = 'me'): Promise<RawSocket> => {
  const socket = await socketOf();
  await socket.signIn(name);
  return socket;
};
/** How often a socket was told to slow down, before an operation began or in its stead. */
const refusals = (socket: RawSocket): number =>
  socket.received.filter(({ payload }) => JSON.stringify(payload ?? null).includes('RATE_LIMITED')).length;
beforeAll(async () => {
  doors = await startTestDoors({ schema });
});
afterEach(() => {
  for (const socket of open) socket.terminate();
  open.clear();
});
afterAll(() => doors.close());

describe('who may open a socket', () => {
  test.each([
    ['a page of another origin', 'https://evil.example.com'],
    ['a page whose origin is malformed', 'http://['],
    ['an origin that is null', 'null'],
    ['an origin of another scheme at the same host', 'file://127.0.0.1'],
  ])('%s may not: 403', async (_who, origin) => {
    await expect(socketOf({ origin })).rejects.toThrow('403');
  });

  test('a page of its own origin, of an allowed one, and a program may', async () => {
    await expect(socketOf({ origin: doors.url })).resolves.toBeDefined();
    await expect(socketOf({ origin: 'https://studio.example.com' })).resolves.toBeDefined();
    await expect(socketOf()).resolves.toBeDefined();
  });

  test('at no other path: 404', async () => {
    for (const path of ['/', '/graphqlx', '/graphql/'])
      await expect(RawSocket.open(doors.wsUrl.replace('/graphql', path))).rejects.toThrow('404');
  });

  test.each([
    ['https', 'c.example.com:443', 'https://c.example.com'],
    ['https, a page at the default port said aloud', 'c.example.com', 'https://c.example.com:443'],
    ['http', 'c.example.com:80', 'http://c.example.com'],
    ['another port', 'c.example.com:8443', 'https://c.example.com:8443'],
    ['letters of another size', 'C.Example.com', 'https://c.example.com'],
    ['IPv6', '[2001:DB8:0::1]:443', 'https://[2001:db8::1]'],
  ])('a page of the same origin, its default port written or not, may: %s', async (_what, host, origin) => {
    await expect(socketOf({ origin, headers: { host } })).resolves.toBeDefined();
  });

  test.each([
    ['another port', 'c.example.com:444', 'https://c.example.com'],
    ['the default port of the other protocol', 'c.example.com:80', 'https://c.example.com'],
    ['another host', 'c.example.com', 'https://d.example.com'],
    ['a host that is none', 'c.example.com/x', 'https://c.example.com/x'],
    ['a host with a name in front', 'https://c.example.com@d.example.com', 'https://c.example.com'],
  ])('a page of another origin may not: %s', async (_what, host, origin) => {
    await expect(socketOf({ origin, headers: { host } })).rejects.toThrow('403');
  });

  test('an upgrade that makes no sense ends its connection and nothing else', async () => {
    const { port } = { port: Number(new URL(doors.url).port) } satisfies Partial<AddressInfo>;
    for (const head of [
      'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: ::::\r\n\r\n',
      'GET http://[ HTTP/1.1\r\nHost: \r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 1\r\n\r\n',
    ]) {
      const answer = await new Promise<string>((resolve) => {
        const raw = connect(port, '127.0.0.1', () => raw.write(head));
        let text = '';
        raw.on('data', (data) => (text += data.toString()));
        raw.on('close', () => resolve(text));
        raw.on('error', () => resolve(text));
      });
      expect(answer).not.toContain(' 101 ');
    }
    expect((await doors.post({ query: '{ hello }' })).status).toBe(200);
  });
});

describe('signing in', () => {
  test('connection_init with a bearer is acknowledged', async () => {
    const socket = await signedIn('anna');
    expect(await socket.gql('{ who }')).toEqual({ data: { who: 'anna' } });
  });
  test.each([
    ['no payload', { type: 'connection_init' }],
    ['a wrong bearer', { type: 'connection_init', payload: { authorization: 'Bearer wrong' } }],
    ['something else as bearer', { type: 'connection_init', payload: { authorization: 7 } }],
  ])('with %s: 4403', async (_what, message) => {
    const socket = await socketOf();
    socket.send(message);
    expect((await socket.ended()).code).toBe(4403);
  });
  test('with a bearer in the upgrade: signed in, by an empty connection_init', async () => {
    const socket = await socketOf({ headers: { authorization: 'Bearer anna' } });
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    expect(await socket.gql('{ who }')).toEqual({ data: { who: 'anna' } });
  });
  test('with another bearer in connection_init than in the upgrade: the later one counts', async () => {
    const socket = await socketOf({ headers: { authorization: 'Bearer key1' } });
    await socket.signIn('key2');
    doors.revoke('key1');
    expect(await socket.gql('{ who }')).toEqual({ data: { who: 'key2' } });
    doors.revoke('key2');
    expect((await socket.ended()).code).toBe(4403);
  });
  test('with a wrong bearer in the upgrade: the upgrade goes on, then 4403', async () => {
    const socket = await socketOf({ headers: { authorization: 'Bearer wrong' } });
    expect(await socket.ended()).toEqual({ code: 4403, reason: 'Forbidden' });
  });
  test('a key that signed in by the upgrade and is revoked: 4403', async () => {
    const socket = await socketOf({ headers: { authorization: 'Bearer key7' } });
    doors.revoke('key7');
    expect(await socket.ended()).toEqual({ code: 4403, reason: 'Key revoked' });
  });
  test('what the upgrade says to a proxy in front is not looked at', async () => {
    const socket = await socketOf({ headers: { authorization: 'Basic b2ZmaWNlOmRvb3I=' } });
    await socket.signIn('anna');
    expect(await socket.gql('{ who }')).toEqual({ data: { who: 'anna' } });
  });
  test('not in time: 4408', async () => {
    const quick = await startTestDoors({ schema, initMs: 50 });
    try {
      expect((await (await RawSocket.open(quick.wsUrl)).ended()).code).toBe(4408);
    } finally {
      await quick.close();
    }
  });
  test('twice: 4429', async () => {
    const socket = await signedIn();
    socket.send({ type: 'connection_init' });
    expect((await socket.ended()).code).toBe(4429);
  });
  test('when the token expires: 4403', async () => {
    const socket = await signedIn('soon');
    expect(await socket.ended()).toEqual({ code: 4403, reason: 'Token expired' });
  });
  test('a token that lives longer than a timer can wait is not cut off when the timer ends', async () => {
    const impatient = await startTestDoors({ schema, timerMsMax: 50 });
    try {
      const socket = await RawSocket.open(impatient.wsUrl);
      const endsAt = Date.now() + 300;
      await socket.signIn('soon');
      expect(await socket.ended()).toEqual({ code: 4403, reason: 'Token expired' });
      expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
    } finally {
      await impatient.close();
    }
  });
  test('when the key is revoked: 4403, that key alone', async () => {
    const [revoked, other] = [await signedIn('key1'), await signedIn('key2')];
    doors.revoke('key1');
    expect(await revoked.ended()).toEqual({ code: 4403, reason: 'Key revoked' });
    expect(await other.gql('{ hello }')).toEqual({ data: { hello: 'world' } });
  });
});

describe('the protocol', () => {
  test('another subprotocol: 4406', async () => {
    expect(
      (
        await (
          await socketOf({ subprotocol: 'graphql-ws' }).catch(() => ({ ended: async () => ({ code: 4406 }) }))
        ).ended()
      ).code,
    ).toBe(4406);
  });
  test('subscribe before the acknowledgement: 4401', async () => {
    const socket = await socketOf();
    socket.subscribe('{ hello }');
    expect((await socket.ended()).code).toBe(4401);
  });
  test('an id in use: 4409', async () => {
    const socket = await signedIn();
    socket.subscribe('subscription { ticks }', {}, 'one');
    socket.subscribe('subscription { ticks }', {}, 'one');
    expect((await socket.ended()).code).toBe(4409);
  });
  test.each([
    'no json',
    '{}',
    '{"type":"unknown"}',
    '{"type":"subscribe"}',
    '{"type":"subscribe","id":"","payload":{}}',
    '[]',
    '"x"',
    '{"type":"next","id":"1","payload":{}}',
  ])('the message %s: 4400', async (message) => {
    const socket = await signedIn();
    socket.send(message);
    expect((await socket.ended()).code).toBe(4400);
  });
  test('a ping is answered with a pong, payload and all', async () => {
    const socket = await signedIn();
    socket.send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { at: 1 } });
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
    socket.send({ type: 'pong' });
    await socket.silence(50);
  });
  test('queries and mutations are answered by next and complete', async () => {
    const socket = await signedIn();
    const id = socket.subscribe('mutation { add(n: 1) }');
    expect(await socket.next()).toEqual({ id, type: 'next', payload: { data: { add: 2 } } });
    expect(await socket.next()).toEqual({ id, type: 'complete' });
  });
  test('an id is free again when its operation is complete', async () => {
    const socket = await signedIn();
    for (let turn = 0; turn < 2; turn++) {
      socket.subscribe('{ hello }', {}, 'same');
      expect([(await socket.next()).type, (await socket.next()).type]).toEqual(['next', 'complete']);
    }
  });
  test('a subscription gives its events', async () => {
    const socket = await signedIn();
    const id = socket.subscribe('subscription { ticks }');
    await until(() => feed.listeners.size === 1);
    feed.push(1);
    feed.push(2);
    expect([await socket.next(), await socket.next()]).toEqual([
      { id, type: 'next', payload: { data: { ticks: 1 } } },
      { id, type: 'next', payload: { data: { ticks: 2 } } },
    ]);
  });
  test('an id that is used again before its first operation is answered: the first answer is not sent', async () => {
    const socket = await signedIn();
    const id = socket.subscribe('{ slow }');
    socket.send({ id, type: 'complete' });
    socket.subscribe('{ hello }', {}, id);
    release();
    expect([await socket.next(), await socket.next()]).toEqual([
      { id, type: 'next', payload: { data: { hello: 'world' } } },
      { id, type: 'complete' },
    ]);
    await socket.silence(50);
  });
  test('complete from the client ends the subscription in silence', async () => {
    const socket = await signedIn();
    const id = socket.subscribe('subscription { ticks }');
    await until(() => feed.listeners.size === 1);
    socket.send({ id, type: 'complete' });
    await until(() => feed.listeners.size === 0);
    feed.push(1);
    await expect(socket.silence(50)).resolves.toBeUndefined();
  });
  test('complete before the result: the result is not sent', async () => {
    const socket = await signedIn();
    const id = socket.subscribe('{ slow }');
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.send({ id, type: 'complete' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    release();
    await expect(socket.silence(50)).resolves.toBeUndefined();
  });
  test('complete for nothing is ignored', async () => {
    const socket = await signedIn();
    socket.send({ id: 'nothing', type: 'complete' });
    expect(await socket.gql('{ hello }')).toEqual({ data: { hello: 'world' } });
  });
  test('after error comes no complete', async () => {
    const socket = await signedIn();
    const id = socket.subscribe('subscription { ticks }');
    await until(() => feed.listeners.size === 1);
    feed.push(new Error('secret'));
    expect(await socket.next()).toMatchObject({ id, type: 'error', payload: [{ message: 'Internal server error' }] });
    await socket.silence(50);
  });
  test('a refused operation is an error without complete, and the socket goes on', async () => {
    const socket = await signedIn();
    const id = socket.subscribe('{ nothing }');
    expect(await socket.next()).toMatchObject({
      id,
      type: 'error',
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    await socket.silence(50);
    expect(await socket.gql('{ hello }')).toEqual({ data: { hello: 'world' } });
  });
  test('a dropped socket leaves no listener behind', async () => {
    const socket = await signedIn();
    for (let count = 0; count < 5; count++) socket.subscribe('subscription { ticks }');
    await until(() => feed.listeners.size === 5);
    socket.terminate();
    await until(() => feed.listeners.size === 0);
    expect(feed.listeners.size).toBe(0);
  });
});

describe('the limits of HTTP hold here too', () => {
  test.each([
    ['a document that does not parse', '{', {}, 'GRAPHQL_PARSE_FAILED'],
    ['more than 1,000 tokens', `{ ${'hello '.repeat(1_000)} }`, {}, 'GRAPHQL_PARSE_FAILED'],
    ['11 aliases', `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: hello`).join(' ')} }`, {}, 'QUERY_TOO_COMPLEX'],
    [
      '6 mutations',
      `mutation { ${Array.from({ length: 6 }, (_, i) => `a${i}: add(n: 1)`).join(' ')} }`,
      {},
      'QUERY_TOO_COMPLEX',
    ],
    ['a page above the cost', 'query L($n: Int!) { list(first: $n) { id } }', { n: 'x' }, 'BAD_USER_INPUT'],
  ])('%s', async (_what, query, variables, code) => {
    const socket = await signedIn();
    socket.subscribe(query, variables);
    expect(await socket.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code } }] });
  });

  test('64 KiB a message before signing in, 256 KiB after: 1009', async () => {
    const stranger = await socketOf();
    stranger.send({ type: 'connection_init', payload: { authorization: 'x'.repeat(64 * 1024) } });
    expect((await stranger.ended()).code).toBe(1009);
    const known = await signedIn();
    known.subscribe('{ hello }', { x: 'x'.repeat(100_000) });
    expect((await known.next()).type).toBe('next');
    known.subscribe('{ hello }', { x: 'x'.repeat(300_000) });
    expect((await known.ended()).code).toBe(1009);
  });

  test('100 live subscriptions a socket; one that ends makes room', async () => {
    const socket = await signedIn();
    const ids = Array.from({ length: 100 }, () => socket.subscribe('subscription { ticks }'));
    await until(() => feed.listeners.size === 100);
    socket.subscribe('subscription { ticks }');
    expect(await socket.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
    socket.send({ id: ids[0], type: 'complete' });
    await until(() => feed.listeners.size === 99);
    socket.subscribe('subscription { ticks }');
    await until(() => feed.listeners.size === 100);
    await socket.silence(20);
  });

  test('a burst of 150 subscriptions in one go: 100 of them live', async () => {
    const socket = await signedIn();
    for (let n = 0; n < 150; n++) socket.subscribe('subscription { ticks }');
    await until(() => feed.listeners.size === 100 && refusals(socket) === 50);
    await socket.silence(20);
    expect(feed.listeners.size).toBe(100);
  });

  test('rate limits: an error that says when to come back', async () => {
    const strict = await startTestDoors({ schema, limits: { serviceOperationsPerSecond: 2 } });
    try {
      const socket = await RawSocket.open(strict.wsUrl);
      await socket.signIn('me');
      const answers = [await socket.gql('{ hello }'), await socket.gql('{ hello }'), await socket.gql('{ hello }')];
      expect(answers.map(({ errors }) => errors?.[0]?.extensions?.['code'])).toEqual([
        undefined,
        undefined,
        'RATE_LIMITED',
      ]);
      socket.terminate();
    } finally {
      await strict.close();
    }
  });
});

describe('the end', () => {
  test('who does not answer pings is cut off; who does stays', async () => {
    const quick = await startTestDoors({ schema, pingMs: 60 });
    try {
      const deaf = new WebSocket(quick.wsUrl, 'graphql-transport-ws', { autoPong: false });
      const alive = await RawSocket.open(quick.wsUrl);
      await alive.signIn('me');
      const code = await new Promise<number>((resolve) => deaf.on('close', resolve));
      expect(code).toBe(1006);
      expect(await alive.gql('{ hello }')).toEqual({ data: { hello: 'world' } });
      alive.terminate();
    } finally {
      await quick.close();
    }
  });

  test('a shutdown answers what has begun, closes with 1012, lets nobody in, and is quick', async () => {
    const closing = await startTestDoors({ schema });
    const idle = await RawSocket.open(closing.wsUrl);
    await idle.signIn('me');
    const busy = await RawSocket.open(closing.wsUrl);
    await busy.signIn('me');
    const id = busy.subscribe('{ slow }');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const startedAt = performance.now();
    const closed = closing.close();
    expect((await idle.ended()).code).toBe(1012);
    await expect(RawSocket.open(closing.wsUrl)).rejects.toThrow('ECONNREFUSED');
    release();
    expect(await busy.next()).toEqual({ id, type: 'next', payload: { data: { slow: 1 } } });
    expect((await busy.ended()).code).toBe(1012);
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test('a process that is alone keeps its sockets and its port to the end, answers what has begun, and begins nothing new', async () => {
    const closing = await startTestDoors({ schema, hasPeers: () => false });
    const [idle, busy] = [await RawSocket.open(closing.wsUrl), await RawSocket.open(closing.wsUrl)];
    await idle.signIn('me');
    await busy.signIn('me');
    const id = busy.subscribe('{ slow }');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const drained = closing.drain();
    while ((await fetch(`${closing.url}/readyz`)).status !== 503);
    expect(await idle.gql('{ hello }')).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
    expect((await closing.post({ query: '{ hello }' })).status).toBe(503);
    expect((await (await RawSocket.open(closing.wsUrl)).ended()).code).toBe(1012);
    release();
    expect(await busy.next()).toEqual({ id, type: 'next', payload: { data: { slow: 1 } } });
    await drained;
    expect([idle.ws.readyState, busy.ws.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
    await closing.close();
    expect([(await idle.ended()).code, (await busy.ended()).code]).toEqual([1012, 1012]);
    await expect(RawSocket.open(closing.wsUrl)).rejects.toThrow('ECONNREFUSED');
  });

  test('a mutation that the peer sends before it reads the close frame is not executed, since nobody would be told', async () => {
    const closing = await startTestDoors({ schema });
    const ws = new WebSocket(closing.wsUrl, 'graphql-transport-ws');
    const upgraded = new Promise<Socket>((resolve) => ws.once('upgrade', ({ socket }) => resolve(socket)));
    await new Promise((resolve) => ws.once('open', resolve));
    ws.send('{"type":"connection_init","payload":{"authorization":"Bearer me"}}');
    await new Promise((resolve) => ws.once('message', resolve));
    const mutate = (n: number): void =>
      ws.send(JSON.stringify({ id: String(n), type: 'subscribe', payload: { query: `mutation { add(n: ${n}) }` } }));
    mutate(41);
    await new Promise((resolve) => ws.once('message', resolve));
    let isSent = false;
    // Before the WebSocket itself sees it.
    (await upgraded).prependListener('data', (data: Buffer) => {
      if (data.at(0) !== 0x88) return;
      isSent = true;
      mutate(42);
    });
    const closed = new Promise<number>((resolve) => ws.once('close', resolve));
    // The process goes on beginning operations while another socket is still being answered.
    const busy = await RawSocket.open(closing.wsUrl);
    await busy.signIn('me');
    busy.subscribe('{ slow }');
    expect(await busy.gql('{ hello }')).toMatchObject({ data: { hello: 'world' } });
    const closingEnded = closing.close();
    expect(await closed).toBe(1012);
    release();
    await closingEnded;
    expect([isSent, added.includes(41), added.includes(42)]).toEqual([true, true, false]);
  });

  test('a peer that never answers the close frame does not hold the shutdown', async () => {
    const closing = await startTestDoors({ schema });
    const socket = await RawSocket.open(closing.wsUrl);
    await socket.signIn('me');
    socket.ws.pause();
    const startedAt = performance.now();
    await closing.close();
    expect(performance.now() - startedAt).toBeLessThan(7_000);
    socket.terminate();
  });
});
