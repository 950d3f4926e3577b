import { GraphQLError } from 'graphql';
import { WebSocket } from 'ws';
import { notFound } from '../kit/errors.js';
import { UnknownFormat } from '../kit/format-version.js';
import { LedgerUnavailable } from '../ledger/core/ledger.js';
import { RawSocket } from '../testing/test-socket.js';
import { maskError } from './mask-error.js';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';

const SECRET = 'connect ECONNREFUSED 10.0.0.3 user=credits password=hunter2';
const secret = () => new Error(SECRET);

/** A secret thrown in every place that runs code of ours. */
const schema = schemaOf(
  `
  scalar Leaky
  union U = A
  type A { id: ID }
  type Query { throws: Int, rejects: Int, plain: Int, typed: Int, coded: Int, leaky: Leaky, union: U, argument(leaky: Leaky): Int, list: [Int], getter: A }
  type Mutation { throws: Int! }
  type Subscription { onSubscribe: Int, onNext: Int, onEvent: Int, later: Int }
  `,
  {
    'Query.throws': () => {
      throw secret();
    },
    'Query.rejects': () => Promise.reject(secret()),
    // A library may throw anything at all.
    'Query.plain': () => Promise.reject(SECRET),
    'Query.typed': () => {
      throw new GraphQLError(SECRET);
    },
    'Query.coded': () => {
      throw new GraphQLError(SECRET, { extensions: { code: 'ER_SQL', sql: SECRET } });
    },
    'Query.leaky': () => 1,
    'Query.union': () => ({ __typename: SECRET }),
    'Query.argument': () => 1,
    'Query.list': () => [1, secret()],
    'Query.getter': () => ({
      get id() {
        throw secret();
      },
    }),
    'Mutation.throws': () => Promise.reject(secret()),
    'Subscription.onSubscribe': () => Promise.reject(secret()),
    'Subscription.onNext': () => failingStream([], secret()),
    'Subscription.later': () => failingStream([{ later: 1 }], secret()),
    'Subscription.onEvent': () => failingStream([{ onEvent: () => Promise.reject(secret()) }], null),
  },
);
const leaky = schema.getType('Leaky');
if (leaky !== undefined && 'serialize' in leaky) {
  leaky.serialize = () => {
    throw secret();
  };
}

function failingStream(events: unknown[], error: Error | null): AsyncIterableIterator<unknown> {
  const stream: AsyncIterableIterator<unknown> = {
    [Symbol.asyncIterator]: () => stream,
    next: async () => {
      if (events.length > 0) return { done: false, value: events.shift() };
      if (error !== null) throw error;
      return { done: true, value: undefined };
    },
    return: async () => ({ done: true, value: undefined }),
  };
  return stream;
}

const OPERATIONS = [
  '{ throws }',
  '{ rejects }',
  '{ plain }',
  '{ typed }',
  '{ coded }',
  '{ leaky }',
  '{ union { __typename } }',
  '{ list }',
  '{ getter { id } }',
  'mutation { throws }',
];

let doors: TestDoors;
beforeAll(async () => {
  doors = await startTestDoors({ schema });
});
afterAll(() => doors.close());

function expectMasked(text: string): void {
  expect(text).not.toMatch(/ECONNREFUSED|hunter2|10\.0\.0\.3|\.ts:|\.js:|node_modules/);
  const requestId = /"requestId":"([0-9a-f]{32})"/.exec(text)?.[1];
  expect(doors.internal.map((told) => told.requestId)).toContain(requestId);
}

describe('a secret thrown inside does not leave the server', () => {
  test.each(OPERATIONS)('over HTTP: %s', async (query) => {
    const { text } = await doors.post({ query });
    expect(text).toContain('INTERNAL_SERVER_ERROR');
    expectMasked(text);
  });

  test.each([
    ...OPERATIONS,
    'subscription { onSubscribe }',
    'subscription { onNext }',
    'subscription { onEvent }',
    'subscription { later }',
  ])('over the socket: %s', async (query) => {
    const socket = await RawSocket.open(doors.wsUrl);
    await socket.signIn('me');
    socket.subscribe(query);
    for (let told = ''; !told.includes('Internal server error');) told = JSON.stringify(await socket.next());
    const text = JSON.stringify(socket.received);
    expect(text).toContain('INTERNAL_SERVER_ERROR');
    expectMasked(text);
    socket.terminate();
  });

  test('from the authentication, at both doors', async () => {
    const broken = await startTestDoors({ schema, authenticate: () => Promise.reject(secret()) });
    try {
      const { text, status } = await broken.post({ query: '{ list }' });
      expect(status).toBe(500);
      expect(text).toContain('INTERNAL_SERVER_ERROR');
      expect(text).not.toContain('hunter2');
      const ws = new WebSocket(broken.wsUrl, 'graphql-transport-ws');
      ws.on('open', () => ws.send('{"type":"connection_init","payload":{"authorization":"Bearer me"}}'));
      const [code, reason] = await new Promise<[number, Buffer]>((resolve) => ws.on('close', (...end) => resolve(end)));
      expect({ code, reason: reason.toString() }).toEqual({ code: 1013, reason: 'Try again later' });
      expect(broken.internal).toHaveLength(2);
    } finally {
      await broken.close();
    }
  });
});

describe('what a caller learns of an error', () => {
  const codeOf = (error: unknown) => maskError(error, 'id').formatted.extensions?.['code'];
  const located = (originalError: Error) => new GraphQLError(originalError.message, { path: ['x'], originalError });

  test('public codes pass with message and details', () => {
    expect(maskError(notFound('This account'), 'id')).toEqual({
      formatted: { message: 'This account does not exist, or you may not see it.', extensions: { code: 'NOT_FOUND' } },
      head: {},
      isLogged: false,
    });
  });

  test('an error without a code passes only when it is about the request itself', () => {
    expect(maskError(new GraphQLError('Must provide an operation.'), 'id').formatted).toEqual({
      message: 'Must provide an operation.',
    });
    expect(codeOf(new GraphQLError('secret', { path: ['balance'] }))).toBe('INTERNAL_SERVER_ERROR');
    expect(codeOf(new GraphQLError('secret', { originalError: new Error('secret') }))).toBe('INTERNAL_SERVER_ERROR');
  });

  test.each([
    ['the ledger', new LedgerUnavailable('queue full')],
    ['a process that is too old', new UnknownFormat('facts have the format 2')],
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a database that stops', Object.assign(new Error('terminating connection'), { code: '57P01' })],
    ['a database that lets nobody in', Object.assign(new Error('not accepting'), { code: '55000' })],
    ['a statement that was given up', Object.assign(new Error('canceling statement'), { code: '57014' })],
    ['a lost connection', new Error('Connection terminated unexpectedly')],
    [
      'an error around one',
      Object.assign(new Error('Query failed'), { driverError: Object.assign(new Error('x'), { code: '08006' }) }),
    ],
  ])('%s that cannot answer is UNAVAILABLE, 503, and says when to come back', (_what, error) => {
    const masked = maskError(located(error), 'id');
    // What only a newer process can read stands in no other log.
    expect(masked.isLogged).toBe(error instanceof UnknownFormat);
    expect(masked.formatted).toMatchObject({ path: ['x'], extensions: { code: 'UNAVAILABLE', retryAfterMs: 1000 } });
    expect(masked.head).toMatchObject({ status: 503 });
  });
});
