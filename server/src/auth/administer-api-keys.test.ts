import { formatId } from '@aibc/shared/ids';
import type { DataSource } from 'typeorm';

import { createDataSource } from '../db/data-source.js';
import { createTestDatabase } from '../db/test-database.js';
import type { TestDatabase } from '../db/test-database.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeys } from './api-keys.js';
import type { ApiKeyCreated } from './auth.types.js';
import { SCOPES } from './caller.js';
import type { Caller, Role, Scope, Side } from './caller.js';
import { createApiKey } from './create-api-key.js';
import type { CreateApiKeyDeps } from './create-api-key.js';
import { listApiKeys } from './list-api-keys.js';
import { revokeApiKey } from './revoke-api-key.js';

const MINE = { id: '0198c0de-0000-7000-8000-000000000001', sandbox: true };
const FOREIGN = { id: '0198c0de-0000-7000-8000-000000000002', sandbox: true };
const LIVE = { id: '0198c0de-0000-7000-8000-000000000003', sandbox: false };
const UNKNOWN = '0198c0de-0000-7000-8000-00000000dead';
const publicId = (account: { id: string }) => formatId('acct', account.id);

let database: TestDatabase;
let dataSource: DataSource;
let deps: CreateApiKeyDeps;
let apiKeys: ApiKeys;

const callerWith = (changes: Partial<Caller>): Caller => ({
  kind: 'user',
  id: 'ada',
  name: 'Ada',
  scopes: new Set(SCOPES),
  accounts: new Map([[MINE.id, 'owner' as Role]]),
  sides: ['sandbox', 'live'],
  keyId: null,
  expiresAt: null,
  ...changes,
});
const role = (name: Role) => callerWith({ accounts: new Map([[MINE.id, name]]) });
const scoped = (...scopes: Scope[]) => callerWith({ kind: 'service', accounts: 'all', scopes: new Set(scopes) });
const onSide = (side: Side) => callerWith({ kind: 'service', accounts: 'all', sides: [side] });

const owner = callerWith({});
const stranger = callerWith({ id: 'eve', accounts: new Map([[FOREIGN.id, 'owner']]) });
const service = scoped(...SCOPES);
const operator = callerWith({ kind: 'operator', accounts: 'all' });
const bound = callerWith({ kind: 'service' });
const boundToTwo = callerWith({
  kind: 'service',
  accounts: new Map([
    [MINE.id, 'owner'],
    [FOREIGN.id, 'owner'],
  ]),
});

const create = (caller: Caller | null, input: Partial<{ accountId: string | null; name: string; scopes: string[] }>) =>
  createApiKey(deps, caller, { name: 'CI', scopes: ['credits:read'], ...input });
const revoke = (caller: Caller | null, id: string) =>
  revokeApiKey({ dataSource, announceRevoked: (keyId) => apiKeys.announceRevoked(keyId) }, caller, id);
const keyCaller = async ({ secret }: ApiKeyCreated): Promise<Caller> => (await apiKeys.verify(secret)) as Caller;

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: { code: string; extensions: { field?: string } }) =>
      [error.code, error.extensions.field].filter(Boolean).join(' '),
  );
}

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource({ url: database.url, entities: [ApiKeyEntity] }).initialize();
  const accounts = new Map([MINE, FOREIGN, LIVE].map((account) => [account.id, account]));
  deps = {
    dataSource,
    pepper: Buffer.alloc(32, 3),
    defaultSide: 'live',
    findAccount: (_caller, id) => Promise.resolve(accounts.get(id) ?? null),
  };
  apiKeys = new ApiKeys({ dataSource, pepper: deps.pepper, clock: Date.now });
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

