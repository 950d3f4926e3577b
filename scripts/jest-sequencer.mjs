/** The order in which jest begins the files: those that take longest first, so that none is waited for alone at the end. */
import Sequencer from '@jest/test-sequencer';

/** Whatever their size: they start servers and databases. The longest first; a fresh clone remembers no durations. */
const LONGEST = [
  'server/src/demo/seed-demo',
  'server/src/ledger/graph/lists',
  'server/src/ledger/budgets',
  'server/src/db/migrate',
  'server/src/prices/publish-price-list',
  'server/src/live/live',
  'server/src/app',
  'server/src/ledger/books/verify',
  'server/src/live/history',
];

const rankOf = ({ path }) => {
  const rank = LONGEST.findIndex((name) => path.replaceAll('\\', '/').endsWith(`${name}.test.ts`));
  return rank === -1 ? LONGEST.length : rank;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
