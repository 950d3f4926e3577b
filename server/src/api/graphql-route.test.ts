import { Agent, request } from 'node:http';
import { serverAudits } from 'graphql-http';
import { getIntrospectionQuery } from 'graphql';
import { rateLimited, unauthenticated, unavailable } from '../kit/errors.js';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';

const schema = schemaOf(
  `
  type Query { hello: String, me: String, slow: String!, busy: String!, node(id: ID): Node, list(first: Int! = 10, after: ID): Nodes! }
  type Node { id: ID!, next: Node }
  type Nodes { edges: [Edge!]! }
  type Edge { node: Node! }
  input Line { quantity: Int! = 1, size: Size }
  enum Size { SHORT LONG }
  input GoInput { amount: Int!, key: String!, lines: [Line!] }
  type Mutation { go(input: GoInput!): Int!, goMany(inputs: [GoInput!]!): [Int]! }
  type Subscription { ticks: Int }
  `,
  {
    'Query.hello': () => 'world',
    'Query.me': (_source, _args, context) =>
      (context as { caller: { id: string } | null }).caller?.id ?? Promise.reject(unauthenticated()),
    'Query.slow': () => Promise.reject(rateLimited(2_500)),
    'Query.busy': () => Promise.reject(unavailable()),
    'Query.node': () => ({ id: '1' }),
    'Query.list': () => ({ edges: [] }),
    'Mutation.go': (_source, { input }) => (input as { amount: number }).amount,
    'Mutation.goMany': (_source, { inputs }) =>
      (inputs as { amount: number }[]).map(({ amount }) => (amount > 1 ? unavailable() : amount)),
  },
);

/** 300 objects for each of four pages of 100. */
const pages = (first: string): string =>
  ['a', 'b', 'c', 'd']
    .map((alias) => `${alias}: list(first: ${first}) { edges { node { id next { id } } } }`)
    .join(' ');

let doors: TestDoors;
beforeAll(async () => {
  doors = await startTestDoors({ schema });
});
afterAll(() => doors.close());

describe('GraphQL over HTTP', () => {
  for (const audit of serverAudits({ url: () => `${doors.url}/graphql` })) {
    test(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      expect(result.status === 'error' ? result.reason : 'no error').toBe('no error');
    });
  }
});

