import { WebSocket } from 'ws';
import { RawSocket } from '../testing/test-socket.js';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';

/* What a caller gets wrong is told the caller, at both doors: never an internal error, and nothing in the log. */

const schema = schemaOf(
  `
  type Query { hello: String, list(first: Int! = 10): Int!, nested(input: Page!): Int! }
  input Page { first: Int! = 10 }
  type Mutation { go(amount: Int!): Int! }
  type Subscription { ticks(count: Int! = 1): Int, tocks: Int }
  `,
  {
    'Query.hello': () => 'world',
    'Query.list': (_source, { first }) => first,
    'Query.nested': (_source, { input }) => (input as { first: number }).first,
    'Mutation.go': (_source, { amount }) => amount,
    'Subscription.ticks': async function* () {
      yield { ticks: 1 };
    },
    'Subscription.tocks': async function* () {
      yield { tocks: 1 };
    },
  },
);

let doors: TestDoors;
beforeAll(async () => {
  doors = await startTestDoors({ schema });
});
afterAll(async () => {
  expect(doors.internal).toEqual([]);
  await doors.close();
});

const signedIn = async (): Promise<RawSocket> => {
  const socket = await RawSocket.open(doors.wsUrl);
  await socket.signIn('me');
  return socket;
};

type Case = [name: string, query: string, variables: string, field: string | undefined];

const refused: Case[] = [
  ['null in a variable for an argument with a default', 'query($n: Int) { list(first: $n) }', '{"n":null}', 'first'],
  [
    'null in a variable for an input field with a default',
    'query($n: Int) { nested(input: {first: $n}) }',
    '{"n":null}',
    'input',
  ],
  [
    'null in a variable for a condition',
    'query($b: Boolean = true) { hello @include(if: $b) list }',
    '{"b":null}',
    'b',
  ],
  ['a variable named $__proto__', 'query($__proto__: Int!) { list(first: $__proto__) }', '{"__proto__":3}', 'first'],
  [
    'a fraction that a double cannot hold',
    'mutation($n: Int!) { go(amount: $n) }',
    '{"n":4.0000000000000000001}',
    'amount',
  ],
  ['a fraction by an exponent', 'mutation($n: Int!) { go(amount: $n) }', '{"n":40000000000000000001e-19}', 'amount'],
];

const refusedSubscriptions: Case[] = [
  ['@include on the root field', 'subscription { ticks @include(if: false) }', '{}', undefined],
  ['@include by a variable', 'subscription($b: Boolean!) { ticks @include(if: $b) }', '{"b":true}', undefined],
  ['@skip by a variable', 'subscription($b: Boolean!) { ticks @skip(if: $b) }', '{"b":true}', undefined],
  ['@skip that takes all but one', 'subscription { ticks tocks @skip(if: true) }', '{}', undefined],
  ['@include on a fragment around it', 'subscription { ... @include(if: false) { ticks } }', '{}', undefined],
  [
    '@include inside a fragment',
    'subscription { ...T } fragment T on Subscription { ticks @skip(if: true) }',
    '{}',
    undefined,
  ],
  [
    '@include on a spread',
    'subscription { ...T @include(if: false) } fragment T on Subscription { ticks }',
    '{}',
    undefined,
  ],
  ['null for an argument with a default', 'subscription($n: Int) { ticks(count: $n) }', '{"n":null}', 'count'],
];

test.each(refused)('over HTTP %s is BAD_USER_INPUT', async (_name, query, variables, field) => {
  const { json, status } = await doors.post(`{"query":${JSON.stringify(query)},"variables":${variables}}`);
  expect(json.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  expect(status).toBeLessThan(500);
});

test.each([...refused, ...refusedSubscriptions])(
  'over the WebSocket %s is BAD_USER_INPUT',
  async (_name, query, variables, field) => {
    const socket = await signedIn();
    socket.send(`{"type":"subscribe","id":"1","payload":{"query":${JSON.stringify(query)},"variables":${variables}}}`);
    const { payload } = await socket.next();
    const errors = Array.isArray(payload) ? payload : (payload as { errors: unknown[] }).errors;
    expect(errors.map((error: { extensions: unknown }) => error.extensions)).toEqual([
      { code: 'BAD_USER_INPUT', ...(field === undefined ? {} : { field }) },
    ]);
    socket.terminate();
  },
);

test('over HTTP a GET is read as exactly as a POST', async () => {
  const search = new URLSearchParams({
    query: 'query($n: Int!) { list(first: $n) }',
    variables: '{"n":4.0000000000000000001}',
  });
  const response = await fetch(`${doors.url}/graphql?${search.toString()}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'first' } }] });
});

const deep = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`;

test.each([65, 5_000, 40_000])('over HTTP variables %i deep are BAD_USER_INPUT', async (levels) => {
  const query = 'query($n: Int!) { list(first: $n) }';
  const post = await doors.post(`{"query":"${query}","variables":{"n":${deep(levels)}}}`);
  expect(post.status).toBe(400);
  expect(post.json.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'variables' });
});

test('variables 60 deep are read, and refused by their type', async () => {
  const { json } = await doors.post(`{"query":"query($n: Int!) { list(first: $n) }","variables":{"n":${deep(60)}}}`);
  expect(json.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'first' });
});

test.each([
  ['a ping 5,000 deep', `{"type":"ping","payload":{"a":${deep(5_000)}}}`],
  [
    'variables 5,000 deep',
    `{"type":"subscribe","id":"1","payload":{"query":"{ hello }","variables":{"n":${deep(5_000)}}}}`,
  ],
  ['nothing but brackets', deep(100_000)],
])('over the WebSocket %s closes with 4400', async (_name, message) => {
  const socket = await signedIn();
  socket.send(message);
  expect((await socket.ended()).code).toBe(4400);
});

test('an operation id as long as a message, used twice, closes with 4409', async () => {
  const socket = await signedIn();
  const id = 'x'.repeat(1_000);
  socket.subscribe('subscription { tocks }', {}, id);
  socket.subscribe('subscription { tocks }', {}, id);
  expect((await socket.ended()).code).toBe(4409);
  expect(socket.ws.readyState).toBe(WebSocket.CLOSED);
});

test('a subscription, which keeps what it is asked with, is asked for in at most 16 kB', async () => {
  const socket = await signedIn();
  socket.subscribe('subscription { tocks }', { text: 'x'.repeat(16_000) }, 'long');
  expect(await socket.next()).toMatchObject({
    id: 'long',
    type: 'error',
    payload: [{ extensions: { code: 'QUERY_TOO_COMPLEX' } }],
  });
  expect((await socket.gql('{ hello }', { text: 'x'.repeat(16_000) })).data).toEqual({ hello: 'world' });
  socket.subscribe('subscription { tocks }', { text: 'x'.repeat(15_000) }, 'short');
  expect(await socket.next()).toMatchObject({ id: 'short', type: 'next' });
  socket.terminate();
});
