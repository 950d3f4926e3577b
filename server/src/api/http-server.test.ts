import { connect } from 'node:net';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';

const schema = schemaOf('type Query { hello: String }', { 'Query.hello': () => 'world' });
let doors: TestDoors;
beforeAll(async () => {
  doors = await startTestDoors({ schema });
});
afterAll(() => doors.close());

/** What the server sends to these bytes until it closes the connection. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(doors.url).port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? undefined : reject(error)));
    socket.on('close', () => resolve(answer));
  });
}

describe('every answer has a request id, and browsers guess no type of it', () => {
  const close = 'Connection: close\r\n\r\n';
  test.each([
    ['the page that is not built', 503, `GET / HTTP/1.1\r\nHost: x\r\n${close}`],
    ['health', 200, `GET /healthz HTTP/1.1\r\nHost: x\r\n${close}`],
    ['GraphQL', 400, `GET /graphql HTTP/1.1\r\nHost: x\r\n${close}`],
    ['nothing there', 404, `GET /nothing HTTP/1.1\r\nHost: x\r\n${close}`],
    ['a method that nothing answers', 404, `DELETE /graphql HTTP/1.1\r\nHost: x\r\n${close}`],
    ['an address that cannot be decoded', 400, `GET /%zz HTTP/1.1\r\nHost: x\r\n${close}`],
    ['an address in the middle of a file’s', 400, `GET /assets/%E0%A4%A HTTP/1.1\r\nHost: x\r\n${close}`],
    ['the address of all', 503, `GET * HTTP/1.1\r\nHost: x\r\n${close}`],
    ['an address with the host in it', 200, `GET http://x/healthz HTTP/1.1\r\nHost: x\r\n${close}`],
    ['no host', 400, `GET /healthz HTTP/1.1\r\n${close}`],
    ['HTTP/1.0 without a host', 200, `GET /healthz HTTP/1.0\r\n\r\n`],
    ['an expectation unheard of', 200, `GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n${close}`],
    ['no HTTP at all', 400, 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['another version of HTTP', 400, `GET / HTTP/9.9\r\nHost: x\r\n${close}`],
    ['a header that is none', 400, `GET / HTTP/1.1\r\nHost: x\r\nno colon here\r\n${close}`],
    ['two lengths', 400, `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n${close}`],
    ['headers of more than 32 kB', 431, `GET / HTTP/1.1\r\nHost: x\r\nx: ${'x'.repeat(40_000)}\r\n${close}`],
    [
      'a body that is no JSON',
      400,
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1\r\n${close}{`,
    ],
    [
      'a WebSocket at another path',
      404,
      'GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    [
      'a WebSocket of another origin',
      403,
      'GET /graphql HTTP/1.1\r\nHost: x\r\nOrigin: http://y\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    [
      'a WebSocket without a key',
      400,
      'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
  ])('%s: %i', async (_what, status, request) => {
    const answer = await raw(request);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/^x-request-id: [0-9a-f]{32}\r$/im);
    expect(answer).toMatch(/^x-content-type-options: nosniff\r$/im);
  });
});

describe('a caller’s request id', () => {
  const idFor = async (headers: Record<string, string>): Promise<string | null> =>
    (await fetch(`${doors.url}/healthz`, { headers })).headers.get('x-request-id');

  test.each([
    '0af7651916cd43dd8448eb211c80319c',
    'c0ffee00-1234-4abc-8def-000000000001',
    'Root.1-67891233:abcdef01',
    'a'.repeat(128),
  ])('is kept when it is well formed: %s', async (id) => {
    expect(await idFor({ 'x-request-id': id })).toBe(id);
  });
  test.each([
    '',
    'short',
    'a'.repeat(129),
    'with space 12345',
    '<script>alert(1)</script>',
    '{"json":"12345678"}',
    '12345678, 87654321',
  ])('is replaced when it is not: %j', async (id) => {
    expect(await idFor({ 'x-request-id': id })).toMatch(/^[0-9a-f]{32}$/);
  });
  test('is kept where no route is reached', async () => {
    for (const path of ['/nothing', '/%zz'])
      expect(
        (await fetch(`${doors.url}${path}`, { headers: { 'x-request-id': 'caller-0001' } })).headers.get(
          'x-request-id',
        ),
      ).toBe('caller-0001');
  });
});
