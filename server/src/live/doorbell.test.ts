import { ServerTurns } from '../db/server-turns.js';
import { createTestDatabase, type TestDatabase } from '../db/test-database.js';
import { Doorbell } from './doorbell.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Somebody else is led to another server just after the first connection was made. */
class TurnAfterFirst extends ServerTurns {
  readonly made: object[] = [];

  override seen(client: object, facts: { readonly server: string }): void {
    super.seen(client, facts);
    this.made.push(client);
    if (this.made.length === 1) super.seen({}, { server: 'another' });
  }
}

test('another server found before the doorbell listens: it does not listen there, but over a new connection', async () => {
  const turns = new TurnAfterFirst();
  const errors: string[] = [];
  let connected = (): void => {};
  const listens = new Promise<void>((resolve) => (connected = resolve));
  const usedLeftBehind: boolean[] = [];
  const doorbell = new Doorbell({
    databaseUrl: database.url,
    historyId: () => '0198c0de-0000-7000-8000-000000000001',
    onOtherHistory: () => {},
    onRings: () => {},
    onConnected: () => {
      usedLeftBehind.push(turns.isLeftBehind(turns.made.at(-1) as object));
      connected();
    },
    onError: (error) => errors.push((error as Error).message),
    turns,
  });
  await doorbell.start();
  await listens;
  expect(usedLeftBehind).toEqual([false]);
  expect(errors).toEqual(['the database is another server by now']);
  expect(turns.made).toHaveLength(2);
  await doorbell.close();
});
