import type { DataSource } from 'typeorm';

import { createDataSource } from '../db/data-source.js';
import { createTestDatabase } from '../db/test-database.js';
import type { TestDatabase } from '../db/test-database.js';
import { readServerSecret } from './server-secrets.js';

let database: TestDatabase;
let processes: DataSource[];

beforeAll(async () => {
  database = await createTestDatabase();
  processes = await Promise.all([1, 2, 3].map(() => createDataSource({ url: database.url }).initialize()));
});
afterAll(async () => {
  await Promise.all(processes.map((process) => process.destroy()));
  await database.drop();
});

test('processes that make a secret at the same time agree on one', async () => {
  const secrets = await Promise.all(
    [...processes, ...processes].map((process) => readServerSecret(process, 'api-key-pepper')),
  );
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
  expect(secrets[0]).toHaveLength(32);
});

test('a secret stays what it is, and each name has its own', async () => {
  const [first, second] = processes as [DataSource, DataSource];
  const pepper = await readServerSecret(first, 'api-key-pepper');
  const quotes = await readServerSecret(first, 'quote-signing');
  expect(quotes).not.toEqual(pepper);
  expect(await readServerSecret(second, 'quote-signing')).toEqual(quotes);
  expect(await readServerSecret(second, 'api-key-pepper')).toEqual(pepper);
});
