import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { getIntrospectionQuery } from 'graphql';

import { startTestApp } from '../testing/test-app.js';
import { SLOW_READER_LIMITS, SlowReaders } from './slow-readers.js';
import type { SlowReaderLimits } from './slow-readers.js';

/** Far more than the system's own buffers take. */
const ANSWER = Buffer.alloc(48 * 1024 * 1024, 'x');

let server: Server;
let readers: SlowReaders;
let now: number;
let clients: Socket[];

async function start(limits: Partial<SlowReaderLimits> = {}): Promise<void> {
  now = 0;
  clients = [];
  server = createServer((request, response) => response.end(request.url === '/long' ? ANSWER : 'short'));
  readers = new SlowReaders(server, { ...SLOW_READER_LIMITS, ...limits }, () => now);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** A raw connection that has asked and reads nothing yet, once the server's answer waits for it. */
async function ask(path: string): Promise<Socket> {
  const answered = once(server, 'request');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.on('error', () => {});
  clients.push(client);
  client.write(`GET ${path} HTTP/1.1\r\nhost: test\r\n\r\n`);
  await answered;
  await new Promise(setImmediate);
  return client;
}

/** Reads until so many bytes have come. */
async function take(client: Socket, bytes: number): Promise<void> {
  let taken = 0;
  const onData = (chunk: Buffer) => (taken += chunk.length);
  client.on('data', onData).resume();
  while (taken < bytes) await once(client, 'data');
  client.pause().off('data', onData);
}

const openConnections = () =>
  new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));
async function untilOpen(count: number): Promise<void> {
  while ((await openConnections()) !== count) await new Promise(setImmediate);
}

afterEach(async () => {
  if (!server.listening) return;
  readers.stop();
  for (const client of clients) client.destroy();
  server.close();
  await once(server, 'close');
});

test('an answer that nobody reads ends its connection after 15 s, and frees what it kept', async () => {
  await start();
  await ask('/long');
  readers.look();
  now = 14_999;
  readers.look();
  await new Promise(setImmediate);
  expect(await openConnections()).toBe(1);
  now = 15_000;
  readers.look();
  await untilOpen(0);
});

test('one who reads slowly, some kilobytes in each span, keeps the connection, however long it takes', async () => {
  await start();
  const client = await ask('/long');
  for (let span = 0; span < 8; span++) {
    readers.look();
    now += 14_000;
    // More than the system keeps at each end, so that something leaves the process.
    await take(client, 4 * 1024 * 1024);
    readers.look();
    expect(await openConnections()).toBe(1);
  }
});

test('one who only asks for more is not taken for a reader', async () => {
  await start();
  const client = await ask('/long');
  for (let second = 0; second <= 15; second++) {
    readers.look();
    now += 1_000;
    client.write('GET /long HTTP/1.1\r\nhost: test\r\n\r\n');
    await new Promise(setImmediate);
  }
  readers.look();
  await untilOpen(0);
});

test('a connection with nothing to read may stay as long as it likes', async () => {
  await start();
  await ask('/short');
  for (let hour = 0; hour < 3; hour++) {
    readers.look();
    now += 3_600_000;
  }
  readers.look();
  await new Promise(setImmediate);
  expect(await openConnections()).toBe(1);
});

test('when too much waits in all, the connection with the most of it ends at once', async () => {
  await start({ unreadBytesMax: 60 * 1024 * 1024 });
  await ask('/short');
  const first = await ask('/long');
  await take(first, 16 * 1024 * 1024);
  const second = await ask('/long');
  readers.look();
  await untilOpen(2);
  second.resume();
  await once(second, 'close');
  expect(first.destroyed).toBe(false);
});

test('without the members of Node that tell what a peer took, only the limit of all together ends a connection', async () => {
  await start({ unreadBytesMax: 60 * 1024 * 1024 });
  server.on('connection', (socket) => {
    Object.defineProperty(Reflect.get(socket, '_handle'), 'writeQueueSize', { value: undefined });
  });
  await ask('/long');
  readers.look();
  now = 3_600_000;
  readers.look();
  await new Promise(setImmediate);
  expect(await openConnections()).toBe(1);
  await ask('/long');
  readers.look();
  await untilOpen(1);
});

test('a server: whoever asks over one connection for much and reads none of it is cut off', async () => {
  const app = await startTestApp();
  const { hostname, port } = new URL(app.url);
  const client = connect(Number(port), hostname).pause();
  const body = JSON.stringify({ query: getIntrospectionQuery() });
  const request = `POST /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${app.serviceToken}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const ended = new Promise<string>((resolve) => {
    client
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
      .on('close', () => resolve('closed'));
  });
  client.write(request.repeat(400));
  // A connection that is not read hears of its end when it writes.
  const writing = setInterval(() => client.write(' '), 500);
  expect(await ended).toMatch(/^(ECONNRESET|EPIPE)$/);
  clearInterval(writing);
  client.destroy();
  await app.close();
});
