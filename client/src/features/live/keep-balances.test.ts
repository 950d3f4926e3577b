import { NewestWinsCache } from '../../apollo/cache.js';
import { createFreshnessStore } from '../../apollo/freshness.js';
import { watchForBack } from '../../apollo/went-back.js';
import { BalanceFieldsFragmentDoc } from '../../gql/operations.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { keepBalances } from './keep-balances.js';

function balance(version: number): BalanceFieldsFragment {
  return {
    __typename: 'Balance',
    id: 'bal_1',
    accountId: 'acct_1',
    creditType: 'STANDARD',
    available: 1_000 - version,
    held: 0,
    used: version,
    allowance: 1_000,
    allowanceLeft: 1_000 - version,
    purchased: 0,
    promotional: 0,
    waiting: 0,
    usedPercent: version / 10,
    level: 'OK',
    nextResetAt: '2026-12-01T00:00:00.000Z',
    version,
    history: 'hist_1',
    asOf: '2026-11-22T00:00:00.000Z',
  };
}

function stage() {
  const freshness = createFreshnessStore(0, false);
  const cache = new NewestWinsCache();
  const turns: (() => void)[] = [];
  const back = watchForBack(freshness, () => undefined);
  const told = keepBalances({ client: { cache }, freshness, back, schedule: (run) => turns.push(run) });
  const shownVersion = (): number | undefined =>
    cache.readFragment<BalanceFieldsFragment>({
      fragment: BalanceFieldsFragmentDoc,
      fragmentName: 'BalanceFields',
      id: 'Balance:bal_1',
    })?.version;
  return { freshness, told, turn: () => turns.shift()?.(), shownVersion };
}

test('a balance is shown at the next turn, and proven then', () => {
  const { freshness, told, turn, shownVersion } = stage();
  told(balance(5));
  expect(freshness.read().phase).toBe('connecting');
  turn();
  expect(shownVersion()).toBe(5);
  expect(freshness.read().phase).toBe('live');
});

test.each(['lost', 'offline', 'paused'] as const)(
  'a balance that waited when the link was %s is shown, not proven',
  (end) => {
    const { freshness, told, turn, shownVersion } = stage();
    told(balance(5));
    turn();
    told(balance(6));
    freshness.send({ type: end, at: 2 });
    turn();
    expect(shownVersion()).toBe(6);
    expect(freshness.read().phase).toBe(end);
  },
);

test('the same balance, told again after the link came back, is proven even while the old one waits', () => {
  const { freshness, told, turn } = stage();
  told(balance(5));
  freshness.send({ type: 'lost', at: 2 });
  told(balance(5));
  turn();
  expect(freshness.read().phase).toBe('live');
});
