import type { DataSource } from 'typeorm';
import { createDataSource } from '../db/data-source.js';
import type { TestDatabase } from '../db/test-database.js';
import { createTestDatabase } from '../db/test-database.js';
import { appendPriceList } from './append-price-list.js';
import { catalogEntities } from './catalog-entities.js';
import { CatalogStore } from './catalog-store.js';
import type { Catalog } from './catalog.js';
import { priceListAt } from './catalog.js';
import { loadCatalog } from './load-catalog.js';
import { seedCatalog } from './seed-catalog.js';
import { until } from '../testing/test-until.js';

let database: TestDatabase;
let dataSource: DataSource;

beforeEach(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource({ url: database.url, entities: catalogEntities }).initialize();
  await seedCatalog(dataSource);
});

afterEach(async () => {
  if (dataSource.isInitialized) await dataSource.destroy();
  await database.drop();
});

describe('the seed', () => {
  let catalog: Catalog;
  beforeEach(async () => {
    catalog = await loadCatalog(dataSource);
  });

  test('has three plans', () => {
    const rows = [...catalog.plans.values()].map((plan) => [
      plan.code,
      plan.monthlyCredits,
      plan.productionRoom,
      plan.deepScans,
      plan.canPurchase,
      plan.rolloverCap,
      plan.price?.amountMinor,
      plan.price?.currency,
    ]);
    expect(rows).toEqual([
      ['FREE', 0, false, false, false, 0, 0, 'USD'],
      ['PRO', 100, true, true, true, 0, 2_900, 'USD'],
      ['ENTERPRISE', 500, true, true, true, 0, 12_900, 'USD'],
    ]);
  });

  test('has one price list, in force since 2000', () => {
    expect(catalog.priceLists).toHaveLength(1);
    const list = priceListAt(catalog, Date.UTC(2000, 0, 1), false);
    expect([list.version, list.effectiveAt]).toEqual([1, Date.UTC(2000, 0, 1)]);
    const rows = [...list.operations.values()].map((operation) => [
      operation.code,
      operation.feature,
      operation.type,
      operation.size,
      operation.credits,
      operation.creditType,
      operation.requires,
      operation.courtesyPerDay,
    ]);
    expect(rows).toEqual([
      ['image.short', 'PRODUCTION_ROOM', 'IMAGE', 'SHORT', 5, 'STANDARD', 'PRODUCTION_ROOM', 0],
      ['image.mid', 'PRODUCTION_ROOM', 'IMAGE', 'MID', 10, 'STANDARD', 'PRODUCTION_ROOM', 0],
      ['image.long', 'PRODUCTION_ROOM', 'IMAGE', 'LONG', 20, 'STANDARD', 'PRODUCTION_ROOM', 0],
      ['audio.short', 'PRODUCTION_ROOM', 'AUDIO', 'SHORT', 15, 'STANDARD', 'PRODUCTION_ROOM', 0],
      ['audio.mid', 'PRODUCTION_ROOM', 'AUDIO', 'MID', 30, 'STANDARD', 'PRODUCTION_ROOM', 0],
      ['audio.long', 'PRODUCTION_ROOM', 'AUDIO', 'LONG', 50, 'STANDARD', 'PRODUCTION_ROOM', 0],
      ['video.short', 'PRODUCTION_ROOM', 'VIDEO', 'SHORT', 25, 'STANDARD', 'PRODUCTION_ROOM', 0],
      ['video.mid', 'PRODUCTION_ROOM', 'VIDEO', 'MID', 50, 'STANDARD', 'PRODUCTION_ROOM', 0],
      ['video.long', 'PRODUCTION_ROOM', 'VIDEO', 'LONG', 100, 'STANDARD', 'PRODUCTION_ROOM', 0],
      ['regeneration.basic', 'CONTENT', 'REGENERATION', null, 1, 'STANDARD', null, 3],
      ['regeneration.advanced', 'CONTENT', 'REGENERATION', null, 2, 'STANDARD', null, 0],
      ['content.generate', 'CONTENT', 'TEXT', null, 0, 'STANDARD', null, 0],
      ['deep_scan', 'BRAND_SCAN', 'DEEP_SCAN', null, 1, 'SCAN', 'DEEP_SCANS', 0],
      ['standard_scan', 'BRAND_SCAN', 'SCAN', null, 0, 'STANDARD', null, 0],
      ['media.upload', 'MEDIA_LIBRARY', 'UPLOAD', null, 0, 'STANDARD', null, 0],
    ]);
  });

  test('has five packs', () => {
    const rows = catalog.packs.map((pack) => [
      pack.id,
      pack.creditType,
      pack.credits,
      pack.bonusCredits,
      pack.price.amountMinor,
      pack.price.currency,
      pack.expiresAfterMonths,
      pack.refundWindowDays,
    ]);
    expect(rows).toEqual([
      ['pack.50', 'STANDARD', 50, 0, 900, 'USD', 12, 14],
      ['pack.200', 'STANDARD', 200, 20, 3_200, 'USD', 12, 14],
      ['pack.1000', 'STANDARD', 1_000, 150, 14_000, 'USD', null, 14],
      ['scan.5', 'SCAN', 5, 0, 3_500, 'USD', 12, 14],
      ['scan.20', 'SCAN', 20, 2, 12_000, 'USD', 12, 14],
    ]);
  });

  test('again, from several processes at once, leaves what was changed meanwhile', async () => {
    await dataSource.query("UPDATE plan SET monthly_credits = 120 WHERE code = 'PRO'");
    await Promise.all([seedCatalog(dataSource), seedCatalog(dataSource), seedCatalog(dataSource)]);
    const again = await loadCatalog(dataSource);
    expect(again.plans.get('PRO')?.monthlyCredits).toBe(120);
    expect(again.priceLists).toEqual(catalog.priceLists);
    expect(again.packs).toEqual(catalog.packs);
  });
});

