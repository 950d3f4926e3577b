import type { DataSource } from 'typeorm';
import { formatId } from '@aibc/shared/ids';
import { createDataSource } from '../db/data-source.js';
import { createTestDatabase, type TestDatabase } from '../db/test-database.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { SCOPES, type Caller, type Role } from './caller.js';
import { createApiKey } from './create-api-key.js';
import { KeyMakers } from './key-makers.js';

const ACCOUNT = { id: '0198c0de-0000-7000-8000-000000000001', sandbox: true };
const NOW = Date.now();

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource({ url: database.url, entities: [ApiKeyEntity], poolSize: 2 }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const user = (id: string, role: Role | null, issuedAt: number): Caller => ({
  kind: 'user',
  id,
  name: id,
  scopes: new Set(SCOPES),
  accounts: new Map(role === null ? [] : [[ACCOUNT.id, role]]),
  sides: ['sandbox', 'live'],
  keyId: null,
  expiresAt: null,
  issuedAt,
});

async function makeKey(maker: string): Promise<void> {
  const deps = { dataSource, pepper: Buffer.alloc(32, 3), defaultSide: 'sandbox', findAccount: () => ACCOUNT } as const;
  const input = { accountId: formatId('acct', ACCOUNT.id), name: 'CI', scopes: ['credits:read'] };
  await createApiKey(deps, user(maker, 'owner', NOW - 1000), input);
}

const rowOf = (maker: string) => dataSource.getRepository(ApiKeyEntity).findOneByOrFail({ maker });

function keyMakers() {
  const errors: string[] = [];
  const makers = new KeyMakers({
    dataSource,
    apiKeys: { announceRevoked: () => {}, announceChanged: () => {} },
    onError: (error) => errors.push((error as Error).message),
    retryAfterMs: 20,
  });
  return { makers, errors };
}

test('what the database refuses of one token is reported and dropped, and the others count', async () => {
  await Promise.all([makeKey('ada'), makeKey('bob')]);
  const { makers, errors } = keyMakers();
  // The first is on its way alone; those that come meanwhile go together.
  makers.see(user('eve', null, NOW));
  makers.see(user('ada', 'viewer', NOW));
  makers.see(user('no\0body', 'viewer', NOW));
  makers.see(user('bob', null, NOW));
  await makers.close();
  expect(errors).toEqual([expect.stringContaining('invalid byte sequence')]);
  expect(await rowOf('ada')).toMatchObject({ makerRole: 'viewer', makerSeenAt: new Date(NOW), revokedAt: null });
  expect(await rowOf('bob')).toMatchObject({ makerSeenAt: new Date(NOW), revokedAt: expect.any(Date) as Date });
});

test('what is heard while the database cannot write is stored once it can, without another token', async () => {
  await makeKey('cem');
  await dataSource.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON api_key FOR EACH ROW EXECUTE FUNCTION refuse()`);
  const { makers, errors } = keyMakers();
  makers.see(user('cem', 'viewer', NOW));
  while (errors.length === 0) await new Promise(setImmediate);
  await dataSource.query('DROP TRIGGER refuse ON api_key');
  while ((await rowOf('cem')).makerRole !== 'viewer') await new Promise(setImmediate);
  await makers.close();
  expect(new Set(errors)).toEqual(new Set(['No space left on device']));
});

test('an older token that was heard before a newer one was stored ends nothing', async () => {
  await makeKey('dan');
  const { makers } = keyMakers();
  makers.see(user('dan', 'owner', NOW));
  await makers.close();
  makers.see(user('dan', null, NOW - 500));
  await makers.close();
  expect(await rowOf('dan')).toMatchObject({ makerSeenAt: new Date(NOW), revokedAt: null });
});
