import { formatId } from '@aibc/shared/ids';
import { randomUUID } from 'node:crypto';
import { nextUuid } from './kit/next-uuid.js';
import type { TestApp } from './testing/test-app.js';
import { startTestApp } from './testing/test-app.js';
import { RawSocket } from './testing/test-socket.js';

const VIEWER = '{ viewer { kind } }';
const FAILED_MAX = 20;

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

/** A user's token that names so many accounts, the last of them a real one. */
async function tokenOf(accounts: number): Promise<{ token: string; accountId: string }> {
  const accountId = await server.openAccount();
  const others = Array.from({ length: accounts - 1 }, () => [formatId('acct', nextUuid()), 'owner'] as const);
  return { token: await server.token({ accounts: Object.fromEntries([...others, [accountId, 'owner']]) }), accountId };
}

const overHttp = async (token: string): Promise<{ status: number; code: unknown }> => {
  const { status, errors } = await server.gql(VIEWER, {}, token);
  return { status, code: errors?.[0]?.extensions?.['code'] };
};
/** The code with which a socket is closed that signs in with it, or what `viewer` answers. */
const overSocket = async (token: string, at: 'init' | 'upgrade'): Promise<unknown> => {
  const headers = at === 'upgrade' ? { headers: { authorization: `Bearer ${token}` } } : {};
  const socket = await RawSocket.open(server.wsUrl, headers);
  try {
    socket.send({
      type: 'connection_init',
      ...(at === 'init' ? { payload: { authorization: `Bearer ${token}` } } : {}),
    });
    const first = await Promise.race([socket.next(), socket.closed]);
    return 'code' in first ? first : (await socket.gql(VIEWER)).data;
  } finally {
    socket.terminate();
  }
};

describe('a long token', () => {
  test.each([150, 270])('that names %i accounts works at both doors', async (accounts) => {
    const { token, accountId } = await tokenOf(accounts);
    expect(token.length).toBeGreaterThan(9_000 * (accounts / 150) * 0.9);
    const read = await server.gql(
      'query B($id: ID!) { balance(accountId: $id) { available } }',
      { id: accountId },
      token,
    );
    expect(read).toMatchObject({ status: 200, data: { balance: { available: expect.any(Number) } } });
    expect(await overSocket(token, 'init')).toEqual({ viewer: { kind: 'USER' } });
    expect(await overSocket(token, 'upgrade')).toEqual({ viewer: { kind: 'USER' } });
  });
  test('of more than 16,384 characters is refused by name at both doors, however often', async () => {
    const token = 'x'.repeat(16_385);
    for (let turn = 0; turn <= FAILED_MAX; turn++) {
      const { status, errors } = await server.gql(VIEWER, {}, token);
      expect({ status, errors }).toMatchObject({
        status: 431,
        errors: [
          {
            message: 'A credential has at most 16384 characters.',
            extensions: { code: 'BAD_USER_INPUT', field: 'authorization' },
          },
        ],
      });
    }
    const refused = { code: 4400, reason: 'A credential has at most 16384 characters.' };
    expect(await overSocket(token, 'init')).toEqual(refused);
    expect(await overSocket(token, 'upgrade')).toEqual(refused);
  });
  test('beyond what headers may have is told 431', async () => {
    const answer = await fetch(`${server.url}/graphql`, { headers: { authorization: `Bearer ${'x'.repeat(40_000)}` } });
    expect(answer.status).toBe(431);
    expect(await answer.json()).toEqual({
      error: expect.stringContaining('a credential has at most 16,384 characters'),
    });
  });
});

describe('clocks that differ', () => {
  test('a token counts for 5 s after its end at both doors, and then at none', async () => {
    const late = await server.token({ expiresInSeconds: -1 });
    expect(await overHttp(late)).toEqual({ status: 200, code: undefined });
    expect(await overSocket(late, 'init')).toEqual({ viewer: { kind: 'USER' } });
    expect(await overSocket(late, 'upgrade')).toEqual({ viewer: { kind: 'USER' } });
    const tooLate = await server.token({ expiresInSeconds: -7 });
    expect(await overHttp(tooLate)).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await overSocket(tooLate, 'init')).toEqual({ code: 4403, reason: 'Forbidden' });
  });
  test('a socket is closed 5 s after its token’s end', async () => {
    const endsAt = Math.floor(Date.now() / 1000) * 1000 - 1_000;
    const socket = await server.signedIn(await server.token({ expiresInSeconds: -1 }));
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Token expired' });
    expect(Date.now()).toBeGreaterThanOrEqual(endsAt + 5_000);
  });
});

test('after too many refused credentials of an address no unknown key is looked up; known keys and tokens go on', async () => {
  const strict = await startTestApp();
  try {
    const makeKey = async (): Promise<string> => {
      const { data, errors } = await strict.gql<{ createApiKey: { secret: string } }>(
        'mutation K($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
        { input: { name: randomUUID(), scopes: ['credits:read'] } },
        strict.operatorToken,
      );
      if (data == null) throw new Error(JSON.stringify(errors));
      return data.createApiKey.secret;
    };
    const [known, unseen] = [await makeKey(), await makeKey()];
    expect((await strict.gql(VIEWER, {}, known)).status).toBe(200);
    const wrong = `${unseen.slice(0, -1)}${unseen.endsWith('a') ? 'b' : 'a'}`;
    for (let turn = 0; turn < FAILED_MAX; turn++) expect((await strict.gql(VIEWER, {}, 'wrong')).status).toBe(401);
    expect((await strict.gql(VIEWER, {}, wrong)).status).toBe(429);
    expect((await strict.gql(VIEWER, {}, unseen)).status).toBe(429);
    const socket = await RawSocket.open(strict.wsUrl);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${unseen}` } });
    expect((await socket.ended()).code).toBe(1013);
    expect((await strict.gql(VIEWER, {}, known)).status).toBe(200);
    expect((await strict.gql(VIEWER, {}, await strict.token({ sub: 'somebody-new' }))).status).toBe(200);
  } finally {
    await strict.close();
  }
});