describe('making a key', () => {
  const mine = { accountId: publicId(MINE) };
  test.each<[string, Caller | null, Parameters<typeof create>[1], string]>([
    ['nobody', null, mine, 'UNAUTHENTICATED'],
    ['the owner', owner, mine, 'done'],
    ['the owner, every scope', owner, { ...mine, scopes: [...SCOPES] }, 'done'],
    ['a member', role('member'), mine, 'FORBIDDEN'],
    ['a viewer', role('viewer'), mine, 'FORBIDDEN'],
    ['a stranger', stranger, mine, 'NOT_FOUND'],
    ['the owner, for a foreign account', owner, { accountId: publicId(FOREIGN) }, 'NOT_FOUND'],
    ['anybody, for an account that does not exist', operator, { accountId: formatId('acct', UNKNOWN) }, 'NOT_FOUND'],
    ['the owner, for a malformed account', owner, { accountId: 'acct_x' }, 'BAD_USER_INPUT accountId'],
    ['the owner, for the bare uuid', owner, { accountId: MINE.id }, 'BAD_USER_INPUT accountId'],
    ['the owner, for no account', owner, {}, 'BAD_USER_INPUT accountId'],
    ['a service, for no account', service, {}, 'done'],
    ['an operator, for no account', operator, { accountId: null }, 'done'],
    ['a service of one account, for no account', bound, {}, 'done'],
    ['a service of two accounts, for no account', boundToTwo, {}, 'FORBIDDEN'],
    ['a service without keys:admin', scoped('credits:read'), mine, 'FORBIDDEN'],
    ['a service without keys:admin, for no account', scoped('credits:read'), {}, 'FORBIDDEN'],
    ['a service, a scope that it does not have', scoped('keys:admin'), { scopes: ['credits:reserve'] }, 'FORBIDDEN'],
    [
      'an owner with narrowed scopes, more than those',
      { ...owner, scopes: new Set(['keys:admin']) },
      { ...mine, scopes: ['credits:read'] },
      'FORBIDDEN',
    ],
    ['a test key, for a live account', onSide('sandbox'), { accountId: publicId(LIVE) }, 'NOT_FOUND'],
    ['a live key, for a sandbox account', onSide('live'), mine, 'NOT_FOUND'],
    ['no scopes', owner, { ...mine, scopes: [] }, 'BAD_USER_INPUT scopes'],
    ['an unknown scope', operator, { ...mine, scopes: ['credits:read', 'credits:grant'] }, 'BAD_USER_INPUT scopes'],
    ['a scope that is a property of objects', operator, { ...mine, scopes: ['constructor'] }, 'BAD_USER_INPUT scopes'],
    ['an empty name', owner, { ...mine, name: ' ' }, 'BAD_USER_INPUT name'],
    ['a name of 201 characters', owner, { ...mine, name: 'é'.repeat(201) }, 'BAD_USER_INPUT name'],
    ['a name of 200 characters beyond the first plane', owner, { ...mine, name: '🖼'.repeat(200) }, 'done'],
    ['a name that a database cannot keep', owner, { ...mine, name: 'a\0b' }, 'BAD_USER_INPUT name'],
  ])('%s: %#', async (_who, caller, input, outcome) => {
    const before = await dataSource.getRepository(ApiKeyEntity).count();
    expect(await outcomeOf(create(caller, input))).toBe(outcome);
    expect(await dataSource.getRepository(ApiKeyEntity).count()).toBe(before + (outcome === 'done' ? 1 : 0));
  });

  test.each<[string, Caller, string | null, Side, Caller['accounts']]>([
    ["on its account's side, sandbox", operator, publicId(MINE), 'sandbox', new Map([[MINE.id, 'owner']])],
    ["on its account's side, live", operator, publicId(LIVE), 'live', new Map([[LIVE.id, 'owner']])],
    ["without account, on its maker's side", onSide('sandbox'), null, 'sandbox', 'all'],
    ['without account, by a maker on both sides, on the default side', service, null, 'live', 'all'],
    ['made by a service of one account, on that account', bound, null, 'sandbox', new Map([[MINE.id, 'owner']])],
  ])('a key is %s', async (_what, caller, accountId, side, accounts) => {
    const created = await create(caller, { accountId });
    expect(created.secret).toMatch(side === 'sandbox' ? /^aibc_test_/ : /^aibc_live_/);
    expect(await keyCaller(created)).toMatchObject({ kind: 'service', sides: [side], accounts });
  });

  test('scopes are kept once each, and the answer shows what lists show', async () => {
    const created = await create(owner, {
      ...mine,
      name: '  CI  ',
      scopes: ['events:read', 'credits:read', 'events:read'],
    });
    expect(created.apiKey).toMatchObject({ name: 'CI', scopes: ['credits:read', 'events:read'], lastUsedAt: null });
    expect(Math.abs(created.apiKey.createdAt - Date.now())).toBeLessThan(60_000);
    expect(created.secret.endsWith(created.apiKey.last4)).toBe(true);
    expect((await listApiKeys(dataSource, owner, MINE))[0]).toEqual(created.apiKey);
  });

  test('a key makes keys within itself, and never beyond', async () => {
    const maker = await keyCaller(await create(owner, { ...mine, scopes: ['keys:admin', 'credits:read'] }));
    expect(await outcomeOf(create(maker, { ...mine }))).toBe('done');
    expect(await outcomeOf(create(maker, {}))).toBe('done');
    expect(await outcomeOf(create(maker, { ...mine, scopes: ['credits:purchase'] }))).toBe('FORBIDDEN');
    expect(await outcomeOf(create(maker, { accountId: publicId(FOREIGN) }))).toBe('NOT_FOUND');
    const child = await keyCaller(await create(maker, mine));
    expect(await outcomeOf(create(child, mine))).toBe('FORBIDDEN');
  });

  test('no key is an operator, not even one that an operator made', async () => {
    expect((await keyCaller(await create(operator, { scopes: [...SCOPES] }))).kind).toBe('service');
  });
});