describe('price lists are append-only', () => {
  test.each([
    'UPDATE price SET credits = 0',
    'DELETE FROM price',
    'TRUNCATE price',
    'TRUNCATE price_list CASCADE',
    'UPDATE price_list SET effective_at = now()',
    'DELETE FROM price_list',
    "INSERT INTO price (price_list_version, operation_code, credits) VALUES (1, 'image.short', 1)",
  ])('%s is refused', async (statement) => {
    await expect(dataSource.query(statement)).rejects.toThrow(/append-only|is complete/);
  });

  test('a new version comes whole, and only once', async () => {
    const list = { version: 2, effectiveAt: Date.UTC(2030, 0, 1), prices: new Map([['image.short', 6]]) };
    const append = (): Promise<boolean> => dataSource.transaction((manager) => appendPriceList(manager, list));
    expect((await Promise.all([append(), append(), append()])).filter(Boolean)).toHaveLength(1);
    const catalog = await loadCatalog(dataSource);
    expect(priceListAt(catalog, Date.UTC(2030, 0, 1) - 1, false).operations.get('image.short')?.credits).toBe(5);
    expect(priceListAt(catalog, Date.UTC(2030, 0, 1), false).operations.get('image.short')?.credits).toBe(6);
    expect(priceListAt(catalog, Date.UTC(2030, 0, 1), false).operations.get('image.mid')).toBeUndefined();
  });

  test('an unknown operation or a price out of range leaves no list behind', async () => {
    for (const price of [
      ['nope', 1],
      ['image.short', -1],
      ['image.short', 9_000_000_001],
    ] as const) {
      const list = { version: 2, effectiveAt: 0, prices: new Map([price]) };
      await expect(dataSource.transaction((manager) => appendPriceList(manager, list))).rejects.toThrow();
    }
    expect((await loadCatalog(dataSource)).priceLists).toHaveLength(1);
  });
});

describe('the store', () => {
  test('keeps the same object until something changes, then sees it without being asked', async () => {
    const store = await CatalogStore.open(dataSource, { refreshMs: 10 });
    const first = store.current;
    expect(await store.refresh()).toBe(first);
    await dataSource.query("UPDATE credit_pack SET price_minor = 1000 WHERE id = 'pack.50'");
    await until(() => store.current !== first);
    expect(store.current.packs[0]?.price.amountMinor).toBe(1_000);
    expect(first.packs[0]?.price.amountMinor).toBe(900);
    store.close();
  });

  test('keeps its last snapshot when the database is away, says so, and recovers', async () => {
    const errors: unknown[] = [];
    const store = await CatalogStore.open(dataSource, { refreshMs: 10, onError: (error) => errors.push(error) });
    await dataSource.query('ALTER TABLE plan RENAME TO hidden');
    await until(() => errors.length >= 2);
    expect(store.current.plans.size).toBe(3);
    await dataSource.query('ALTER TABLE hidden RENAME TO plan');
    await dataSource.query("UPDATE plan SET rollover_cap = 7 WHERE code = 'PRO'");
    await until(() => store.current.plans.get('PRO')?.rolloverCap === 7);
    store.close();
  });
});
