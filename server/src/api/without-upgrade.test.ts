import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { AnswersUnderWay } from './answers-under-way.js';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';
import { answerWithoutUpgrade, survive } from './without-upgrade.js';

let asked = (): void => {};
let release = (): void => {};
const schema = schemaOf('type Query { hello: String, slow: Int, held: Int }', {
  'Query.held': () => {
    asked();
    return new Promise((resolve) => (release = () => resolve(1)));
  },
  'Query.hello': () => 'world',
  'Query.slow': () => new Promise((resolve) => setTimeout(resolve, 50, 1)),
});
let doors: TestDoors;
beforeAll(async () => {
  doors = await startTestDoors({ schema });
});
afterAll(() => doors.close());

const BODY = '{"query":"{ hello }"}';
const OFFER =
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n';
const head = (method: string, path: string, headers = ''): string =>
  `${method} ${path} HTTP/1.1\r\nHost: x\r\n${headers}`;
const post = (headers: string, body: string): string =>
  `${head('POST', '/graphql', `content-type: application/json\r\n${headers}`)}\r\n${body}`;
const LAST = head('GET', '/healthz', 'connection: close\r\n\r\n');

/** Everything that the server sends on one connection until it closes it. */
function exchange(pieces: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(new URL(doors.url).port), '127.0.0.1', () => {
      const send = (index: number): void => {
        const piece = pieces[index];
        // In the next round of the event loop, so that the server reads one piece before the next.
        if (piece !== undefined) socket.write(piece, () => setImmediate(send, index + 1));
      };
      send(0);
    });
    socket.on('data', (data) => (text += data.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}
const statuses = (text: string): string[] => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status ?? '');

test.each([
  ['a body of known length', [post(`${OFFER}content-length: ${BODY.length}\r\n`, BODY)]],
  [
    'a body that comes in pieces later',
    [post(`${OFFER}content-length: ${BODY.length}\r\n`, BODY.slice(0, 5)), BODY.slice(5, 9), BODY.slice(9)],
  ],
  [
    'a body in chunks',
    [
      post(`${OFFER}transfer-encoding: chunked\r\n`, `5\r\n${BODY.slice(0, 5)}\r\n`),
      `${(BODY.length - 5).toString(16)}\r\n${BODY.slice(5)}\r\n0\r\n\r\n`,
    ],
  ],
  [
    'an offer of something unheard of',
    [post(`Connection: upgrade\r\nUpgrade: carrier-pigeon/2\r\ncontent-length: ${BODY.length}\r\n`, BODY)],
  ],
  [
    'several offers',
    [post(`Connection: upgrade\r\nUpgrade: websocket, h2c\r\ncontent-length: ${BODY.length}\r\n`, BODY)],
  ],
])(
  'a request that offers another protocol is answered as HTTP, and the connection goes on: %s',
  async (_what, pieces) => {
    const text = await exchange([...pieces, LAST]);
    expect(statuses(text)).toEqual(['200', '200']);
    expect(text).toContain('{"data":{"hello":"world"}}');
    expect(text).toContain('{"status":"ok"}');
  },
);

test('a hundred such requests on one connection are all answered', async () => {
  const one = post(`${OFFER}content-length: ${BODY.length}\r\n`, BODY);
  const answers = await new Promise<string[]>((resolve, reject) => {
    let text = '';
    let sent = 0;
    const socket = connect(Number(new URL(doors.url).port), '127.0.0.1', () => socket.write(one));
    socket.on('error', reject);
    socket.on('close', () => resolve(statuses(text)));
    socket.on('data', (data) => {
      text += data.toString();
      if (statuses(text).length <= sent) return;
      sent += 1;
      socket.write(sent < 100 ? one : LAST);
    });
  });
  expect(answers).toEqual(Array<string>(101).fill('200'));
});

test('GET, HEAD and unknown addresses with an offer are answered as without it', async () => {
  for (const [method, path, status] of [
    ['GET', '/healthz', '200'],
    ['HEAD', '/healthz', '200'],
    ['GET', '/nothing', '404'],
    ['GET', '/%zz', '400'],
  ] as const)
    expect(statuses(await exchange([`${head(method, path, OFFER)}\r\n`, LAST]))).toEqual([status, '200']);
});

test('an offer with connection: close is answered and closed', async () => {
  const text = await exchange([`${head('GET', '/healthz', 'Connection: close, Upgrade\r\nUpgrade: h2c\r\n')}\r\n`]);
  expect(statuses(text)).toEqual(['200']);
});

test('a body above the limit is refused with an offer too', async () => {
  const body = 'x'.repeat(100_001);
  const text = await exchange([post(`${OFFER}connection: close\r\ncontent-length: ${body.length}\r\n`, body)]);
  expect(statuses(text)).toEqual(['413']);
});

