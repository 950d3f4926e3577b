import type { DataSource } from 'typeorm';
import { appendPriceList } from '../../catalog/append-price-list.js';
import { catalogEntities } from '../../catalog/catalog-entities.js';
import { CatalogStore } from '../../catalog/catalog-store.js';
import { loadCatalog } from '../../catalog/load-catalog.js';
import { createDataSource } from '../../db/data-source.js';
import { createDecisionRules } from '../../decision-rules.js';
import { createTestLedger, reserve, type TestLedger } from '../../testing/test-ledger.js';
import type { Ledger } from '../core/ledger.js';

/* A process that does not look at the catalogue by itself: what it knows of later lists it has learned from a batch. */

const NEVER_MS = 3_600_000;

let books: TestLedger;
let dataSource: DataSource;
let store: CatalogStore;
let ledger: Ledger;
beforeAll(async () => {
  books = await createTestLedger();
  dataSource = await createDataSource({ url: books.url, entities: catalogEntities }).initialize();
  store = await CatalogStore.open(dataSource, { refreshMs: NEVER_MS });
  ledger = books.another({
    rules: createDecisionRules(
      () => store.current,
      (version) => store.reach(version),
    ),
  });
});
afterAll(async () => {
  store.close();
  await dataSource.destroy();
  await books.close();
});

/** Another process publishes: image.short costs so much from an instant on. */
async function publish(version: number, credits: number, effectiveAt: number, sandbox: boolean | null = null) {
  const { priceLists } = await loadCatalog(dataSource);
  const prices = new Map([...(priceLists[0]?.operations ?? [])].map(([code, { credits: cost }]) => [code, cost]));
  prices.set('image.short', credits);
  await dataSource.transaction((manager) => appendPriceList(manager, { version, effectiveAt, sandbox, prices }));
}

/** What a reserve of one image holds, and by which list. */
async function hold(accountId: string): Promise<readonly [credits: number, priceListVersion: number]> {
  const outcome = await ledger.submit(reserve(accountId, { 'image.short': 1 }));
  if (outcome.kind !== 'reservation') throw new Error(JSON.stringify(outcome));
  return [outcome.reservation.held, outcome.reservation.priceListVersion];
}

test('the next batch after a list was published is priced by it, in a process that had not read it', async () => {
  const live = await books.open('PRO', { sandbox: false });
  expect(await hold(live)).toEqual([5, 1]);
  await publish(3, 7, Date.UTC(2020, 0, 1));
  expect(store.current.priceLists).toHaveLength(2);
  expect(await hold(live)).toEqual([7, 3]);
  expect(store.current.priceLists).toHaveLength(3);
});

test('sandbox accounts are priced by the real present, wherever their clocks stand; a side has its own lists', async () => {
  const behind = await books.open('PRO', { now: Date.UTC(2001, 0, 1) });
  const ahead = await books.open('PRO', { now: Date.UTC(2195, 0, 1) });
  // List 2 is for 2190: these clocks do not lead there.
  expect([await hold(behind), await hold(ahead)]).toEqual([
    [7, 3],
    [7, 3],
  ]);
  const live = await books.open('PRO', { sandbox: false });
  await publish(4, 8, Date.UTC(2020, 0, 1), true);
  expect([await hold(behind), await hold(ahead), await hold(live)]).toEqual([
    [8, 4],
    [8, 4],
    [7, 3],
  ]);
});

test('while a newer list cannot be read nothing is priced; the batch waits and goes on with it', async () => {
  const live = await books.open('PRO', { sandbox: false });
  await publish(5, 9, Date.UTC(2020, 0, 1));
  let refused = 0;
  const real = store.reach.bind(store);
  const failing = books.another({
    rules: createDecisionRules(
      () => store.current,
      (version) => (refused++ < 2 ? Promise.reject(new Error('away')) : real(version)),
    ),
  });
  const outcome = await failing.submit(reserve(live, { 'image.short': 1 }));
  expect(outcome.kind === 'reservation' && [outcome.reservation.held, refused]).toEqual([9, 3]);
});
