import { openTestLink } from './testing/test-link.js';
import type { TestApp } from './testing/test-app.js';
import { startTestApp } from './testing/test-app.js';
import { until } from './testing/test-until.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

test('a started server is alive and ready', async () => {
  const answers = await Promise.all(
    ['/healthz', '/readyz'].map(async (path) => (await fetch(`${server.url}${path}`)).status),
  );
  expect(answers).toEqual([200, 200]);
});

test('an account is opened, reserved from and read over HTTP and over the socket alike', async () => {
  const accountId = await server.openAccount();
  const reserve = `mutation R($input: ReserveCreditsInput!) {
    reserveCredits(input: $input) { __typename ... on ReservationReceipt { replayed reservation { held } balance { available held version } } ... on Problem { message } }
  }`;
  const input = { accountId, operations: [{ operation: 'image.short', quantity: 2 }] };
  const { data } = await server.gql(reserve, { input: { ...input, idempotencyKey: 'one' } });
  expect(data).toMatchObject({
    reserveCredits: {
      __typename: 'ReservationReceipt',
      reservation: { held: 10 },
      balance: { available: 90, held: 10 },
    },
  });

  const socket = await server.signedIn(await server.userToken(accountId));
  const answer = await socket.gql(reserve, { input: { ...input, idempotencyKey: 'two' } });
  expect(answer.data).toMatchObject({ reserveCredits: { balance: { available: 80, held: 20 } } });

  const read = await socket.gql('query B($id: ID!) { balance(accountId: $id) { available held } }', { id: accountId });
  expect(read.data).toEqual({ balance: { available: 80, held: 20 } });
});

test('a commit reaches a subscriber of another server on the same database', async () => {
  const other = await server.another();
  const accountId = await server.openAccount();
  const socket = await other.signedIn(await server.userToken(accountId));
  socket.subscribe('subscription B($id: ID!) { balanceChanged(accountId: $id) { available version } }', {
    id: accountId,
  });
  expect(await socket.next()).toMatchObject({
    type: 'next',
    payload: { data: { balanceChanged: { available: 100 } } },
  });
  await server.gql('mutation S($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }', {
    input: { accountId, idempotencyKey: 'spend', operations: [{ operation: 'image.long' }] },
  });
  expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { balanceChanged: { available: 80 } } } });
});

test('an application that closes lets go of everything and can be started again', async () => {
  const first = await startTestApp({ databaseUrl: server.databaseUrl });
  await first.app.close();
  await first.app.close();
  await expect(fetch(`${first.url}/healthz`)).rejects.toThrow('fetch failed');
  const second = await startTestApp({ databaseUrl: server.databaseUrl });
  expect((await second.gql('{ viewer { kind } }')).data).toEqual({ viewer: { kind: 'SERVICE' } });
  await second.close();
});

test('a database that cannot be reached is said when the application starts', async () => {
  const start = startTestApp({ databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing', env: { databaseWaitSeconds: 0 } });
  await expect(start).rejects.toThrow('The database at 127.0.0.1:1 cannot be used: connect ECONNREFUSED');
});

test('a server whose database went away is not ready and says so, and is ready again when it is back', async () => {
  const link = await openTestLink(server.databaseUrl);
  const lonely = await startTestApp({ databaseUrl: link.url });
  const ready = async () => {
    const answer = await fetch(`${lonely.url}/readyz`);
    return { status: answer.status, body: await answer.json() };
  };
  try {
    link.cut();
    expect((await fetch(`${lonely.url}/healthz`)).status).toBe(200);
    expect(await ready()).toEqual({ status: 503, body: { status: 'not ready', reason: 'database' } });
    link.mend();
    await until(async () => (await ready()).status === 200);
  } finally {
    await lonely.close();
    await link.close();
  }
});

test('metrics tell fields and outcomes and name no account', async () => {
  const accountId = await server.openAccount();
  await server.gql('query B($id: ID!) { balance(accountId: $id) { available } }', { id: accountId });
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toContain('credits_operations_total{field="balance",outcome="OK"}');
  expect(text).not.toContain(accountId);
});

test('each input of a Many counts against its account, and against nobody else’s', async () => {
  const strict = await startTestApp({
    env: { rateLimits: { operationsPerSecond: 20, failedLoginsPerMinute: 20, anonymousPerMinute: 600 } },
  });
  try {
    const [mine, theirs] = [await strict.openAccount(), await strict.openAccount()];
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const document = 'mutation R($inputs: [ReserveCreditsInput!]!) { reserveMany(inputs: $inputs) { __typename } }';
    const ask = async (accountId: string, count: number, token: string, key: string) => {
      const one = (index: number) => ({
        accountId,
        idempotencyKey: `${key}${index}`,
        operations: [{ operation: 'content.generate' }],
      });
      const { status } = await strict.gql(document, { inputs: Array.from({ length: count }, (_, i) => one(i)) }, token);
      return status;
    };
    const token = await strict.userToken(mine);
    expect(await ask(theirs, 15, token, 'a')).toBe(200);
    expect(await ask(mine, 15, token, 'b')).toBe(200);
    expect(await ask(mine, 15, token, 'c')).toBe(429);
    expect(await ask(theirs, 15, await strict.userToken(theirs), 'd')).toBe(200);
  } finally {
    await strict.close();
  }
});

describe('a demo', () => {
  let demo: TestApp;
  beforeAll(async () => {
    demo = await startTestApp({
      env: {
        demo: true,
        auth: { jwtSecret: null, jwksUrl: null, issuer: null, audience: null, operatorSubjects: null },
      },
    });
  }, 60_000);
  afterAll(() => demo.close());

  const signIn = async (as: unknown) => {
    const answer = await fetch(`${demo.url}/demo/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as }),
    });
    return { status: answer.status, ...((await answer.json()) as { token: string; accountId: string }) };
  };

  test('gives sessions of its cast, whose balances can be read', async () => {
    for (const [as, plan] of [
      ['free', 'FREE'],
      ['pro', 'PRO'],
      ['enterprise', 'ENTERPRISE'],
    ]) {
      const { token, accountId } = await signIn(as);
      const { data } = await demo.gql(
        'query A($id: ID!) { account(id: $id) { plan { code } } }',
        { id: accountId },
        token,
      );
      expect(data).toEqual({ account: { plan: { code: plan } } });
    }
    expect((await demo.gql('{ viewer { kind } }', {}, (await signIn('operator')).token)).data).toEqual({
      viewer: { kind: 'OPERATOR' },
    });
  });

  test('knows nobody else', async () => {
    expect((await signIn('root')).status).toBe(400);
    expect((await signIn(['pro'])).status).toBe(400);
  });

  test('is no demo where authentication is configured', async () => {
    const answer = await fetch(`${server.url}/demo/session`, { method: 'POST' });
    expect(answer.status).toBe(404);
  });
});