test('behind a request that is still being answered, it waits for its turn', async () => {
  const slow = '{"query":"{ slow }"}';
  const text = await exchange([
    post(`content-length: ${slow.length}\r\n`, slow),
    `${head('GET', '/healthz', OFFER)}\r\n`,
    LAST,
  ]);
  expect(statuses(text)).toEqual(['200', '200', '200']);
  expect(text.indexOf('"slow":1')).toBeLessThan(text.indexOf('{"status":"ok"}'));
});

const HELD = post('content-length: 20\r\n', '{"query":"{ held }"}');
const WEBSOCKET = head(
  'GET',
  '/graphql',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
);
/** A connection on which the server answers the first request, no earlier than told, and has the rest before it. */
const behindHeld = async (
  rest: string,
  send: (socket: Socket, text: string) => void,
): Promise<[Socket, Promise<string>]> => {
  const begun = new Promise<void>((resolve) => (asked = resolve));
  const socket = connect(Number(new URL(doors.url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
    if (text.includes(' 101 ')) socket.destroy();
  });
  const all = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
  send(socket, HELD + rest);
  await begun;
  return [socket, all];
};
const isServing = async (): Promise<boolean> => (await fetch(`${doors.url}/healthz`)).ok;
const write = (socket: Socket, text: string): void => void socket.write(text);

test.each([
  ['another protocol', `${head('GET', '/', OFFER)}\r\n`],
  ['a WebSocket', WEBSOCKET],
])('a connection that is reset while its offer of %s waits for its turn ends nothing else', async (_what, offer) => {
  const [socket] = await behindHeld(offer, write);
  socket.resetAndDestroy();
  for (let times = 0; times < 5; times++) expect(await isServing()).toBe(true);
  release();
  for (let times = 0; times < 5; times++) expect(await isServing()).toBe(true);
});

test.each([
  ['without a body', `${head('GET', '/healthz', OFFER)}\r\n`, '{"status":"ok"}'],
  ['without an offer', post(`content-length: ${BODY.length}\r\n`, BODY), '{"hello":"world"}'],
  ['with a body', post(`${OFFER}content-length: ${BODY.length}\r\n`, BODY), '{"hello":"world"}'],
])('a peer that has sent its last is answered all the same: a request %s', async (_what, offer, answer) => {
  const [, all] = await behindHeld(offer, (socket, text) => socket.end(text));
  for (let times = 0; times < 5; times++) await isServing();
  release();
  const text = await all;
  expect(statuses(text)).toEqual(['200', '200']);
  expect(text).toContain(answer);
});

test('a WebSocket behind a request that is still being answered opens after that answer', async () => {
  const [, all] = await behindHeld(WEBSOCKET, write);
  for (let times = 0; times < 5; times++) await isServing();
  release();
  expect(statuses(await all)).toEqual(['200', '101']);
});

test('a WebSocket that is refused is told so after the answer before it', async () => {
  const [, all] = await behindHeld(WEBSOCKET.replace('/graphql', '/nothing'), write);
  for (let times = 0; times < 5; times++) await isServing();
  release();
  expect(statuses(await all)).toEqual(['200', '404']);
});

test('many answers that wait before an offer lose nothing of it', async () => {
  const many = head('GET', '/nothing', '\r\n').repeat(200);
  const [, all] = await behindHeld(`${many}${head('GET', '/healthz', OFFER)}\r\n${LAST}`, write);
  for (let times = 0; times < 5; times++) await isServing();
  release();
  expect(statuses(await all)).toEqual(['200', ...Array<string>(200).fill('404'), '200', '200']);
});

test('a long answer before an offer is written to its end as its reader takes it', async () => {
  const bytes = 16 * 1024 * 1024;
  const server = createServer((request, response) => {
    if (request.url === '/long') {
      const piece = Buffer.alloc(64 * 1024, 'x');
      Readable.from(Array.from({ length: bytes / piece.length }, () => piece)).pipe(response);
    } else response.setHeader('connection', 'close').end('short');
  });
  const answers = new AnswersUnderWay(server);
  server.on('upgrade', (request, socket, rest) => {
    survive(socket);
    answerWithoutUpgrade({ server, answers }, request, socket, rest);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const read = await new Promise<Buffer>((resolve) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`${head('GET', '/long', '\r\n')}${head('GET', '/short', OFFER)}\r\n`),
    );
    socket.on('data', (data) => pieces.push(data));
    socket.on('close', () => resolve(Buffer.concat(pieces)));
  });
  await new Promise((resolve) => server.close(resolve));
  expect(read.length).toBeGreaterThan(bytes);
  expect(read.subarray(-200).toString()).toContain('short');
});
