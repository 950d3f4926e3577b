import { isDeepStrictEqual } from 'node:util';
import { readOwned } from '../ledger/past/read-owned.js';
import { readVersions } from '../ledger/past/read-versions.js';
import type { JournalGroup } from './test-history-journal.js';
import { CREDIT_TYPES } from './test-history-replay.js';
import type { TestLedger } from './test-ledger.js';
import type { Model } from './test-model.js';

/**
 * Compares what an account had at past instants with the model: at the instant of every group, a millisecond before and after it, long
 * before the account was there and long after.
 */
export async function checkPast(
  books: TestLedger,
  accountId: string,
  groups: readonly JournalGroup[],
  models: readonly Model[],
  wrong: (what: string) => void,
): Promise<void> {
  const instants = [...new Set([0, ...groups.flatMap(({ at }) => [at - 1, at, at + 1]), Date.UTC(2300, 0, 1)])];
  const versions = await readVersions(
    books.pool,
    instants.map((at) => ({ accountId, before: at + 1 })),
  );
  for (const [index, at] of instants.entries()) {
    const mine = groups.findLast((group) => group.at <= at)?.version ?? 0;
    if (versions[index] !== mine) wrong(`at ${at} its version was ${versions[index]}, in the model ${mine}`);
  }
  for (const creditType of CREDIT_TYPES) {
    const owned = await readOwned(
      books.pool,
      models.map((_, version) => ({ accountId, creditType, cut: { version: version + 1, ordinal: 0 } })),
    );
    for (const [version, model] of models.entries()) {
      const available = model.sum(creditType, 'available');
      const mine = { available, held: model.sum(creditType, 'held'), waiting: available - model.usable(creditType) };
      if (!isDeepStrictEqual(owned[version], mine))
        wrong(
          `${creditType} at ${version} was ${JSON.stringify(owned[version])}, in the model ${JSON.stringify(mine)}`,
        );
    }
  }
}
