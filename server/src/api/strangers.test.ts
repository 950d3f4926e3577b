import { request } from 'node:http';
import { RawSocket } from '../testing/test-socket.js';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';

/* What callers without a credential cost: counted before it is parsed, by size, and never remembered. */

const schema = schemaOf('type Query { viewer: Viewer } type Viewer { id: ID, name: String, viewer: Viewer }', {
  'Query.viewer': () => ({ id: '1' }),
});
const many = (name: number): string => `query P${name}{viewer{${'id '.repeat(985)}}}`;
const other = (name: number): string => `query P${name}{viewer{id name}}`;
const me = { authorization: 'Bearer me' };

let doors: TestDoors;
const start = async (anonymousPerMinute: number): Promise<void> => {
  doors = await startTestDoors({ schema, limits: { anonymousPerMinute } });
};
afterEach(() => doors.close());

const statuses = async (times: number, send: (index: number) => Promise<{ status: number }>): Promise<number[]> => {
  const found: number[] = [];
  for (let index = 0; index < times; index++) found.push((await send(index)).status);
  return found;
};

test.each<[string, number, (index: number) => Promise<{ status: number }>]>([
  ['{ __typename }', 200, () => doors.post({ query: '{ __typename }' })],
  ['documents that do not parse', 400, () => doors.post({ query: '{{{' })],
  ['documents that are not valid', 400, () => doors.post({ query: '{ nothing }' })],
  ['bodies that are not JSON', 400, () => doors.post('{')],
  [
    'bodies of another type',
    400,
    () => fetch(`${doors.url}/graphql`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }),
  ],
  [
    'queries by GET',
    200,
    () => fetch(`${doors.url}/graphql?query={__typename}`, { headers: { 'apollo-require-preflight': '1' } }),
  ],
])('without a credential %s are counted', async (_what, status, send) => {
  await start(3);
  expect(await statuses(5, send)).toEqual([status, status, status, 429, 429]);
});

test('a large request counts once for each kB, also when it does not say how long it is', async () => {
  await start(9);
  const body = JSON.stringify({ query: many(1) });
  const chunked = (): Promise<{ status: number }> =>
    new Promise((resolve, reject) => {
      const sent = request(`${doors.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' } });
      sent.on('response', (response) => resolve({ status: response.resume().statusCode ?? 0 }));
      sent.on('error', reject);
      sent.write(body.slice(0, 100));
      sent.end(body.slice(100));
    });
  expect(await statuses(4, (index) => (index % 2 === 0 ? chunked() : doors.post(body)))).toEqual([400, 400, 400, 429]);
});

/** In chunks, so that the length is not said before. */
const sendChunks = (type: string, body: string, headers: Record<string, string> = {}): Promise<{ status: number }> =>
  new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { 'content-type': type, ...headers } };
    const sent = request(`${doors.url}/graphql`, options, (response) =>
      resolve({ status: response.resume().statusCode ?? 0 }),
    );
    sent.on('error', reject);
    sent.write(body.slice(0, 100));
    sent.end(body.slice(100));
  });
const euros = (chars: number): string => JSON.stringify({ query: `{ __typename } # ${'€'.repeat(chars)}` });

test.each([
  ['text/plain', 'x'.repeat(100_001)],
  ['application/octet-stream', 'x'.repeat(200_000)],
  ['application/json', euros(40_000)],
])('a stranger’s %s has at most 100 kB, counted in bytes, also when its length is not said', async (type, body) => {
  await start(100_000);
  expect((await sendChunks(type, body)).status).toBe(413);
  expect((await sendChunks(type, body, me)).status).not.toBe(413);
});

test.each([
  ['text/plain', 'x'.repeat(3_000), 400],
  ['application/json', euros(1_000), 200],
])('a stranger’s %s counts once for each kB', async (type, body, status) => {
  await start(9);
  expect(await statuses(4, () => sendChunks(type, body))).toEqual([status, status, status, 429]);
});

test('who has signed in is not counted with the strangers of the same address', async () => {
  await start(1);
  expect(await statuses(3, () => doors.post({ query: '{ __typename }' }))).toEqual([200, 429, 429]);
  expect(await statuses(3, () => doors.post({ query: '{ __typename }' }, me))).toEqual([200, 200, 200]);
});

test('nothing that a stranger sends is remembered, nor what is not valid', async () => {
  await start(100_000);
  for (let name = 0; name < 40; name++) {
    await doors.post({ query: many(name) });
    await doors.post({ query: other(name) });
    await doors.post({ query: many(name) }, me);
    await doors.post({ query: `query P${name} { nothing }` }, me);
  }
  expect(doors.engine.keptBytes).toBe(0);
});

test('a valid document of a caller is remembered once for both doors', async () => {
  await start(100);
  await doors.post({ query: other(1) }, me);
  const bytes = doors.engine.keptBytes;
  expect(bytes).toBeGreaterThan(0);
  const socket = await RawSocket.open(doors.wsUrl);
  await socket.signIn('me');
  expect((await socket.gql(other(1))).data).toEqual({ viewer: { id: '1', name: null } });
  await doors.post({ query: other(1) }, me);
  expect(doors.engine.keptBytes).toBe(bytes);
  // And the other way round.
  await socket.gql(other(2));
  await doors.post({ query: other(2) }, me);
  const both = doors.engine.keptBytes;
  await doors.post({ query: other(2) }, me);
  await socket.gql(other(2));
  expect(doors.engine.keptBytes).toBe(both);
  expect(both).toBe(2 * bytes);
  socket.terminate();
});

test('many valid documents of a caller do not take more than the cache may', async () => {
  await start(100);
  const wide = (name: number): string =>
    `query P${name} { viewer { ${Array.from({ length: 8 }, () => `viewer { ${'id name '.repeat(30)} }`).join(' ')} } }`;
  for (let name = 0; name < 20; name++) await doors.post({ query: wide(name) }, me);
  expect(doors.engine.keptBytes).toBeLessThan(32 * 1024 * 1024);
});

test.each([
  ['a field 985 times', many(1)],
  ['a field 100 times', `{ viewer { ${'id '.repeat(100)} } }`],
  ['two fields 40 times below one that stands 5 times', `{ ${`viewer { ${'id name '.repeat(20)} } `.repeat(5)} }`],
  [
    'fragments that repeat a field',
    `{ viewer { ${Array.from({ length: 90 }, (_, i) => `...F${i}`).join(' ')} } } ${Array.from({ length: 90 }, (_, i) => `fragment F${i} on Viewer { id }`).join(' ')}`,
  ],
])('%s is too complex to be compared with itself', async (_what, query) => {
  await start(1_000);
  const { status, json } = await doors.post({ query }, me);
  expect([status, json.errors?.[0]?.extensions?.['code']]).toEqual([400, 'QUERY_TOO_COMPLEX']);
});

test('a field that a screenful of fragments repeats is answered', async () => {
  await start(1_000);
  const fragments = Array.from({ length: 20 }, (_, i) => `fragment F${i} on Viewer { id name __typename }`).join(' ');
  const spreads = Array.from({ length: 20 }, (_, i) => `...F${i}`).join(' ');
  const { json } = await doors.post({ query: `{ viewer { ${spreads} } } ${fragments}` }, me);
  expect(json.data).toEqual({ viewer: { id: '1', name: null, __typename: 'Viewer' } });
});

test('messages before signing in have together at most 64 KiB', async () => {
  await start(100);
  const socket = await RawSocket.open(doors.wsUrl);
  const ping = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(16 * 1024) } });
  for (let times = 0; times < 5; times++) socket.send(ping);
  expect((await socket.ended()).code).toBe(1009);
});
