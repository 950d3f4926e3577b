/** The order in which jest begins the files: those that take longest first, so that none is waited for alone at the end. */
import Sequencer from '@jest/test-sequencer';

/** Whatever their size: they start servers and databases. The longest first; a fresh clone remembers no durations. */
const LONGEST = [
  'server/src/postgres/embedded-postgres',
  'server/src/failover',
  'server/src/live/restore',
  'server/src/restart',
  'server/src/start',
  'server/src/deployment',
  'server/src/demo/seed-demo',
  'server/src/ledger/writer/faults',
  'server/src/api/slow-readers',
  'server/src/jobs/punctual',
  'server/src/live/history',
  'server/src/ledger/graph/read-lists',
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
