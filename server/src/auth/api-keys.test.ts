import { formatId, parseId } from '@aibc/shared/ids';
import type { DataSource } from 'typeorm';

import { createDataSource } from '../db/data-source.js';
import { createTestDatabase } from '../db/test-database.js';
import type { TestDatabase } from '../db/test-database.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { makeKeySecret } from './api-key-secret.js';
import { ApiKeys } from './api-keys.js';
import { SCOPES } from './caller.js';
import type { Caller } from './caller.js';
import { createApiKey } from './create-api-key.js';
import type { CreateApiKeyDeps } from './create-api-key.js';
import { revokeApiKey } from './revoke-api-key.js';
import { until } from '../testing/test-until.js';

const ACCOUNT = { id: '0198c0de-0000-7000-8000-000000000001', sandbox: true };
const PEPPER = Buffer.alloc(32, 3);
const OPERATOR: Caller = {
  kind: 'operator',
  id: 'grace',
  name: 'Grace',
  scopes: new Set(SCOPES),
  accounts: 'all',
  sides: ['sandbox', 'live'],
  keyId: null,
  expiresAt: null,
};

let database: TestDatabase;
let dataSource: DataSource;
let deps: CreateApiKeyDeps;
let now: number;
const opened: ApiKeys[] = [];

function aProcess(pollEveryMs = 20): ApiKeys {
  const apiKeys = new ApiKeys({ dataSource, pepper: PEPPER, clock: () => now, pollEveryMs });
  opened.push(apiKeys);
  return apiKeys;
}

const make = () =>
  createApiKey(deps, OPERATOR, { accountId: formatId('acct', ACCOUNT.id), name: 'CI', scopes: ['credits:read'] });
const uuidOf = (publicId: string) => parseId('key', publicId) as string;
const rowOf = (publicId: string) => dataSource.getRepository(ApiKeyEntity).findOneByOrFail({ keyId: uuidOf(publicId) });

async function countQueries<T>(work: () => Promise<T>): Promise<number> {
  const query =
    "SELECT calls FROM (SELECT sum(idx_scan + seq_scan)::int AS calls FROM pg_stat_user_tables WHERE relname = 'api_key') s";
  const calls = async () => {
    await dataSource.query('SELECT pg_stat_force_next_flush()');
    const rows = await dataSource.query<{ calls: number }[]>(query);
    return rows[0]?.calls ?? 0;
  };
  const before = await calls();
  await work();
  return (await calls()) - before;
}

