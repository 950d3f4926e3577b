import 'reflect-metadata';
import { formatId } from '@aibc/shared/ids';
import { graphql, printType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import type { DataSource } from 'typeorm';

import { createDataSource } from '../db/data-source.js';
import { createTestDatabase } from '../db/test-database.js';
import type { TestDatabase } from '../db/test-database.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeys } from './api-keys.js';
import { AuthResolver } from './auth.resolver.js';
import { SCOPES } from './caller.js';
import type { Caller } from './caller.js';
import type { RequestContext } from './request-context.js';

const ACCOUNT = { id: '0198c0de-0000-7000-8000-000000000001', sandbox: true };
const OWNER: Caller = {
  kind: 'user',
  id: 'ada',
  name: 'Ada',
  scopes: new Set(SCOPES),
  accounts: new Map([[ACCOUNT.id, 'owner']]),
  sides: ['sandbox', 'live'],
  keyId: null,
  expiresAt: null,
};

let database: TestDatabase;
let dataSource: DataSource;
let schema: GraphQLSchema;

const ask = (caller: Caller | null, source: string, variableValues: Record<string, unknown> = {}) => {
  const contextValue: RequestContext = { caller, requestId: 'r1' };
  return graphql({ schema, source, variableValues, contextValue });
};

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource({ url: database.url, entities: [ApiKeyEntity] }).initialize();
  const pepper = Buffer.alloc(32, 3);
  const resolver = new AuthResolver({
    dataSource,
    pepper,
    defaultSide: 'sandbox',
    findAccount: (_caller, id) => Promise.resolve(id === ACCOUNT.id ? ACCOUNT : null),
    apiKeys: new ApiKeys({ dataSource, pepper, clock: Date.now }),
  });
  schema = await buildSchema({ resolvers: [AuthResolver], container: { get: () => resolver }, validate: false });
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

test('the types are those of the contract', () => {
  const shape = (name: string) => {
    const type = schema.getType(name);
    if (type === undefined) throw new Error(`${name} is not in the schema`);
    return printType(type)
      .replace(/"""[\s\S]*?"""\s*/g, '')
      .replace(/\s+/g, ' ');
  };
  expect(shape('ApiKey')).toBe(
    'type ApiKey { id: ID! name: String! scopes: [String!]! last4: String! maker: ID createdAt: DateTime! lastUsedAt: DateTime }',
  );
  expect(shape('ApiKeyCreated')).toBe('type ApiKeyCreated { apiKey: ApiKey! secret: String! }');
  expect(shape('CreateApiKeyInput')).toBe('input CreateApiKeyInput { accountId: ID name: String! scopes: [String!]! }');
  expect(shape('ViewerKind')).toBe('enum ViewerKind { USER SERVICE OPERATOR }');
  expect(shape('Mutation')).toBe(
    'type Mutation { createApiKey(input: CreateApiKeyInput!): ApiKeyCreated! revokeApiKey(id: ID!): ID! }',
  );
});

test('viewer says who is calling', async () => {
  const result = await ask(OWNER, '{ viewer { id kind name scopes } }');
  expect(JSON.parse(JSON.stringify(result))).toEqual({
    data: { viewer: { id: 'ada', kind: 'USER', name: 'Ada', scopes: [...SCOPES].sort() } },
  });
});

test('nobody is told UNAUTHENTICATED', async () => {
  for (const source of [
    '{ viewer { id } }',
    'mutation { revokeApiKey(id: "key_x") }',
    'mutation { createApiKey(input: { name: "a", scopes: [] }) { secret } }',
  ]) {
    const result = await ask(null, source);
    expect(result.errors?.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED']);
  }
});

test('a key is made, shown once with its secret, and revoked', async () => {
  const source =
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id name scopes last4 createdAt lastUsedAt } } }';
  const input = { accountId: formatId('acct', ACCOUNT.id), name: 'CI', scopes: ['credits:read'] };
  const created = await ask(OWNER, source, { input });
  expect(created.errors).toBeUndefined();
  const { secret, apiKey } = created.data!['createApiKey'] as {
    secret: string;
    apiKey: { id: string; createdAt: string };
  };
  expect(secret).toMatch(/^aibc_test_[0-9a-z]{26}_[0-9A-Za-z]{43}$/);
  expect(apiKey).toMatchObject({ name: 'CI', scopes: ['credits:read'], last4: secret.slice(-4), lastUsedAt: null });
  expect(apiKey.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const revoked = await ask(OWNER, 'mutation ($id: ID!) { revokeApiKey(id: $id) }', { id: apiKey.id });
  expect({ ...revoked.data }).toEqual({ revokeApiKey: apiKey.id });
});

test('a foreign account is NOT_FOUND', async () => {
  const foreign = formatId('acct', '0198c0de-0000-7000-8000-000000000002');
  const result = await ask(
    OWNER,
    `mutation { createApiKey(input: { accountId: "${foreign}", name: "a", scopes: ["credits:read"] }) { secret } }`,
  );
  expect(result.errors?.map(({ extensions }) => extensions['code'])).toEqual(['NOT_FOUND']);
});
