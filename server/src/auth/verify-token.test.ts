import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { formatId } from '@aibc/shared/ids';
import { SignJWT, UnsecuredJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';

import { createAuthenticator } from './verify-token.js';
import type { TokenTrust } from './verify-token.js';

const ACCOUNT = '0198c0de-0000-7000-8000-000000000001';
const START = Date.UTC(2026, 2, 1);
const SECONDS = START / 1000;
const SECRET = new TextEncoder().encode('a secret of at least thirty-two bytes');
const CLAIMS = { sub: 'ada', accounts: { [formatId('acct', ACCOUNT)]: 'owner' }, exp: SECONDS + 600 };
const apiKeys = { verify: () => Promise.resolve(null) };

let now: number;
const trusting = (trust: TokenTrust) => createAuthenticator({ apiKeys, clock: () => now, ...trust });
const bearer = (token: string) => `Bearer ${token}`;
const hs256 = (claims: JWTPayload, secret = SECRET) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret);

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    (caller) => (caller === null ? 'nobody' : 'let in'),
    (error: { code: string }) => error.code,
  );
}

beforeEach(() => {
  now = START;
});

describe('a shared secret', () => {
  const { authenticate } = trusting({ jwtSecret: SECRET });

  test('nothing presented is nobody', async () => {
    expect(await authenticate(undefined)).toBeNull();
  });

  test('a good token names its caller, whatever the case of Bearer', async () => {
    const token = await hs256(CLAIMS);
    for (const scheme of ['Bearer', 'bearer', 'BEARER ']) {
      expect(await authenticate(`${scheme} ${token}`)).toMatchObject({
        kind: 'user',
        id: 'ada',
        accounts: new Map([[ACCOUNT, 'owner']]),
      });
    }
  });

  test.each<[string, () => Promise<string> | string]>([
    ['an empty value', () => ''],
    ['another scheme', () => 'Basic YWRhOnNlY3JldA=='],
    ['no token', () => 'Bearer '],
    ['garbage', () => 'Bearer garbage'],
    ['three dots of garbage', () => 'Bearer a.b.c'],
    ['a token and more', async () => `${bearer(await hs256(CLAIMS))} more`],
    ['a line break', () => 'Bearer a\nb'],
    ['9,000 characters', () => bearer('a'.repeat(9000))],
    ['a malformed API key', () => bearer('aibc_test_x')],
    ['an unknown API key', () => bearer(`aibc_live_${'0'.repeat(26)}_${'a'.repeat(43)}`)],
    [
      'another secret',
      async () => bearer(await hs256(CLAIMS, new TextEncoder().encode('another secret of thirty-two bytes!'))),
    ],
    [
      'a tampered payload',
      async () => {
        const [head, , signature] = (await hs256(CLAIMS)).split('.');
        return bearer(
          `${head}.${Buffer.from(JSON.stringify({ ...CLAIMS, kind: 'operator' })).toString('base64url')}.${signature}`,
        );
      },
    ],
    ['alg none', () => bearer(new UnsecuredJWT(CLAIMS).encode())],
    [
      'alg none with a signature',
      async () => {
        const [, payload, signature] = (await hs256(CLAIMS)).split('.');
        return bearer(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.${signature}`);
      },
    ],
    [
      'HS512',
      async () =>
        bearer(await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS512' }).sign(new Uint8Array(64).fill(1))),
    ],
    [
      'RS256 where no key set is trusted',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        return bearer(await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'RS256' }).sign(privateKey));
      },
    ],
    ['no expiry', async () => bearer(await hs256({ sub: 'ada' }))],
    ['expired 6 s ago', async () => bearer(await hs256({ ...CLAIMS, exp: SECONDS - 6 }))],
    ['not before 6 s from now', async () => bearer(await hs256({ ...CLAIMS, nbf: SECONDS + 6 }))],
    ['no subject', async () => bearer(await hs256({ exp: CLAIMS.exp }))],
    ['malformed claims', async () => bearer(await hs256({ ...CLAIMS, accounts: { nonsense: 'owner' } }))],
  ])('%s: UNAUTHENTICATED', async (_what, make) => {
    expect(await codeOf(authenticate(await make()))).toBe('UNAUTHENTICATED');
  });

  test('clocks may differ by 5 s, either way', async () => {
    expect(await codeOf(authenticate(bearer(await hs256({ ...CLAIMS, exp: SECONDS - 4 }))))).toBe('let in');
    expect(await codeOf(authenticate(bearer(await hs256({ ...CLAIMS, nbf: SECONDS + 5 }))))).toBe('let in');
  });

  test('a token that was let in before is refused once it has expired', async () => {
    const token = bearer(await hs256({ ...CLAIMS, exp: SECONDS + 60 }));
    const first = await authenticate(token);
    now = START + 59_000;
    expect(await authenticate(token)).toBe(first);
    now = START + 66_000;
    expect(await codeOf(authenticate(token))).toBe('UNAUTHENTICATED');
  });

  test('a refused token stays refused', async () => {
    const token = bearer(await hs256({ ...CLAIMS, nbf: SECONDS + 60 }));
    expect(await codeOf(authenticate(token))).toBe('UNAUTHENTICATED');
    expect(await codeOf(authenticate(token))).toBe('UNAUTHENTICATED');
    now += 60_000;
    expect(await codeOf(authenticate(token))).toBe('let in');
  });
});

test('issuer and audience are pinned when they are configured', async () => {
  const { authenticate } = trusting({ jwtSecret: SECRET, issuer: 'https://id.example', audience: 'credits' });
  const send = async (claims: JWTPayload) => codeOf(authenticate(bearer(await hs256({ ...CLAIMS, ...claims }))));
  expect(await send({ iss: 'https://id.example', aud: 'credits' })).toBe('let in');
  expect(await send({ iss: 'https://id.example', aud: ['other', 'credits'] })).toBe('let in');
  expect(await send({ iss: 'https://id.example' })).toBe('UNAUTHENTICATED');
  expect(await send({ iss: 'https://evil.example', aud: 'credits' })).toBe('UNAUTHENTICATED');
  expect(await send({ iss: 'https://id.example', aud: 'other' })).toBe('UNAUTHENTICATED');
});

test('where operators are listed, nobody else becomes one by a claim', async () => {
  const { authenticate } = trusting({ jwtSecret: SECRET, operatorSubjects: new Set(['grace']) });
  const send = async (sub: string) =>
    codeOf(authenticate(bearer(await hs256({ sub, kind: 'operator', exp: CLAIMS.exp }))));
  expect(await send('grace')).toBe('let in');
  expect(await send('ada')).toBe('UNAUTHENTICATED');
});

test('demo mode and configured authentication exclude each other', () => {
  expect(() => trusting({ jwtSecret: SECRET, demoSecret: SECRET })).toThrow('exclude each other');
});

describe('a key set', () => {
  const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
  const keys = new Map<string, CryptoKey>();
  const publicPem = new Map<string, string>();
  let jwks: { keys: JWK[] };
  let status: number;
  let server: Server;
  let jwksUrl: URL;
  const sign = (alg: string, kid: string, claims: JWTPayload = CLAIMS) =>
    new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(keys.get(kid) as CryptoKey);

  beforeAll(async () => {
    jwks = { keys: [] };
    for (const alg of ALGORITHMS) {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      keys.set(alg, privateKey);
      publicPem.set(alg, await exportSPKI(publicKey));
      jwks.keys.push({ ...(await exportJWK(publicKey)), kid: alg, use: 'sig' });
    }
    const stranger = await generateKeyPair('RS256');
    keys.set('stranger', stranger.privateKey);
    server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(jwks));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    jwksUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
  });
  beforeEach(() => {
    status = 200;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test.each(ALGORITHMS)('%s is let in', async (alg) => {
    const { authenticate } = trusting({ jwksUrl });
    expect(await authenticate(bearer(await sign(alg, alg)))).toMatchObject({ id: 'ada' });
  });

  test('an unknown key, a key of another, and HS256 are UNAUTHENTICATED', async () => {
    const { authenticate } = trusting({ jwksUrl });
    expect(await codeOf(authenticate(bearer(await sign('RS256', 'stranger'))))).toBe('UNAUTHENTICATED');
    const forged = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'RS256', kid: 'RS256' })
      .sign(keys.get('stranger') as CryptoKey);
    expect(await codeOf(authenticate(bearer(forged)))).toBe('UNAUTHENTICATED');
    expect(await codeOf(authenticate(bearer(await hs256(CLAIMS))))).toBe('UNAUTHENTICATED');
  });

  test.each(ALGORITHMS)('the public key of %s is never taken for a shared secret', async (alg) => {
    const pem = new TextEncoder().encode(publicPem.get(alg));
    const confused = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: alg }).sign(pem);
    for (const trust of [{ jwksUrl }, { jwksUrl, jwtSecret: SECRET }]) {
      expect(await codeOf(trusting(trust).authenticate(bearer(confused)))).toBe('UNAUTHENTICATED');
    }
  });

  test('a shared secret beside it is let in too, each by its own algorithm', async () => {
    const { authenticate } = trusting({ jwksUrl, jwtSecret: SECRET });
    expect(await codeOf(authenticate(bearer(await hs256(CLAIMS))))).toBe('let in');
    expect(await codeOf(authenticate(bearer(await sign('ES256', 'ES256'))))).toBe('let in');
  });

  test('a key set that cannot be had is UNAVAILABLE, not a fault of the token', async () => {
    status = 500;
    const { authenticate } = trusting({ jwksUrl });
    const token = bearer(await sign('RS256', 'RS256'));
    expect(await codeOf(authenticate(token))).toBe('UNAVAILABLE');
    expect(await codeOf(trusting({ jwksUrl: new URL('http://127.0.0.1:1/jwks') }).authenticate(token))).toBe(
      'UNAVAILABLE',
    );
    expect(await codeOf(authenticate('Bearer garbage'))).toBe('UNAUTHENTICATED');
    status = 200;
    expect(await codeOf(trusting({ jwksUrl }).authenticate(token))).toBe('let in');
  });
});