beforeAll(async () => {
  database = await createTestDatabase();
  // One connection, so that the counters of the only backend are those that are read.
  dataSource = await createDataSource({ url: database.url, entities: [ApiKeyEntity], poolSize: 1 }).initialize();
  deps = {
    dataSource,
    pepper: PEPPER,
    defaultSide: 'sandbox',
    findAccount: (_caller, id) => Promise.resolve(id === ACCOUNT.id ? ACCOUNT : null),
  };
});
beforeEach(() => {
  now = Date.now();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((apiKeys) => apiKeys.stop()));
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

test('a key speaks as a service with its scopes on its account', async () => {
  const { apiKey, secret } = await make();
  expect(await aProcess().verify(secret)).toEqual({
    kind: 'service',
    id: apiKey.id,
    name: 'CI',
    scopes: new Set(['credits:read']),
    accounts: new Map([[ACCOUNT.id, 'owner']]),
    sides: ['sandbox'],
    keyId: uuidOf(apiKey.id),
    expiresAt: null,
  });
});

test('only a keyed hash is stored: the secret is nowhere in the row', async () => {
  const { apiKey, secret } = await make();
  const row = await rowOf(apiKey.id);
  const tail = secret.slice(-43);
  expect(JSON.stringify(row)).not.toContain(tail);
  expect(row.secretHash.includes(Buffer.from(tail))).toBe(false);
  expect(secret.endsWith(row.last4)).toBe(true);
  const other = new ApiKeys({ dataSource, pepper: Buffer.alloc(32, 4), clock: () => now });
  expect(await other.verify(secret)).toBeNull();
});

test.each<[string, (secret: string) => string]>([
  ['one character changed', (secret) => secret.slice(0, -1) + (secret.endsWith('a') ? 'b' : 'a')],
  ['one character missing', (secret) => secret.slice(0, -1)],
  ['one character more', (secret) => `${secret}a`],
  ['the other side', (secret) => secret.replace('aibc_test_', 'aibc_live_')],
  ['another id', () => makeKeySecret('0198c0de-0000-7000-8000-00000000ffff', 'sandbox')],
  ['its own id with another secret', (secret) => secret.slice(0, -43) + 'a'.repeat(43)],
  ['an id that is none', (secret) => secret.replace(/_[0-9a-z]{26}_/, `_${'u'.repeat(26)}_`)],
  ['an id beyond 128 bits', (secret) => secret.replace(/_[0-9a-z]{26}_/, `_${'z'.repeat(26)}_`)],
  ['upper case', (secret) => secret.toUpperCase()],
  ['nothing but the prefix', () => 'aibc_test_'],
])('a key with %s is refused', async (_what, change) => {
  const { secret } = await make();
  expect(await aProcess().verify(change(secret))).toBeNull();
});

test('a row moved to the other side no longer fits its key', async () => {
  const { apiKey, secret } = await make();
  await dataSource.query("UPDATE api_key SET side = 'live' WHERE key_id = $1", [uuidOf(apiKey.id)]);
  expect(await aProcess().verify(secret)).toBeNull();
});

test('a key in use asks the database once in 5 s', async () => {
  const { secret } = await make();
  const apiKeys = aProcess();
  const inUse = async () => {
    for (let index = 0; index < 50; index++) await apiKeys.verify(secret);
    await Promise.all(Array.from({ length: 50 }, () => apiKeys.verify(secret)));
  };
  expect(await countQueries(inUse)).toBe(1);
  expect(await countQueries(inUse)).toBe(0);
  now += 5000;
  expect(await countQueries(inUse)).toBe(1);
});

test('a revoked key is refused at once here, and its listeners hear of it', async () => {
  const { apiKey, secret } = await make();
  const apiKeys = aProcess();
  const heard: string[] = [];
  const stopListening = apiKeys.onRevoked((keyId) => heard.push(keyId));
  expect(await apiKeys.verify(secret)).not.toBeNull();
  await revokeApiKey({ dataSource, announceRevoked: (keyId) => apiKeys.announceRevoked(keyId) }, OPERATOR, apiKey.id);
  expect(await apiKeys.verify(secret)).toBeNull();
  expect(heard).toEqual([uuidOf(apiKey.id)]);
  stopListening();
  apiKeys.announceRevoked(uuidOf(apiKey.id));
  expect(heard).toHaveLength(1);
});

test('a revocation made elsewhere is noticed, told once, and refused from then on', async () => {
  const { apiKey, secret } = await make();
  const here = aProcess();
  const elsewhere = aProcess();
  const heard: string[] = [];
  here.onRevoked((keyId) => heard.push(keyId));
  here.start();
  expect(await here.verify(secret)).not.toBeNull();
  await revokeApiKey({ dataSource, announceRevoked: (keyId) => elsewhere.announceRevoked(keyId) }, OPERATOR, apiKey.id);
  await until(() => heard.includes(uuidOf(apiKey.id)));
  expect(await here.verify(secret)).toBeNull();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(heard.filter((keyId) => keyId === uuidOf(apiKey.id))).toHaveLength(1);
});

test('without polling, a revocation made elsewhere holds after 5 s', async () => {
  const { apiKey, secret } = await make();
  const here = aProcess();
  expect(await here.verify(secret)).not.toBeNull();
  await revokeApiKey({ dataSource, announceRevoked: () => {} }, OPERATOR, apiKey.id);
  now += 5000;
  expect(await here.verify(secret)).toBeNull();
});

test('a key that is revoked while its row is on the way is refused', async () => {
  const { apiKey, secret } = await make();
  const apiKeys = aProcess();
  const verifying = apiKeys.verify(secret);
  apiKeys.announceRevoked(uuidOf(apiKey.id));
  expect(await verifying).toBeNull();
});

test('a key whose maker is demoted while its row is on the way speaks with what is left, to all that wait for the row', async () => {
  const ada: Caller = { ...OPERATOR, kind: 'user', id: 'ada', accounts: new Map([[ACCOUNT.id, 'owner']]) };
  const input = { accountId: formatId('acct', ACCOUNT.id), name: 'CI', scopes: ['credits:read'] };
  const { apiKey, secret } = await createApiKey(deps, ada, input);
  const apiKeys = aProcess();
  // One connection: the row is read, then changed.
  const verifying = [apiKeys.verify(secret), apiKeys.verify(secret)];
  const demoting = dataSource.query("UPDATE api_key SET maker_role = 'viewer' WHERE key_id = $1", [uuidOf(apiKey.id)]);
  apiKeys.announceChanged(uuidOf(apiKey.id));
  await demoting;
  for (const caller of await Promise.all([...verifying, apiKeys.verify(secret)]))
    expect(caller?.accounts).toEqual(new Map([[ACCOUNT.id, 'viewer']]));
});

test('use is written down about once a minute, off the hot path', async () => {
  const { apiKey, secret } = await make();
  const apiKeys = aProcess();
  expect((await rowOf(apiKey.id)).lastUsedAt).toBeNull();
  await apiKeys.verify(secret);
  expect((await rowOf(apiKey.id)).lastUsedAt).toBeNull();
  await apiKeys.stop();
  const first = (await rowOf(apiKey.id)).lastUsedAt?.getTime();
  expect(first).toBe(now);
  now += 59_000;
  await apiKeys.verify(secret);
  await apiKeys.stop();
  expect((await rowOf(apiKey.id)).lastUsedAt?.getTime()).toBe(first);
  now += 1_000;
  await apiKeys.verify(secret);
  await apiKeys.stop();
  expect((await rowOf(apiKey.id)).lastUsedAt?.getTime()).toBe(now);
});

test('a refused attempt is no use', async () => {
  const { apiKey, secret } = await make();
  const apiKeys = aProcess();
  await apiKeys.verify(`${secret.slice(0, -43)}${'a'.repeat(43)}`);
  await apiKeys.stop();
  expect((await rowOf(apiKey.id)).lastUsedAt).toBeNull();
});

test('without its database a key that is not remembered is UNAVAILABLE, and works again afterwards', async () => {
  const { secret } = await make();
  const gone = createDataSource({ url: 'postgres://nobody:nothing@127.0.0.1:1/none', entities: [ApiKeyEntity] });
  const away = new ApiKeys({ dataSource: gone, pepper: PEPPER, clock: () => now });
  await expect(away.verify(secret)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await aProcess().verify(secret)).not.toBeNull();
});
