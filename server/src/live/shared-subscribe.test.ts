import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { execute, parse } from 'graphql';
import type { ExecutionResult, FormattedExecutionResult, GraphQLSchema } from 'graphql';
import { MessageType, parseMessage } from 'graphql-ws';
import type { SubscribePayload } from 'graphql-ws';
import { Query, Resolver, buildSchema } from 'type-graphql';
import type { ContainerType, PubSub } from 'type-graphql';
import { WebSocket, WebSocketServer } from 'ws';
import type { Caller } from '../auth/caller.js';
import { createTestLedger, grant, release, reserve, reservationIdOf } from '../testing/test-ledger.js';
import type { TestLedger } from '../testing/test-ledger.js';
import { attachLive } from './attach-live.js';
import { LiveResolver } from './live.resolver.js';
import { createSharedSubscribe } from './shared-subscribe.js';
import type { SharedSubscribe, Subscription } from './shared-subscribe.js';
import { publicId, serviceOf, startTestProcess, userOf } from '../testing/test-live.js';
import type { TestProcess } from '../testing/test-live.js';
import { until } from '../testing/test-until.js';

@Resolver()
class Root {
  @Query(() => Boolean)
  isThere(): boolean {
    return true;
  }
}

let shared: TestLedger;
let process1: TestProcess;
let schema: GraphQLSchema;
let sharing: SharedSubscribe;
let url: string;
let caller: Caller;
let executions = 0;
let closeServer: () => Promise<void>;

/** A door as bare as can be: whoever comes is `caller`. */
async function openDoor(): Promise<void> {
  const documents = new Map<string, ReturnType<typeof parse>>();
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket, { socket: connection }) => {
    const open = new Map<string, Subscription>();
    const send = (message: object): void => socket.send(JSON.stringify(message));
    const begin = async (id: string, { query, variables }: SubscribePayload): Promise<void> => {
      const document = documents.get(query) ?? parse(query);
      documents.set(query, document);
      const args = { schema, document, variableValues: variables ?? {}, contextValue: { caller, requestId: 'r' } };
      const failed = (): void => socket.close();
      const opened = await sharing.open(args, { socket, connection, id, failed }, () => async (rootValue) => {
        executions += 1;
        return formatted(await execute({ ...args, rootValue }));
      });
      if ('start' in opened) {
        open.set(id, opened);
        return opened.start();
      }
      send({ id, type: 'next', payload: formatted(opened) });
      send({ id, type: 'complete' });
    };
    socket.on('message', (data: Buffer) => {
      const message = parseMessage(data.toString());
      if (message.type === MessageType.ConnectionInit) send({ type: 'connection_ack' });
      else if (message.type === MessageType.Subscribe) void begin(message.id, message.payload);
      else if (message.type === MessageType.Complete) open.get(message.id)?.end();
    });
    socket.once('close', () => open.forEach((subscription) => subscription.end()));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  closeServer = async () => {
    for (const socket of sockets.clients) socket.terminate();
    await new Promise((resolve) => http.close(resolve));
  };
}

function formatted({ data, errors }: ExecutionResult): FormattedExecutionResult {
  return { data: data ?? null, ...(errors === undefined ? {} : { errors: errors.map((error) => error.toJSON()) }) };
}

interface Frame {
  readonly id: string;
  readonly type: string;
  readonly payload: { readonly data: Record<string, Record<string, never>>; readonly errors?: unknown };
}

class Client {
  readonly frames: Frame[] = [];
  #socket: WebSocket;

