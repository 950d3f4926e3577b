import type { DataSource } from 'typeorm';
import { createDataSource } from '../db/data-source.js';
import { createTestDatabase, type TestDatabase } from '../db/test-database.js';
import { appendEditions, EDITION_LEAD_MS } from './append-editions.js';
import { appendPriceList } from './append-price-list.js';
import { catalogEntities } from './catalog-entities.js';
import { type Catalog, cheapestCost, catalogAt, priceListAt } from './catalog.js';
import type { Edition } from './edition.js';
import { loadCatalog } from './load-catalog.js';
import { readEditions } from './read-editions.js';
import { firstCatalog } from '../testing/test-catalog.js';

const [FIRST] = (await readEditions()) as readonly [Edition];

const SECOND: Edition = {
  number: 2,
  operations: [
    {
      code: 'image.huge',
      name: 'Huge image',
      feature: 'PRODUCTION_ROOM',
      type: 'IMAGE',
      requires: 'PRODUCTION_ROOM',
      credits: 40,
      description: 'An image for a wall.',
      after: 'image.long',
    },
  ],
  prices: { 'image.short': 4, 'audio.long': null },
  plans: [
    {
      code: 'PRO',
      name: 'Pro',
      monthlyCredits: 150,
      productionRoom: true,
      deepScans: true,
      canPurchase: true,
      rolloverCap: 0,
      price: { amountMinor: 3_900, currency: 'USD' },
      rank: 1,
    },
  ],
  packs: [
    {
      id: 'pack.500',
      name: '500 credits',
      creditType: 'STANDARD',
      credits: 500,
      bonusCredits: 60,
      price: { amountMinor: 7_500, currency: 'USD' },
      expiresAfterMonths: 12,
      refundWindowDays: 14,
    },
  ],
};
const THIRD: Edition = { number: 3, prices: { 'image.short': 3 } };

let database: TestDatabase;
let dataSource: DataSource;
beforeEach(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource({ url: database.url, entities: catalogEntities }).initialize();
});
afterEach(async () => {
  await dataSource.destroy();
  await database.drop();
});

const append = (...editions: Edition[]) => appendEditions(dataSource, editions);
const rows = (table: string) => dataSource.query<unknown[]>(`SELECT t::text FROM ${table} t ORDER BY t::text`);
const TABLES = ['plan', 'operation', 'price_list', 'price', 'credit_pack', 'catalog_edition'];
const allRows = async () => Promise.all(TABLES.map(rows));

async function databaseNow(): Promise<number> {
  const [row] = await dataSource.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
  return row?.now.getTime() ?? 0;
}

test('the catalogue that tests of pure rules use is what a database with the first edition holds', async () => {
  await append(FIRST);
  const first = firstCatalog();
  expect(await loadCatalog(dataSource)).toEqual(first);
  expect([...first.plans.keys()]).toEqual(['FREE', 'PRO', 'ENTERPRISE']);
});

const creditsOf = (catalog: Catalog, at: number, code: string, sandbox = false) =>
  priceListAt(catalog, at, sandbox).operations.get(code)?.credits;

test('a new database has every edition from the first instant on, the newest in force', async () => {
  expect(await append(FIRST, SECOND, THIRD)).toEqual([1, 2, 3]);
  const catalog = await loadCatalog(dataSource);
  const y2000 = Date.UTC(2000, 0, 1);
  expect(catalog.priceLists.map(({ version, effectiveAt }) => [version, effectiveAt])).toEqual([
    [1, y2000],
    [2, y2000],
    [3, y2000],
  ]);
  expect(creditsOf(catalog, y2000, 'image.short')).toBe(3);
  expect(creditsOf(catalog, y2000, 'image.huge')).toBe(40);
  expect(catalogAt(catalog, y2000).plans.get('PRO')?.monthlyCredits).toBe(150);
});

