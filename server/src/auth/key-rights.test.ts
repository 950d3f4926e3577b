import { SCOPES } from './caller.js';
import type { TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';
import { until } from '../testing/test-until.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

let keys = 0;
const nextKey = () => `key-${(keys += 1)}`;

type Answer = { __typename: string; replayed?: boolean; reservation?: { id: string; member: string } };

/** Sends a mutation with an idempotency key of its own and gives the type of its answer, or the code of its error. */
async function send(field: string, type: string, input: Record<string, unknown>, token: string) {
  const receipt = '... on ReservationReceipt { replayed reservation { id member } }';
  const { data, errors } = await server.gql<Record<string, Answer>>(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ${field === 'grantCredits' ? '' : receipt} } }`,
    { input: { idempotencyKey: nextKey(), ...input } },
    token,
  );
  return data?.[field] ?? { __typename: String(errorsOf({ errors: errors ?? [] })[0]?.code) };
}

const OPERATIONS = [{ operation: 'image.short', quantity: 1 }];
const reserve = (accountId: string, token: string, more: Record<string, unknown> = {}) =>
  send('reserveCredits', 'ReserveCreditsInput', { accountId, operations: OPERATIONS, ...more }, token);
const commit = async (reservationId: string | undefined, token: string) =>
  (await send('commitReservation', 'CommitReservationInput', { reservationId }, token)).__typename;

async function makeKey(accountId: string, token: string, scopes: readonly string[] = SCOPES) {
  const { data } = await server.gql<{ createApiKey: { secret: string; apiKey: { id: string; maker: string | null } } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id maker } } }',
    { input: { accountId, name: 'Key', scopes } },
    token,
  );
  if (data == null) throw new Error('no key was made');
  return data.createApiKey;
}

async function codeOfRead(accountId: string, token: string): Promise<string> {
  const answer = await server.gql(
    'query ($id: ID!) { balance(accountId: $id) { available } }',
    { id: accountId },
    token,
  );
  return String(errorsOf(answer)[0]?.code ?? 'read');
}

describe('an operator grants credits within its scopes and its role', () => {
  test.each<[string, (accountId: string) => Parameters<TestApp['token']>[0], string]>([
    ['without a scope claim', () => ({}), 'GrantReceipt'],
    ['with credits:grant', () => ({ scope: 'credits:grant' }), 'GrantReceipt'],
    ['narrowed to credits:read', () => ({ scope: 'credits:read' }), 'FORBIDDEN'],
    ['narrowed to every scope of services', () => ({ scope: SCOPES.join(' ') }), 'FORBIDDEN'],
    ['narrowed to nothing', () => ({ scope: '' }), 'FORBIDDEN'],
    ['as owner of the account', (id) => ({ accounts: { [id]: 'owner' } }), 'GrantReceipt'],
    ['as member of the account', (id) => ({ accounts: { [id]: 'member' } }), 'FORBIDDEN'],
    ['as viewer of the account', (id) => ({ accounts: { [id]: 'viewer' } }), 'FORBIDDEN'],
    ['as viewer with credits:grant', (id) => ({ accounts: { [id]: 'viewer' }, scope: 'credits:grant' }), 'FORBIDDEN'],
    ['of no account', () => ({ accounts: {} }), 'NOT_FOUND'],
  ])('%s: %#', async (_who, claims, outcome) => {
    const accountId = await server.openAccount();
    const token = await server.token({ kind: 'operator', ...claims(accountId) });
    const grant = { accountId, credits: 5, source: 'PROMOTION', reason: 'test' };
    expect((await send('grantCredits', 'GrantCreditsInput', grant, token)).__typename).toBe(outcome);
  });

  test('nobody else grants: not an owner or a service that claims the scope, and no key has it', async () => {
    const accountId = await server.openAccount();
    const grant = { accountId, credits: 5, source: 'PROMOTION', reason: 'test' };
    for (const claims of [
      { kind: 'user', accounts: { [accountId]: 'owner' }, scope: 'credits:grant credits:read' },
      { kind: 'service', scope: 'credits:grant credits:read' },
    ] as const) {
      const answer = await send('grantCredits', 'GrantCreditsInput', grant, await server.token(claims));
      expect(answer.__typename).toBe('FORBIDDEN');
    }
    await expect(makeKey(accountId, server.operatorToken, ['credits:grant'])).rejects.toThrow('no key');
  });
});

describe('a key that a user made acts in that user’s place', () => {
  test('it commits no hold of another member, the maker commits its holds and it the maker’s', async () => {
    const accountId = await server.openAccount();
    const [ada, bob] = [
      await server.userToken(accountId, 'owner', 'ada'),
      await server.userToken(accountId, 'member', 'bob'),
    ];
    const key = await makeKey(accountId, ada);
    expect(key.apiKey.maker).toBe('ada');
    const child = await makeKey(accountId, key.secret);
    expect(child.apiKey.maker).toBe('ada');
    const bobs = await reserve(accountId, bob);
    expect(await commit(bobs.reservation?.id, ada)).toBe('FORBIDDEN');
    for (const secret of [key.secret, child.secret]) {
      expect(await commit(bobs.reservation?.id, secret)).toBe('FORBIDDEN');
      const ofKey = await reserve(accountId, secret);
      expect(ofKey.reservation?.member).toBe('ada');
      expect(await commit(ofKey.reservation?.id, bob)).toBe('FORBIDDEN');
      expect(await commit(ofKey.reservation?.id, ada)).toBe('ReservationReceipt');
      const ofAda = await reserve(accountId, ada);
      expect(await commit(ofAda.reservation?.id, secret)).toBe('ReservationReceipt');
    }
    expect(await commit(bobs.reservation?.id, server.serviceToken)).toBe('ReservationReceipt');
  });

  test('it names no other member, and shares its idempotency keys with the maker, not with services', async () => {
    const accountId = await server.openAccount();
    const ada = await server.userToken(accountId, 'owner', 'ada');
    const { secret } = await makeKey(accountId, ada);
    expect((await reserve(accountId, secret, { member: 'bob' })).__typename).toBe('FORBIDDEN');
    expect((await reserve(accountId, secret, { member: 'ada' })).reservation?.member).toBe('ada');
    const idempotencyKey = nextKey();
    const first = await reserve(accountId, secret, { idempotencyKey });
    expect(await reserve(accountId, ada, { idempotencyKey })).toEqual({ ...first, replayed: true });
    expect((await reserve(accountId, server.serviceToken, { idempotencyKey })).replayed).toBe(false);
  });

  test('a key that a service made names members and commits what others hold', async () => {
    const accountId = await server.openAccount();
    const bobs = await reserve(accountId, await server.userToken(accountId, 'member', 'bob'));
    const { secret, apiKey } = await makeKey(accountId, server.serviceToken);
    expect(apiKey.maker).toBeNull();
    expect((await reserve(accountId, secret, { member: 'eve' })).reservation?.member).toBe('eve');
    expect(await commit(bobs.reservation?.id, secret)).toBe('ReservationReceipt');
  });
});

describe('a key that a user made loses what the maker loses', () => {
  const later = 10;
  /** Tokens are issued in the past, so that none is of a time to come. */
  const AGO = 60;

  test('a maker whose newer token says viewer: the key reads and spends nothing; its socket is closed to ask again; owner again: all', async () => {
    const accountId = await server.openAccount();
    const ada = (role: 'owner' | 'viewer', issuedInSeconds: number) =>
      server.token({ sub: 'ada-1', accounts: { [accountId]: role }, issuedInSeconds: issuedInSeconds - AGO });
    const { secret } = await makeKey(accountId, await ada('owner', 0));
    const socket = await server.signedIn(secret);
    await codeOfRead(accountId, await ada('viewer', 0));
    await until(async () => (await reserve(accountId, secret)).__typename === 'FORBIDDEN');
    expect(await codeOfRead(accountId, secret)).toBe('read');
    expect((await socket.closed).code).toBe(4403);
    // A token of before says nothing new.
    await codeOfRead(accountId, await ada('owner', -later));
    expect((await reserve(accountId, secret)).__typename).toBe('FORBIDDEN');
    await codeOfRead(accountId, await ada('owner', later));
    await until(async () => (await reserve(accountId, secret)).__typename === 'ReservationReceipt');
  });

  test('a maker whose newer token lists the account no more: the key is refused for good, on every server', async () => {
    const accountId = await server.openAccount();
    const other = await server.openAccount();
    const ada = (accounts: Record<string, 'owner'>, issuedInSeconds: number) =>
      server.token({ sub: 'ada-2', accounts, issuedInSeconds: issuedInSeconds - AGO });
    const made = await makeKey(accountId, await ada({ [accountId]: 'owner', [other]: 'owner' }, 0));
    const kept = await makeKey(other, await ada({ [accountId]: 'owner', [other]: 'owner' }, 0));
    const bobs = await makeKey(accountId, await server.userToken(accountId, 'owner', 'bob-2'));
    const second = await server.another();
    const BALANCE = 'query ($id: ID!) { balance(accountId: $id) { available } }';
    expect((await second.gql(BALANCE, { id: accountId }, made.secret)).errors).toBeUndefined();
    // A token of before the key was made says nothing about it.
    await codeOfRead(other, await ada({ [other]: 'owner' }, -later));
    await codeOfRead(other, await ada({ [other]: 'owner' }, later));
    await until(async () => (await codeOfRead(accountId, made.secret)) === 'UNAUTHENTICATED');
    await until(async () => (await second.gql(BALANCE, { id: accountId }, made.secret)).status === 401);
    expect(await codeOfRead(other, kept.secret)).toBe('read');
    expect(await codeOfRead(accountId, bobs.secret)).toBe('read');
    await codeOfRead(accountId, await ada({ [accountId]: 'owner', [other]: 'owner' }, 2 * later));
    expect(await codeOfRead(accountId, made.secret)).toBe('UNAUTHENTICATED');
  });

  test('a maker whose newer token lists the account no more makes no key with the older one; with a newer one that lists it, both do', async () => {
    const accountId = await server.openAccount();
    const ada = (accounts: Record<string, 'owner'>, issuedInSeconds: number) =>
      server.token({ sub: 'ada-4', accounts, issuedInSeconds: issuedInSeconds - AGO });
    const old = await ada({ [accountId]: 'owner' }, 0);
    const made = await makeKey(accountId, old);
    await codeOfRead(accountId, await ada({}, later));
    await until(async () => (await codeOfRead(accountId, made.secret)) === 'UNAUTHENTICATED');
    const INPUT = { accountId, name: 'Key', scopes: ['credits:read'] };
    const MAKE = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';
    const codeOfMake = async (token: string) =>
      String(errorsOf(await server.gql(MAKE, { input: INPUT }, token))[0]?.code ?? 'made');
    expect(await codeOfMake(old)).toBe('FORBIDDEN');
    expect(await codeOfMake(await ada({ [accountId]: 'owner' }, later - 5))).toBe('FORBIDDEN');
    expect(await codeOfMake(await server.userToken(accountId, 'owner', 'bob-4'))).toBe('made');
    expect(await codeOfMake(await ada({ [accountId]: 'owner' }, 2 * later))).toBe('made');
    expect(await codeOfMake(old)).toBe('made');
  });

  test('another owner ends the key', async () => {
    const accountId = await server.openAccount();
    const { secret, apiKey } = await makeKey(accountId, await server.userToken(accountId, 'owner', 'ada-3'));
    await server.gql(
      'mutation ($id: ID!) { revokeApiKey(id: $id) }',
      { id: apiKey.id },
      await server.userToken(accountId, 'owner', 'bob'),
    );
    expect(await codeOfRead(accountId, secret)).toBe('UNAUTHENTICATED');
  });
});