  constructor() {
    this.#socket = new WebSocket(url, 'graphql-transport-ws');
    this.#socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame;
      if (frame.type === 'connection_ack') this.acknowledged = true;
      else this.frames.push(frame);
    });
  }

  acknowledged = false;

  static async connect(): Promise<Client> {
    const client = new Client();
    await new Promise((resolve) => client.#socket.once('open', resolve));
    client.#socket.send('{"type":"connection_init"}');
    await until(() => client.acknowledged);
    return client;
  }

  subscribe(id: string, query: string, variables: Record<string, unknown> = {}): void {
    this.#socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));
  }

  complete(id: string): void {
    this.#socket.send(JSON.stringify({ id, type: 'complete' }));
  }

  of(id: string): Frame[] {
    return this.frames.filter((frame) => frame.id === id);
  }

  async has(id: string, count: number): Promise<Frame[]> {
    await until(() => this.of(id).length >= count);
    return this.of(id);
  }

  /** Proves that nothing comes. */
  async expectSilence(ms = 150): Promise<void> {
    const before = this.frames.length;
    await sleep(ms);
    if (this.frames.length > before) throw new Error(`not silent: ${JSON.stringify(this.frames.slice(before))}`);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  drop(): void {
    this.#socket.terminate();
  }
}

const BALANCE = 'subscription ($accountId: ID!) { balanceChanged(accountId: $accountId) { id available version } }';
const EVENTS =
  'subscription ($accountId: ID, $after: ID) { creditEvents(accountId: $accountId, after: $after) { id type message } }';

beforeAll(async () => {
  shared = await createTestLedger();
  process1 = await startTestProcess(shared);
  const container: ContainerType = {
    get: (type) => (type === LiveResolver ? new LiveResolver({ live: process1.live }) : new Root()),
  };
  schema = await buildSchema({ resolvers: [Root, LiveResolver], container, validate: false, pubSub: {} as PubSub });
  const quoteChanged = () => Promise.reject(new Error('nothing is quoted here'));
  attachLive(schema, process1.live, process1.liveHolds, { quoteChanged });
  sharing = createSharedSubscribe();
  await openDoor();
});
beforeEach(() => {
  executions = 0;
});
afterEach(async () => {
  await until(() => process1.live.hub.readerCount + process1.live.feed.readerCount + sharing.operationCount === 0);
});
afterAll(async () => {
  await closeServer();
  await process1.close();
  await shared.close();
});

test('a hundred equal subscriptions hear each change, executed once', async () => {
  const account = await shared.open('PRO');
  caller = userOf(account);
  const clients = await Promise.all(Array.from({ length: 100 }, () => Client.connect()));
  for (const client of clients) client.subscribe('b', BALANCE, { accountId: publicId(account) });
  await Promise.all(clients.map((client) => client.has('b', 1)));
  await sleep(120);
  executions = 0;
  await process1.ledger.submit(reserve(account, { 'image.short': 1 }));
  for (const client of clients) {
    const frames = await client.has('b', 2);
    expect(frames.map(({ payload }) => payload.data['balanceChanged']?.['version'])).toEqual([1, 2]);
    expect(frames[1]).toEqual({
      id: 'b',
      type: 'next',
      payload: { data: { balanceChanged: { id: expect.any(String), available: 95, version: 2 } } },
    });
  }
  expect(executions).toBe(1);
  for (const client of clients) client.drop();
});

test('each socket gets its own selection, aliases and variables', async () => {
  const [one, two] = [await shared.open('PRO'), await shared.open('ENTERPRISE')];
  caller = userOf(one, two);
  const client = await Client.connect();
  client.subscribe('1', BALANCE, { accountId: publicId(one) });
  client.subscribe('2', BALANCE, { accountId: publicId(two) });
  client.subscribe(
    '3',
    'subscription ($a: ID!, $s: Boolean!) { mine: balanceChanged(accountId: $a, creditType: SCAN) { creditType held @skip(if: $s) } }',
    { a: publicId(one), s: true },
  );
  client.subscribe(
    '4',
    'subscription ($a: ID!, $s: Boolean!) { mine: balanceChanged(accountId: $a, creditType: SCAN) { creditType held @skip(if: $s) } }',
    { a: publicId(one), s: false },
  );
  const first = await Promise.all(['1', '2', '3', '4'].map(async (id) => (await client.has(id, 1))[0]?.payload.data));
  expect(first).toMatchObject([
    { balanceChanged: { available: 100 } },
    { balanceChanged: { available: 500 } },
    { mine: { creditType: 'SCAN' } },
    { mine: { creditType: 'SCAN', held: 0 } },
  ]);
  expect(first[2]).toEqual({ mine: { creditType: 'SCAN' } });
  client.drop();
});

test('an id beyond ASCII comes back as it was sent', async () => {
  const account = await shared.open('PRO');
  caller = userOf(account);
  const client = await Client.connect();
  for (const id of ['é', '日本 "1"', 'plain']) client.subscribe(id, BALANCE, { accountId: publicId(account) });
  for (const id of ['é', '日本 "1"', 'plain']) expect((await client.has(id, 1))[0]).toMatchObject({ id, type: 'next' });
  client.drop();
});

test('complete silences one subscription and leaves the others', async () => {
  const account = await shared.open('PRO');
  caller = userOf(account);
  const client = await Client.connect();
  client.subscribe('x', BALANCE, { accountId: publicId(account) });
  client.subscribe('y', BALANCE, { accountId: publicId(account) });
  await client.has('x', 1);
  await client.has('y', 1);
  client.complete('x');
  await until(() => process1.live.hub.readerCount === 1);
  await process1.ledger.submit(reserve(account, { 'image.short': 1 }));
  await client.has('y', 2);
  expect(client.of('x')).toHaveLength(1);
  client.complete('y');
  await until(() => process1.live.hub.readerCount === 0);
  await process1.ledger.submit(reserve(account, { 'image.short': 1 }));
  await client.expectSilence();
  client.drop();
});

test('a client that drops without a word leaves no listener behind', async () => {
  const account = await shared.open('PRO');
  caller = userOf(account);
  const client = await Client.connect();
  for (let id = 0; id < 20; id++) client.subscribe(`b${id}`, BALANCE, { accountId: publicId(account) });
  for (let id = 0; id < 20; id++) client.subscribe(`e${id}`, EVENTS, { accountId: publicId(account) });
  await client.has('b19', 1);
  client.drop();
  await until(() => process1.live.hub.readerCount + process1.live.feed.readerCount === 0);
  expect(process1.live.hub.versionOf(account)).toBeNull();
});

test('whoever may not see an account is told so, and hears nothing of it', async () => {
  const [mine, other] = [await shared.open('PRO'), await shared.open('PRO')];
  caller = userOf(mine);
  const client = await Client.connect();
  client.subscribe('f', BALANCE, { accountId: publicId(other) });
  client.subscribe('g', EVENTS, { accountId: publicId(other) });
  client.subscribe('h', EVENTS, { accountId: publicId(mine), after: 'nonsense' });
  const codes = await Promise.all(
    ['f', 'g', 'h'].map(async (id) => {
      const [answer, end] = await client.has(id, 2);
      expect(end?.type).toBe('complete');
      return (answer?.payload.errors as { extensions: { code: string } }[] | undefined)?.[0]?.extensions.code;
    }),
  );
  expect(codes).toEqual(['NOT_FOUND', 'NOT_FOUND', 'BAD_USER_INPUT']);
  await process1.ledger.submit(grant(other, 5));
  await client.expectSilence();
  client.drop();
});

test('subscribers with different cursors share what comes, after each has had what it missed', async () => {
  const account = await shared.open('PRO');
  caller = serviceOf('sandbox');
  for (let round = 0; round < 3; round++) await process1.ledger.submit(grant(account, 1));
  const client = await Client.connect();
  client.subscribe('all', EVENTS, { accountId: publicId(account) });
  await until(() => process1.live.feed.liveCount === 1);
  await process1.ledger.submit(grant(account, 1));
  const [fourth] = await client.has('all', 1);
  client.subscribe('again', EVENTS, {
    accountId: publicId(account),
    after: fourth?.payload.data['creditEvents']?.['id'],
  });
  await until(() => process1.live.feed.liveCount === 2);
  executions = 0;
  await process1.ledger.submit(grant(account, 1));
  await client.has('all', 2);
  expect((await client.has('again', 1))[0]?.payload).toEqual(client.of('all')[1]?.payload);
  expect(executions).toBe(1);
  client.drop();
});

test('a socket that stops reading gets the newest balance when it reads again, and every event', async () => {
  const account = await shared.open('PRO');
  caller = userOf(account);
  const client = await Client.connect();
  // A selection so wide that the network's own buffers fill up.
  const wide = Array.from({ length: 4_000 }, (_, index) => `m${index}: message`).join(' ');
  client.subscribe('b', BALANCE, { accountId: publicId(account) });
  client.subscribe('e', `subscription ($accountId: ID) { creditEvents(accountId: $accountId) { id ${wide} } }`, {
    accountId: publicId(account),
  });
  await client.has('b', 1);
  await until(() => process1.live.feed.liveCount === 1);
  client.pause();
  for (let round = 0; round < 60; round++) await process1.ledger.submit(grant(account, 1));
  await until(() => process1.live.feed.liveCount === 0);
  client.resume();
  const events = await client.has('e', 60);
  expect(new Set(events.map(({ payload }) => payload.data['creditEvents']?.['id'])).size).toBe(60);
  const ids = events.map(({ payload }) => payload.data['creditEvents']?.['id'] as unknown as string);
  expect(ids).toEqual([...ids].sort());
  await until(() => client.of('b').at(-1)?.payload.data['balanceChanged']?.['version'] === 61);
  client.drop();
});

test('a balance that is paid in and out quickly reaches a socket at most ten times a second, the last state always', async () => {
  const account = await shared.open('PRO');
  caller = userOf(account);
  const client = await Client.connect();
  client.subscribe('b', BALANCE, { accountId: publicId(account) });
  await client.has('b', 1);
  const startedAt = performance.now();
  let version = 1;
  while (performance.now() - startedAt < 1_000) {
    const held = await process1.ledger.submit(reserve(account, { 'image.short': 1 }));
    await process1.ledger.submit(release(account, reservationIdOf(held)));
    version += 2;
  }
  await until(() => client.of('b').at(-1)?.payload.data['balanceChanged']?.['version'] === version);
  const seconds = (performance.now() - startedAt) / 1_000;
  expect(client.of('b').length).toBeLessThanOrEqual(Math.ceil(seconds * 10) + 2);
  const versions = client
    .of('b')
    .map(({ payload }) => payload.data['balanceChanged']?.['version'] as unknown as number);
  expect(versions).toEqual([...versions].sort((x, y) => x - y));
  client.drop();
});

test('where nothing may be written past ws, every socket is sent the same', async () => {
  const account = await shared.open('PRO');
  caller = userOf(account);
  const heard: Frame[][] = [];
  for (const writesFrames of [true, false]) {
    const before = { sharing, url, closeServer };
    sharing = createSharedSubscribe(writesFrames);
    await openDoor();
    const clients = await Promise.all([1, 2, 3].map(() => Client.connect()));
    for (const client of clients)
      for (const id of ['b', 'é']) client.subscribe(id, BALANCE, { accountId: publicId(account) });
    for (const client of clients) for (const id of ['b', 'é']) await client.has(id, 1);
    heard.push(clients.flatMap(({ frames }) => frames.sort((one, two) => one.id.localeCompare(two.id))));
    for (const client of clients) client.drop();
    await until(() => sharing.operationCount === 0);
    await closeServer();
    ({ sharing, url, closeServer } = before);
  }
  expect(heard[0]).toHaveLength(6);
  expect(heard[1]).toEqual(heard[0]);
});
