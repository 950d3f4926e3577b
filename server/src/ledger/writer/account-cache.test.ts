import { AccountCache } from './account-cache.js';
import { noRows } from '../core/owned-rows.js';
import type { AccountState, LoadedAccount } from '../core/state.js';

const NAMES = 1_000;

/** What the cache looks at of an account. */
function account(id: string, projects: number): LoadedAccount {
  return {
    head: { id, version: 1 } as AccountState,
    ...noRows(),
    allHolds: true,
    creditHolds: true,
    before: null,
    writtenDueAt: null,
    keptDigest: 0,
    projects:
      projects === 0
        ? null
        : { day: '2026-01-01', names: new Set(Array.from({ length: projects }, (_, index) => `p${index}`)) },
    closed: 'all',
    purchasesLoaded: null,
    talliesOf: null,
    commits: null,
    card: null,
  };
}

test('at most 200,000 names of projects are kept: those of the accounts written longest ago are forgotten, the accounts are not', () => {
  const cache = new AccountCache();
  for (let index = 0; index < 250; index++) cache.put(account(`a${index}`, NAMES));
  cache.put(account('none', 0));
  const kept = Array.from({ length: 250 }, (_, index) => cache.take(`a${index}`)?.projects !== null);
  expect(kept.indexOf(true)).toBe(50);
  expect(kept.slice(50)).not.toContain(false);
  expect(cache.take('none')?.head.id).toBe('none');
});

test('names that are taken out count no more', () => {
  const cache = new AccountCache();
  for (let round = 0; round < 3; round++)
    for (let index = 0; index < 150; index++) {
      const known = cache.take(`a${index}`);
      cache.put(known ?? account(`a${index}`, NAMES));
    }
  expect(Array.from({ length: 150 }, (_, index) => cache.take(`a${index}`)?.projects?.names.size)).toEqual(
    Array.from({ length: 150 }, () => NAMES),
  );
});
