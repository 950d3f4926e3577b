import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatId } from '@aibc/shared/ids';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { until } from '../testing/test-until.js';
import { IdentityProvider } from './identity-provider.js';
import { createAuthenticator } from './verify-token.js';

const ACCOUNT = formatId('acct', '0198c0de-0000-7000-8000-000000000001');
const AUDIENCE = 'https://credits.example.com';
const apiKeys = { verify: () => Promise.resolve(null) };

/** A provider's two documents over real HTTP; what they say can be changed. */
let server: Server;
let issuer: string;
let status: number;
let metadata: Record<string, unknown>;
let published: JWK[];
let asked: string[];
const failures: string[] = [];
let found: number;
const open: IdentityProvider[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const isKeys = request.url === '/keys';
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(isKeys ? { keys: published } : metadata));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  [status, published, asked, found] = [200, [], [], 0];
  failures.length = 0;
  metadata = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    code_challenge_methods_supported: ['S256'],
  };
});
afterEach(() => {
  for (const provider of open.splice(0)) provider.stop();
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function look(at = issuer): IdentityProvider {
  const provider = new IdentityProvider({
    issuer: at,
    onFound: () => found++,
    onFailure: (error) => failures.push((error as Error).message),
    againMs: 5,
    keysMsLeast: 0,
  });
  open.push(provider);
  provider.start();
  return provider;
}

async function makeKey(kid: string): Promise<{ kid: string; privateKey: CryptoKey; jwk: JWK }> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
}

function sign({ kid, privateKey }: { kid: string; privateKey: CryptoKey }, by = issuer, audience = AUDIENCE) {
  return new SignJWT({ accounts: { [ACCOUNT]: 'owner' } })
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'at+jwt' })
    .setSubject('ada')
    .setIssuer(by)
    .setAudience(audience)
    .setExpirationTime('10m')
    .sign(privateKey);
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'let in',
    (error: { code: string }) => error.code,
  );

function door(provider: IdentityProvider): (token: string) => Promise<string> {
  const { authenticate } = createAuthenticator({
    apiKeys,
    clock: Date.now,
    getKey: provider.getKey,
    issuer,
    audience: AUDIENCE,
  });
  return (token) => codeOf(authenticate(`Bearer ${token}`));
}

test('says where the provider signs in and out, and lets its tokens in, and no other’s', async () => {
  metadata = { ...metadata, end_session_endpoint: `${issuer}/end`, revocation_endpoint: `${issuer}/revoke` };
  const [key, stranger] = [await makeKey('a'), await makeKey('a')];
  published = [key.jwk];
  const provider = look();
  await until(() => provider.endpoints !== null);
  expect(provider.endpoints).toEqual({
    authorization: `${issuer}/auth`,
    token: `${issuer}/token`,
    keys: `${issuer}/keys`,
    endSession: `${issuer}/end`,
    revocation: `${issuer}/revoke`,
  });
  expect(provider.tokenOrigin).toBe(issuer);
  const enter = door(provider);
  expect(await enter(await sign(key))).toBe('let in');
  expect(await enter(await sign(stranger))).toBe('UNAUTHENTICATED');
  expect(await enter(await sign(key, 'https://other.example.com'))).toBe('UNAUTHENTICATED');
  expect(await enter(await sign(key, issuer, 'https://other.example.com'))).toBe('UNAUTHENTICATED');
  expect([found, failures]).toEqual([1, []]);
});

test('a key that the provider changes to is fetched when a token names it; the old one is let in as long as it is published', async () => {
  const [old, next] = [await makeKey('old'), await makeKey('next')];
  published = [old.jwk];
  const provider = look();
  await until(() => provider.endpoints !== null);
  const enter = door(provider);
  expect(await enter(await sign(old))).toBe('let in');
  published = [old.jwk, next.jwk];
  expect(await enter(await sign(next))).toBe('let in');
  expect(await enter(await sign(old, issuer))).toBe('let in');
  published = [next.jwk];
  expect(await enter(await sign(await makeKey('unknown')))).toBe('UNAUTHENTICATED');
  // The keys were fetched again for it, and the old one is gone.
  expect(await codeOf(Promise.resolve(provider.getKey({ alg: 'RS256', kid: 'old' }, jws)))).not.toBe('let in');
  expect(asked.filter((path) => path === '/keys')).toHaveLength(4);
});

test('a provider that is away at the start is asked until it answers; a token meanwhile is not refused but UNAVAILABLE', async () => {
  status = 503;
  const key = await makeKey('a');
  published = [key.jwk];
  const provider = look();
  const enter = door(provider);
  await until(() => failures.length >= 2);
  expect([provider.endpoints, provider.tokenOrigin, found]).toEqual([null, null, 0]);
  expect(failures[0]).toContain('/.well-known/openid-configuration answered 503');
  expect(await enter(await sign(key))).toBe('UNAVAILABLE');
  status = 200;
  await until(() => found === 1);
  expect(await enter(await sign(key))).toBe('let in');
});

test.each<[string, () => Record<string, unknown>, string]>([
  [
    'another issuer',
    () => ({ ...metadata, issuer: 'https://other.example.com' }),
    'calls itself https://other.example',
  ],
  ['the issuer with a slash at its end', () => ({ ...metadata, issuer: `${issuer}/` }), 'they have to be the same'],
  ['no keys', () => ({ ...metadata, jwks_uri: undefined }), 'jwks_uri'],
  ['tokens in the clear', () => ({ ...metadata, token_endpoint: 'http://id.example.com/token' }), 'is not https'],
  ['no PKCE', () => ({ ...metadata, code_challenge_methods_supported: ['plain'] }), 'PKCE'],
])('metadata of no use are told and not taken: %s', async (_what, said, told) => {
  metadata = said();
  const provider = look();
  await until(() => failures.length > 0);
  expect(failures[0]).toContain(told);
  expect(provider.endpoints).toBeNull();
});

test('an issuer that ends in a slash is asked at the same place', async () => {
  metadata = { ...metadata, issuer: `${issuer}/` };
  const provider = look(`${issuer}/`);
  await until(() => provider.endpoints !== null);
  expect(asked).toEqual(['/.well-known/openid-configuration']);
});

const jws = { payload: '', signature: '' };
