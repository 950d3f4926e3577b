import { freePort } from '../testing/test-server.js';
import { RawSocket } from '../testing/test-socket.js';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';

const SECRET = 'aibc_live_a_secret_that_nobody_may_see';

const schema = schemaOf(
  `
  type Query { account(id: ID!): Account!, key(text: String!): KeyResult!, fails: Int }
  type Account { id: ID!, externalId: String! }
  union KeyResult = Key | Refused
  type Key { secret: String! }
  type Refused { message: String! }
  `,
  {
    'Query.account': (_source, { id }) => ({ id, externalId: `external-${String(id)}` }),
    'Query.key': (_source, { text }) =>
      text === 'no' ? { __typename: 'Refused', message: 'no' } : { __typename: 'Key', secret: text },
    'Query.fails': () => Promise.reject(new Error('no reason')),
  },
);

let doors: TestDoors;
beforeEach(async () => {
  doors = await startTestDoors({ schema });
});
afterEach(() => doors.close());

const read = async (url = doors.url, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, text: await response.text() };
};
const operationLines = async () =>
  (await read()).text.split('\n').filter((line) => line.startsWith('credits_operations_total{'));

describe('labels come from the schema', () => {
  test('a field called __typename by its caller labels nothing', async () => {
    for (let id = 0; id < 5; id++) {
      const { json } = await doors.post({ query: `{ account(id: "${id}") { __typename: externalId } }` });
      expect(json.data).toEqual({ account: { __typename: `external-${id}` } });
    }
    await doors.post({ query: `{ key(text: "${SECRET}") { ... on Key { __typename: secret } } }` });
    await doors.post({ query: '{ key(text: "Refused") { ... on Key { __typename: secret } } }' });
    expect((await read()).text).not.toMatch(/external-|a_secret|Refused/);
    expect(await operationLines()).toEqual([
      'credits_operations_total{field="account",outcome="OK"} 5',
      'credits_operations_total{field="key",outcome="OK"} 2',
    ]);
  });

  test('the type of an answer is told where its caller asked for it, and the code of an error', async () => {
    await doors.post({ query: '{ key(text: "no") { __typename } }' });
    await doors.post({ query: '{ key(text: "no") { ... on Refused { __typename message } } }' });
    await doors.post({ query: '{ renamed: key(text: "yes") { __typename ... on Key { secret } } }' });
    await doors.post({ query: '{ fails }' });
    expect(await operationLines()).toEqual([
      'credits_operations_total{field="key",outcome="Refused"} 2',
      'credits_operations_total{field="key",outcome="Key"} 1',
      'credits_operations_total{field="fails",outcome="INTERNAL_SERVER_ERROR"} 1',
    ]);
  });

  test('codes by which callers close their sockets share one label', async () => {
    for (const code of [1000, 3001, 3002, 4001, 4999]) {
      const socket = await RawSocket.open(doors.wsUrl);
      socket.close(code);
      await socket.ended();
    }
    const { text } = await read();
    expect(text).toContain('credits_sockets_closed_total{code="1000"} 1');
    expect(text).toContain('credits_sockets_closed_total{code="other"} 4');
    expect(text).not.toMatch(/code="[34]\d\d\d"/);
  });
});

describe('who may read them', () => {
  const start = (metrics: { port: number | null; token: string | null; isOpen: boolean }) =>
    startTestDoors({ schema, metrics });

  test('on a live server nobody, unless it is said who', async () => {
    const live = await start({ port: null, token: null, isOpen: false });
    expect(await read(live.url)).toMatchObject({
      status: 404,
      text: expect.not.stringContaining('credits_') as string,
    });
    await live.close();
  });

  test('with a token its bearer alone', async () => {
    const live = await start({ port: null, token: 'a token of the operators', isOpen: false });
    expect((await read(live.url)).status).toBe(401);
    expect((await read(live.url, { authorization: 'Bearer a token of the operator' })).status).toBe(401);
    expect(await read(live.url, { authorization: 'Bearer a token of the operators' })).toMatchObject({
      status: 200,
      text: expect.stringContaining('credits_sockets ') as string,
    });
    await live.close();
  });

  test('with a port of their own there alone, and nothing else is there', async () => {
    const port = await freePort();
    const live = await start({ port, token: null, isOpen: false });
    const own = `http://127.0.0.1:${port}`;
    expect(await read(own)).toMatchObject({ status: 200, text: expect.stringContaining('credits_sockets ') as string });
    expect((await read(live.url)).status).toBe(404);
    for (const path of ['/graphql', '/healthz', '/']) expect((await fetch(own + path)).status).toBe(404);
    await live.close();
    await expect(fetch(`${own}/metrics`)).rejects.toThrow('fetch failed');
  });
});