describe('revoking a key', () => {
  let ofMine: string;
  let ofNobody: string;
  beforeEach(async () => {
    ofMine = (await create(owner, { accountId: publicId(MINE) })).apiKey.id;
    ofNobody = (await create(service, {})).apiKey.id;
  });

  test.each<[string, Caller | null, () => string, string]>([
    ['nobody', null, () => ofMine, 'UNAUTHENTICATED'],
    ['the owner', owner, () => ofMine, 'done'],
    ['a member', role('member'), () => ofMine, 'FORBIDDEN'],
    ['a stranger', stranger, () => ofMine, 'NOT_FOUND'],
    ['a service', service, () => ofMine, 'done'],
    ['a service without keys:admin', scoped('credits:read'), () => ofMine, 'FORBIDDEN'],
    ['an operator', operator, () => ofMine, 'done'],
    ['a live key, a key of the sandbox', onSide('live'), () => ofMine, 'NOT_FOUND'],
    ['the owner, a key without account', owner, () => ofNobody, 'NOT_FOUND'],
    ['a service of one account, a key without account', bound, () => ofNobody, 'NOT_FOUND'],
    ['a test key, a live key without account', onSide('sandbox'), () => ofNobody, 'NOT_FOUND'],
    ['a service without keys:admin, a key without account', scoped('credits:read'), () => ofNobody, 'FORBIDDEN'],
    ['a service, a key without account', service, () => ofNobody, 'done'],
    ['the owner, a key that does not exist', owner, () => formatId('key', UNKNOWN), 'NOT_FOUND'],
    ['the owner, a malformed id', owner, () => 'key_x', 'BAD_USER_INPUT id'],
    ["the owner, an account's id", owner, () => publicId(MINE), 'BAD_USER_INPUT id'],
  ])('%s: %#', async (_who, caller, id, outcome) => {
    expect(await outcomeOf(revoke(caller, id()))).toBe(outcome);
    const isRevoked = async (key: string) =>
      (await listApiKeys(dataSource, owner, MINE)).every(({ id: listed }) => listed !== key);
    if (id() === ofMine) expect(await isRevoked(ofMine)).toBe(outcome === 'done');
  });

  test('again: the same answer, and the first time stands', async () => {
    const revokedAt = async () =>
      (await dataSource.getRepository(ApiKeyEntity).find({ where: { accountId: MINE.id } })).map(
        (row) => row.revokedAt,
      );
    expect(await revoke(owner, ofMine)).toBe(ofMine);
    const first = await revokedAt();
    expect(await revoke(owner, ofMine)).toBe(ofMine);
    expect(await revokedAt()).toEqual(first);
    expect(await outcomeOf(revoke(stranger, ofMine))).toBe('NOT_FOUND');
  });

  test('a key may revoke itself, and is refused from then on', async () => {
    const created = await create(owner, { accountId: publicId(MINE), scopes: ['keys:admin'] });
    await revoke(await keyCaller(created), created.apiKey.id);
    expect(await apiKeys.verify(created.secret)).toBeNull();
  });

  test('two keys overlap while one is rotated into the other', async () => {
    const [old, next] = await Promise.all([
      create(owner, { accountId: publicId(MINE) }),
      create(owner, { accountId: publicId(MINE) }),
    ]);
    expect([await apiKeys.verify(old.secret), await apiKeys.verify(next.secret)]).not.toContain(null);
    await revoke(owner, old.apiKey.id);
    expect(await apiKeys.verify(old.secret)).toBeNull();
    expect(await apiKeys.verify(next.secret)).not.toBeNull();
  });
});

test('an account lists its own working keys, to those who administer it', async () => {
  const foreign = await create(stranger, { accountId: publicId(FOREIGN) });
  const listed = await listApiKeys(dataSource, stranger, FOREIGN);
  expect(listed).toContainEqual(foreign.apiKey);
  expect((await listApiKeys(dataSource, owner, MINE)).map(({ id }) => id)).not.toContain(foreign.apiKey.id);
  expect(await outcomeOf(listApiKeys(dataSource, owner, FOREIGN))).toBe('NOT_FOUND');
  expect(await outcomeOf(listApiKeys(dataSource, role('viewer'), MINE))).toBe('FORBIDDEN');
});