describe('requests that are not answered', () => {
  test.each([
    ['a body that is not JSON', '{bad', {}, 400, 'BAD_REQUEST'],
    ['a body of another type', 'query', { 'content-type': 'text/plain' }, 400, 'BAD_REQUEST'],
    ['a batch', [{ query: '{ hello }' }], {}, 400, 'BAD_REQUEST'],
    [
      'a body above 100 kB by nobody',
      { query: '{ hello }', variables: { x: 'x'.repeat(100_001) } },
      {},
      413,
      'BAD_REQUEST',
    ],
    [
      'a body above 256 kB',
      { query: '{ hello }', variables: { x: 'x'.repeat(256_001) } },
      { authorization: 'Bearer me' },
      413,
      'BAD_REQUEST',
    ],
    ['a wrong credential', { query: '{ hello }' }, { authorization: 'Bearer wrong' }, 401, 'UNAUTHENTICATED'],
    ['a document that does not parse', { query: '{ hello' }, {}, 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, {}, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an unknown operation',
      { query: 'query A { hello }', operationName: 'B' },
      {},
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'two operations and no name',
      { query: 'query A { hello } query B { hello }' },
      {},
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a subscription', { query: 'subscription { ticks }' }, {}, 400, 'BAD_REQUEST'],
    ['more than 1,000 tokens', { query: `{ ${'hello '.repeat(1_000)} }` }, {}, 400, 'GRAPHQL_PARSE_FAILED'],
    ['5,000 fields', { query: `{ ${'hello '.repeat(5_000)} }` }, {}, 400, 'GRAPHQL_PARSE_FAILED'],
    [
      '11 aliases',
      { query: `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: hello`).join(' ')} }` },
      {},
      400,
      'QUERY_TOO_COMPLEX',
    ],
    [
      '9 levels',
      { query: '{ node { next { next { next { next { next { next { next { id } } } } } } } } }' },
      {},
      400,
      'QUERY_TOO_COMPLEX',
    ],
    ['a field 900 times', { query: `{ node { ${'id '.repeat(900)} } }` }, {}, 400, 'QUERY_TOO_COMPLEX'],
    ['11 root fields', { query: `{ ${'hello '.repeat(11)} }` }, {}, 400, 'QUERY_TOO_COMPLEX'],
    [
      '6 mutations',
      {
        query: `mutation { ${Array.from({ length: 6 }, (_, i) => `a${i}: go(input: {amount: 1, key: "k"})`).join(' ')} }`,
      },
      {},
      400,
      'QUERY_TOO_COMPLEX',
    ],
    [
      'fragments that spread each other',
      { query: '{ ...A } fragment A on Query { hello ...B } fragment B on Query { ...A }' },
      {},
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'fragments that multiply each other',
      {
        query: `{ node { ...F0 } } ${Array.from({ length: 7 }, (_, i) => `fragment F${i} on Node { ${`next { ...F${i + 1} } `.repeat(6)} }`).join(' ')} fragment F7 on Node { id }`,
      },
      {},
      400,
      'QUERY_TOO_COMPLEX',
    ],
    ['a page above the cost, by a literal', { query: `{ ${pages('100')} }` }, {}, 400, 'QUERY_TOO_COMPLEX'],
    [
      'a page above the cost, by a variable',
      { query: `query L($n: Int!) { ${pages('$n')} }`, variables: { n: 100 } },
      {},
      400,
      'QUERY_TOO_COMPLEX',
    ],
  ])('%s', async (_what, body, headers, status, code) => {
    const answer = await doors.post(body, headers as Record<string, string>);
    expect({ status: answer.status, code: answer.json.errors?.[0]?.extensions?.['code'] }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  test('a mutation by GET', async () => {
    const response = await fetch(`${doors.url}/graphql?query=mutation{go(input:{amount:1,key:"k"})}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(response.status).toBe(405);
  });

  test('a GET that a page of another origin could send', async () => {
    const response = await fetch(`${doors.url}/graphql?query={hello}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('CSRF');
  });

  test('one that is answered has the limits behind it', async () => {
    const answer = await doors.post({
      query: 'query L($n: Int!) { list(first: $n) { edges { node { id } } } }',
      variables: { n: 100 },
    });
    expect(answer.json).toEqual({ data: { list: { edges: [] } } });
  });
});

test('a page as large as may be is within the cost, and one beyond it is left to its field to refuse', async () => {
  for (const first of [100, 2 ** 31 - 1])
    expect(
      (await doors.post({ query: `{ list(first: ${first}) { edges { node { id next { id } } } } }` })).status,
    ).toBe(200);
});

describe('input that the types refuse is BAD_USER_INPUT and names its field', () => {
  const go = 'mutation G($input: GoInput!) { go(input: $input) }';
  const fine = { amount: 1, key: 'k' };
  test.each<[string, string, Record<string, unknown>, string[]]>([
    ['a fraction', go, { input: { ...fine, amount: 1.5 } }, ['amount']],
    ['a fraction in the document', 'mutation { go(input: {amount: 1.5, key: "k"}) }', {}, ['amount']],
    ['2^53', go, { input: { ...fine, amount: 2 ** 53 } }, ['amount']],
    ['a missing field', go, { input: { amount: 1 } }, ['key']],
    ['a missing field in the document', 'mutation { go(input: {amount: 1}) }', {}, ['key']],
    ['an unknown field', go, { input: { ...fine, more: 1 } }, ['more']],
    ['an unknown field in the document', 'mutation { go(input: {amount: 1, key: "k", more: 1}) }', {}, ['more']],
    ['an unknown enum value in a list', go, { input: { ...fine, lines: [{}, { size: 'HUGE' }] } }, ['lines[1].size']],
    [
      'an unknown enum value in the document',
      'mutation { go(input: {amount: 1, key: "k", lines: [{}, {size: HUGE}]}) }',
      {},
      ['lines[1].size'],
    ],
    ['a null in a list', go, { input: { ...fine, lines: [null] } }, ['lines[0]']],
    ['several at once', go, { input: { amount: 'x', key: 1 } }, ['amount', 'key']],
    [
      'one of many',
      'mutation M($inputs: [GoInput!]!) { goMany(inputs: $inputs) }',
      { inputs: [fine, { ...fine, amount: 0.5 }] },
      ['inputs[1].amount'],
    ],
    [
      'a variable inside the document',
      'mutation G($q: Int!) { go(input: {amount: 1, key: "k", lines: [{quantity: $q}]}) }',
      { q: 'x' },
      ['lines[0].quantity'],
    ],
    ['a plain argument', 'query L($n: Int!) { list(first: $n) { edges { node { id } } } }', { n: 1.5 }, ['first']],
    ['a plain argument in the document', '{ list(first: "x") { edges { node { id } } } }', {}, ['first']],
    ['a variable that is not there', go, {}, ['input']],
    ['a variable that is null', go, { input: null }, ['input']],
    ['an argument that is not there', 'mutation { go }', {}, ['input']],
    ['an argument that does not exist', '{ node(id: 1, name: "x") { id } }', {}, ['name']],
  ])('%s', async (_what, query, variables, fields) => {
    const { status, json } = await doors.post({ query, variables });
    expect(status).toBe(400);
    expect(json.errors?.map(({ extensions }) => extensions)).toEqual(
      fields.map((field) => ({ code: 'BAD_USER_INPUT', field })),
    );
    expect(json.data).toBeUndefined();
  });
});

describe('the status of an answer', () => {
  test('nobody signed in: 401', async () => {
    const { status, json } = await doors.post({ query: '{ me }' });
    expect({ status, code: json.errors?.[0]?.extensions?.['code'] }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  });
  test('too many: 429 and when to come back', async () => {
    const { status, headers } = await doors.post({ query: '{ slow }' });
    expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 429, retryAfter: '3' });
  });
  test('busy: 503 and when to come back', async () => {
    const { status, headers, json } = await doors.post({ query: '{ busy }' });
    expect({ status, retryAfter: headers.get('retry-after'), code: json.errors?.[0]?.extensions?.['code'] }).toEqual({
      status: 503,
      retryAfter: '1',
      code: 'UNAVAILABLE',
    });
  });
  test('one refused of many leaves the others answered, with 200', async () => {
    const { status, json } = await doors.post({
      query: 'mutation M($inputs: [GoInput!]!) { goMany(inputs: $inputs) }',
      variables: { inputs: [1, 2, 0].map((amount) => ({ amount, key: 'k' })) },
    });
    expect({ status, data: json.data, paths: json.errors?.map(({ path }) => path) }).toEqual({
      status: 200,
      data: { goMany: [1, null, 0] },
      paths: [['goMany', 1]],
    });
  });
});

describe('who may ask for the schema', () => {
  test('in production: whoever has signed in', async () => {
    const closed = await startTestDoors({ schema, introspection: false });
    try {
      const ask = { query: getIntrospectionQuery() };
      expect((await closed.post(ask)).json.errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED');
      expect((await closed.post(ask, { authorization: 'Bearer me' })).json.data).toHaveProperty('__schema');
      expect((await closed.post({ query: '{ helo }' })).text).not.toContain('Did you mean');
    } finally {
      await closed.close();
    }
  });
});

describe('rate limits', () => {
  test('nobody in particular has less than one who has signed in; failed logins less still', async () => {
    const strict = await startTestDoors({
      schema,
      limits: { anonymousPerMinute: 2, failedLoginsPerMinute: 1 },
    });
    try {
      const ask = { query: '{ hello }' };
      const statuses = [await strict.post(ask), await strict.post(ask), await strict.post(ask)].map(
        ({ status }) => status,
      );
      expect(statuses).toEqual([200, 200, 429]);
      expect((await strict.post(ask, { authorization: 'Bearer me' })).status).toBe(200);
      expect((await strict.post(ask, { authorization: 'Bearer wrong' })).status).toBe(401);
      expect((await strict.post(ask, { authorization: 'Bearer wrong' })).status).toBe(429);
    } finally {
      await strict.close();
    }
  });

  test.each([
    ['behind a trusted proxy each caller is counted for itself', ['loopback'], [200, 200, 429]],
    ['what callers say of themselves is not believed', [], [200, 429, 429]],
  ])('%s', async (_name, trustedProxies, expected) => {
    const strict = await startTestDoors({ schema, trustedProxies, limits: { anonymousPerMinute: 1 } });
    try {
      const ask = (address: string) => strict.post({ query: '{ hello }' }, { 'x-forwarded-for': address });
      const answers = [await ask('203.0.113.1'), await ask('203.0.113.2'), await ask('203.0.113.2')];
      expect(answers.map(({ status }) => status)).toEqual(expected);
    } finally {
      await strict.close();
    }
  });
});

test('a server that closes ends connections between two requests, and answers in GraphQL until then', async () => {
  const closing = await startTestDoors({ schema });
  const said: unknown[] = [];
  let isOver = false;
  const agents = Array.from({ length: 8 }, async () => {
    while (!isOver)
      try {
        const { status, json } = await closing.post({ query: '{ hello }' });
        said.push(status === 200 ? json.data : { status, json });
      } catch {
        // Nobody listens any more.
        isOver = true;
      }
  });
  while (said.length < 20) await new Promise((resolve) => setImmediate(resolve));
  await closing.close();
  await Promise.all(agents);
  expect(said.filter((data) => JSON.stringify(data) !== '{"hello":"world"}')).toEqual([]);
});

describe('a server that closes with a request under way', () => {
  async function askLate() {
    let answer = (): void => {};
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const late = (): Promise<number> =>
      new Promise((resolve) => {
        answer = () => resolve(1);
        asked();
      });
    const closing = await startTestDoors({ schema: schemaOf('type Query { late: Int }', { 'Query.late': late }) });
    const agent = new Agent({ keepAlive: true });
    const answered = new Promise<string>((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const sent = request(`${closing.url}/graphql`, { method: 'POST', agent, headers });
      sent.on('response', (response) => response.setEncoding('utf8').on('data', resolve));
      sent.on('error', reject).end('{"query":"{ late }"}');
    });
    await isAsked;
    return { closed: closing.close(), answered, answer: () => answer() };
  }

  test('answers it, and its connection keeps nothing open', async () => {
    const { closed, answered, answer } = await askLate();
    answer();
    expect(await answered).toBe('{"data":{"late":1}}');
    await closed;
    // Before what takes too long is told to try again.
  }, 3_000);

  test('tells it to try again when it takes too long', async () => {
    const { closed, answered } = await askLate();
    expect(await answered).toContain('"code":"UNAVAILABLE"');
    await closed;
  }, 20_000);
});

test('a long answer comes compressed to whoever takes that; a short one and a refusal never', async () => {
  const long = `{ ${Array.from({ length: 10 }, (_, index) => `${'a'.repeat(200)}${index}: hello`).join(' ')} }`;
  const ask = (query: string, accepted: string) =>
    fetch(`${doors.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-encoding': accepted },
      body: JSON.stringify({ query }),
    });
  const plain = await ask(long, 'identity');
  const text = await plain.text();
  expect([plain.headers.get('content-encoding'), text.length > 1_400]).toEqual([null, true]);
  for (const encoding of ['gzip', 'br']) {
    const answer = await ask(long, encoding);
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(Number(answer.headers.get('content-length'))).toBeLessThan(text.length / 4);
    expect(await answer.text()).toBe(text);
  }
  for (const query of ['{ hello }', '{ nothing }'])
    expect((await ask(query, 'gzip, br')).headers.get('content-encoding')).toBeNull();
});

test('only allowed origins may read answers', async () => {
  const from = (origin: string) => doors.post({ query: '{ hello }' }, { origin });
  expect((await from('https://studio.example.com')).headers.get('access-control-allow-origin')).toBe(
    'https://studio.example.com',
  );
  expect((await from('https://evil.example.com')).headers.get('access-control-allow-origin')).toBeNull();
});
