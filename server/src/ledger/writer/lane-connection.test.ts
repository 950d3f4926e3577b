import { connectionConfig } from '../../db/connect.js';
import { ServerTurns } from '../../db/server-turns.js';
import { createTestDatabase, type TestDatabase } from '../../db/test-database.js';
import { LaneConnection } from './lane-connection.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('another server found while a new connection is looked over: that connection is not used, the next one is', async () => {
  const turns = new ServerTurns();
  let looks = 0;
  const connection = new LaneConnection({
    connection: connectionConfig(database.url, 'lane'),
    turns,
    history: {
      look: async (on) => {
        await on.query('SELECT 1');
        // Somebody else connects meanwhile, and is led elsewhere.
        if (++looks === 1) turns.seen({}, { server: 'another' });
      },
      wentBack: async () => {},
    },
  });
  await connection.get();
  await connection.drop();
  await expect(connection.get()).rejects.toThrow('another server');
  expect(connection.isOpen).toBe(false);
  const client = await connection.get();
  expect(turns.isLeftBehind(client)).toBe(false);
  expect(await connection.get()).toBe(client);
  expect(looks).toBe(2);
  await connection.close();
});

test('another server found while a connection rests: the next batch has a new one', async () => {
  const turns = new ServerTurns();
  const connection = new LaneConnection({ connection: connectionConfig(database.url, 'lane'), turns });
  const before = await connection.get();
  turns.seen({}, { server: 'another' });
  const after = await connection.get();
  expect(after).not.toBe(before);
  expect(turns.isLeftBehind(after)).toBe(false);
  await connection.close();
});
