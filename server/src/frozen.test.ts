import pg from 'pg';
import type { DataSource } from 'typeorm';
import { appendEditions } from './catalog/append-editions.js';
import { catalogEntities } from './catalog/catalog-entities.js';
import { loadCatalog } from './catalog/load-catalog.js';
import { readEditions } from './catalog/read-editions.js';
import { createDataSource } from './db/data-source.js';
import { ISO_IN_UTC, ledgerTypes } from './db/ledger-types.js';
import { migrate } from './db/migrate.js';
import { migrations } from './db/migrations.js';
import { revertLastMigration } from './db/revert-migration.js';
import type { TestDatabase } from './db/test-database.js';
import { verifyLedger } from './ledger/books/verify.js';
import { startTestApp, type TestApp } from './testing/test-app.js';
import { type Exchange, listFrozen, readFrozen, restoreFrozen } from './testing/test-frozen.js';

/*
 * What older versions wrote stays readable: their databases are restored, upgraded by the migrations, and answer as they did. When one
 * of these fails, the reader of the old format is missing or changed; the frozen file is never made anew. Source: docs/upgrades.md
 */

const BYTES_MAX = 500_000;

describe.each(listFrozen())('the database that was frozen as number %d', (number) => {
  const frozen = readFrozen(number);
  let database: TestDatabase;
  let app: TestApp;
  let dataSource: DataSource;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await restoreFrozen(frozen);
    pool = new pg.Pool({ connectionString: database.url, types: ledgerTypes, options: ISO_IN_UTC, max: 2 });
    dataSource = await createDataSource({ url: database.url, entities: catalogEntities }).initialize();
  });
  afterAll(async () => {
    await app?.close();
    await dataSource.destroy();
    await pool.end();
    await database.drop();
  });

  const problems = async () => (await verifyLedger({ pool, catalog: await loadCatalog(dataSource) })).problems;
  const tokenOf = (as: string) => (as === 'key' ? Promise.resolve(frozen.apiKey) : app.token(frozen.callers[as]));
  const ask = async <Data>(document: string, as: string, variables: Exchange['variables']): Promise<Data> => {
    const answer = await app.gql<Data>(frozen.documents[document] ?? '', variables, await tokenOf(as));
    expect([document, answer.errors]).toEqual([document, undefined]);
    return answer.data as Data;
  };

  test('is small', () => expect(frozen.bytes).toBeLessThan(BYTES_MAX));

  test('is upgraded by the migrations, none of which it lacks ran before, and its books are right', async () => {
    const later = migrations.map((migration) => new migration().name ?? migration.name);
    expect(later.slice(0, frozen.migrations.length)).toEqual(frozen.migrations);
    expect(await migrate(database.url, migrations)).toEqual(later.slice(frozen.migrations.length));
    expect(await problems()).toEqual([]);
    const { rows } = await pool.query<{ count: number }>('SELECT count(*) AS count FROM ledger_account');
    expect(rows).toEqual([{ count: Object.keys(frozen.accounts).length }]);
  });

  test('goes back to where it was and up again, and every row is the same', async () => {
    const tables = [
      'journal',
      'event',
      'credit_grant',
      'reservation',
      'usage_day',
      'ledger_account',
      'price',
      'closed_period',
      'waiting_credits',
    ];
    const rows = async () =>
      Promise.all(
        tables.map(
          async (table) =>
            (await pool.query(`SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`)).rows as unknown,
        ),
      );
    const before = await rows();
    const ran = async () => (await pool.query('SELECT FROM migration')).rowCount;
    while ((await ran()) !== frozen.migrations.length)
      await revertLastMigration(database.url, migrations, { force: true });
    await migrate(database.url, migrations);
    expect(await rows()).toEqual(before);
    expect(await problems()).toEqual([]);
  });

  test('answers every repeated command and every read as it did, and nothing is written', async () => {
    app = await startTestApp({ databaseUrl: database.url });
    const sandbox = 'SELECT account_id, version, kept_digest FROM ledger_account WHERE sandbox ORDER BY 1';
    const before = await pool.query(sandbox);
    for (const { document, as, variables, data } of frozen.exchanges)
      expect([document, variables, await ask(document, as, variables)]).toEqual([document, variables, data]);
    expect((await pool.query(sandbox)).rows).toEqual(before.rows);
  });

  test('has a later edition appended: its operation is quoted, and a quote of before keeps its price', async () => {
    const [quote] = frozen.quotes;
    if (quote === undefined) throw new Error('no quote was frozen');
    const editions = await readEditions();
    const next = {
      number: editions.length + 1,
      operations: [
        {
          code: 'image.frozen',
          name: 'Frozen image',
          feature: 'PRODUCTION_ROOM',
          type: 'IMAGE',
          requires: 'PRODUCTION_ROOM',
          credits: 13,
          description: 'An image of ice.',
        },
      ],
      prices: { [quote.operation]: 77 },
    } as const;
    expect(await appendEditions(dataSource, [...editions, next], 0)).toEqual([next.number]);
    const quoted = await ask<{ quote: { total: number } }>('quote', 'service', {
      input: { accountId: quote.account, operations: [{ operation: 'image.frozen', quantity: 2 }] },
    });
    expect(quoted.quote.total).toBe(26);
    const dearer = await ask<{ quote: { total: number } }>('quote', 'service', {
      input: { accountId: quote.account, operations: [{ operation: quote.operation, quantity: 1 }] },
    });
    expect(dearer.quote.total).toBe(77);
    const held = await ask<{ reserveCredits: { reservation: { reserved: number } } }>('reserve', 'service', {
      input: { accountId: quote.account, idempotencyKey: 'thawed-1', quoteToken: quote.token },
    });
    expect(held.reserveCredits.reservation.reserved).toBe(quote.total);
    expect(await problems()).toEqual([]);
  });

  test('goes on: accounts move, live ones close what fell due meanwhile, and the books stay right', async () => {
    for (const [name, id] of Object.entries(frozen.accounts)) {
      await ask('grant', 'operator', { input: { accountId: id, idempotencyKey: 'thawed', credits: 40, reason: name } });
      await ask('spend', 'service', {
        input: { accountId: id, idempotencyKey: 'thawed', operations: [{ operation: 'regeneration.basic' }] },
      });
    }
    expect(await problems()).toEqual([]);
  });
});