test('a database in use gets a newer edition a minute ahead, the same for all; what is there stays as it is', async () => {
  await append(FIRST);
  const before = await allRows();
  const startedAt = await databaseNow();
  expect(await append(FIRST, SECOND)).toEqual([2]);
  const endedAt = await databaseNow();
  const after = await allRows();
  for (const [index, table] of TABLES.entries())
    expect([table, after[index]]).toEqual([table, expect.arrayContaining(before[index] as unknown[])]);

  const catalog = await loadCatalog(dataSource);
  const [, second] = catalog.priceLists;
  const at = second?.effectiveAt ?? 0;
  expect(at).toBeGreaterThanOrEqual(startedAt + EDITION_LEAD_MS);
  expect(at).toBeLessThanOrEqual(endedAt + EDITION_LEAD_MS);
  const codes = [...(second?.operations.keys() ?? [])];
  expect(codes.slice(codes.indexOf('image.long'), codes.indexOf('image.long') + 3)).toEqual([
    'image.long',
    'image.huge',
    'audio.short',
  ]);
  for (const [code, then, now] of [
    ['image.huge', undefined, 40],
    ['image.short', 5, 4],
    ['image.mid', 10, 10],
    ['audio.long', 50, undefined],
  ] as const)
    expect([code, creditsOf(catalog, at - 1, code), creditsOf(catalog, at, code)]).toEqual([code, then, now]);
  expect(catalogAt(catalog, at - 1)).toBe(catalog);
  expect(catalog.plans.get('PRO')?.monthlyCredits).toBe(100);
  expect(catalogAt(catalog, at).plans.get('PRO')?.monthlyCredits).toBe(150);
  expect([...catalogAt(catalog, at).plans.keys()]).toEqual(['FREE', 'PRO', 'ENTERPRISE']);
  expect(catalog.packs.map(({ id }) => id)).not.toContain('pack.500');
  expect(catalogAt(catalog, at).packs.map(({ id }) => id)).toEqual([
    'pack.50',
    'pack.200',
    'pack.500',
    'pack.1000',
    'scan.5',
    'scan.20',
  ]);
});

test('processes of several versions that start at once append each edition once', async () => {
  await append(FIRST);
  const appended = await Promise.all([
    append(FIRST, SECOND, THIRD),
    append(FIRST, SECOND),
    append(FIRST),
    append(FIRST, SECOND, THIRD),
  ]);
  expect(appended.flat().sort((a, b) => a - b)).toEqual([2, 3]);
  const { priceLists } = await loadCatalog(dataSource);
  expect(priceLists.map(({ version }) => version)).toEqual([1, 2, 3]);
});

test('an older version of the program appends nothing to a newer database and reads it', async () => {
  await append(FIRST, SECOND);
  const before = await allRows();
  expect(await append(FIRST)).toEqual([]);
  expect(await allRows()).toEqual(before);
});

test('what an older version cannot read it does not sell; it still counts as the cheapest', async () => {
  await append(FIRST);
  // As a newer version's migration does for a type of its own.
  await dataSource.query('ALTER TABLE operation DROP CONSTRAINT operation_type_check');
  const hologram = {
    code: 'video.tiny',
    name: 'Tiny video',
    feature: 'PRODUCTION_ROOM',
    type: 'HOLOGRAM',
    credits: 2,
  };
  await dataSource.transaction(async (manager) => {
    await manager.query(
      `INSERT INTO operation (code, name, feature, type, credit_type, description, rank, edition)
       VALUES ($1, $2, $3, $4, 'SCAN', '', 99, 2)`,
      [hologram.code, hologram.name, hologram.feature, hologram.type],
    );
    const prices = new Map([
      ['deep_scan', 3],
      [hologram.code, 2],
    ]);
    await appendPriceList(manager, { version: 2, effectiveAt: Date.UTC(2020, 0, 1), prices });
  });
  const list = priceListAt(await loadCatalog(dataSource), Date.UTC(2021, 0, 1), false);
  expect([...list.operations.keys()]).toEqual(['deep_scan']);
  expect(list.unreadable.get(hologram.code)).toEqual({ creditType: 'SCAN', credits: 2 });
  expect(cheapestCost(list, 'SCAN')).toBe(2);
});

test('prices that were set in the database stay, on the side they were set for', async () => {
  await append(FIRST);
  const { priceLists } = await loadCatalog(dataSource);
  const prices = new Map([...(priceLists[0]?.operations ?? [])].map(([code, { credits }]) => [code, credits]));
  await dataSource.transaction((manager) =>
    appendPriceList(manager, {
      version: 2,
      effectiveAt: Date.UTC(2020, 0, 1),
      sandbox: true,
      prices: prices.set('image.mid', 11),
    }),
  );
  await append(FIRST, SECOND);
  const catalog = await loadCatalog(dataSource);
  const at = catalog.priceLists.at(-1)?.effectiveAt ?? 0;
  expect(catalog.priceLists.map(({ version, sandbox }) => [version, sandbox])).toEqual([
    [1, null],
    [2, true],
    [3, false],
    [4, true],
  ]);
  expect([creditsOf(catalog, at, 'image.mid'), creditsOf(catalog, at, 'image.mid', true)]).toEqual([10, 11]);
  expect([creditsOf(catalog, at, 'image.huge'), creditsOf(catalog, at, 'image.huge', true)]).toEqual([40, 40]);
});

test('an edition that cannot be written leaves nothing behind', async () => {
  await append(FIRST);
  const before = await allRows();
  const broken: Edition = { number: 2, prices: { 'image.short': 4, 'no.such': 1 } };
  await expect(append(FIRST, broken)).rejects.toThrow();
  expect(await allRows()).toEqual(before);
});
