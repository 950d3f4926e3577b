import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { DataSource } from 'typeorm';
import { createDataSource } from './data-source.js';
import type { TestDatabase } from './test-database.js';
import { createTestDatabase } from './test-database.js';

let database: TestDatabase;
let link: Server;
let dataSource: DataSource;
const ends = new Set<Socket>();
const silenced = new WeakSet<Socket>();

/** From now on the links that are open swallow everything; later ones carry. */
function silence(): void {
  for (const end of ends) silenced.add(end);
}

beforeAll(async () => {
  database = await createTestDatabase();
  const { hostname, port } = new URL(database.url);
  link = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.on('data', (data) => silenced.has(from) || to.write(data));
      from.on('error', () => {});
      from.on('close', () => silenced.has(from) || to.destroy());
    }
  });
  await new Promise<void>((resolve) => link.listen(0, '127.0.0.1', resolve));
  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String((link.address() as AddressInfo).port);
  dataSource = await createDataSource({ url: url.href, poolSize: 1, answerMs: 500 }).initialize();
});

afterAll(async () => {
  await dataSource.destroy();
  for (const end of ends) end.destroy();
  await new Promise((resolve) => link.close(resolve));
  await database.drop();
});

test('a link that falls silent is given up, and the next statement goes over another', async () => {
  expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  silence();
  await expect(dataSource.query('SELECT 2')).rejects.toThrow('Query read timeout');
  // Its end is noticed a moment later.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await dataSource.query('SELECT 3 AS three')).toEqual([{ three: 3 }]);
});

test('also within a transaction', async () => {
  await expect(
    dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1');
      silence();
      await manager.query('SELECT 2');
    }),
  ).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await dataSource.query('SELECT 3 AS three')).toEqual([{ three: 3 }]);
});
