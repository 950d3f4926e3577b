import { formatOwnedId } from '@aibc/shared/ids';
import type pg from 'pg';
import { ledgerTypes } from '../db/ledger-types.js';
import { type BudgetState, type CounterState, EVERYBODY, type TallyState } from '../ledger/core/budget.js';
import { windowAt } from '../ledger/core/budget-window.js';
import { counterOf } from '../ledger/core/counters.js';
import type { Sight } from '../ledger/graph/sight.js';
import type { AccountSnapshot } from '../ledger/graph/account-snapshot.js';
import { BUDGET } from '../ledger/rows/budget-rows.js';
import { TALLY, toTally } from '../ledger/rows/tally-rows.js';
import type { Row } from '../ledger/wire/flight.js';
import type { ShownBudget } from './budgets.types.js';
import { readFullest, type Use } from './read-uses.js';

const NOT_USED: Pick<CounterState, 'consumed' | 'held'> = { consumed: 0, held: 0 };

/** The budgets of an account that are in force, the oldest first. */
export async function readInForce(reader: pg.Pool, accountId: string): Promise<BudgetState[]> {
  const { rows } = await reader.query<Row>({
    name: 'budgets_in_force',
    text: `/* budgets.in_force */ SELECT ${BUDGET.select('b')} FROM budget b WHERE b.account_id = $1 AND b.removed_version IS NULL ORDER BY b.number`,
    values: [accountId],
    types: ledgerTypes,
  });
  return BUDGET.read(rows).map((row) => ({ ...row }));
}

async function readTallies(reader: pg.Pool, accountId: string, members: readonly string[]): Promise<TallyState[]> {
  const { rows } = await reader.query<Row>({
    name: 'budgets_tallies',
    text: `/* budgets.tallies */ SELECT ${TALLY.select('t')} FROM budget_tally t WHERE t.account_id = $1 AND t.member = ANY($2::text[])`,
    values: [accountId, members],
    types: ledgerTypes,
  });
  return TALLY.read(rows).map(toTally);
}

/**
 * The budgets of an account that are in force, the oldest first, with what is used of each in its present window. An account without budgets
 * costs nothing.
 *
 * @param sight  a member sees those that name it or everybody, and its own use of those that count each member
 * Source: docs/domain.md, Budgets
 */
export async function readBudgets(reader: pg.Pool, account: AccountSnapshot, sight: Sight): Promise<ShownBudget[]> {
  if (account.state.budgets === 0) return [];
  const all = await readInForce(reader, account.state.id);
  const seen = sight === 'all' ? all : all.filter(({ member }) => member === null || member === sight.member);
  return showBudgets(reader, account, seen, sight);
}

/** Budgets as the API shows them. */
export async function showBudgets(
  reader: pg.Pool,
  account: AccountSnapshot,
  budgets: readonly BudgetState[],
  sight: Sight,
): Promise<ShownBudget[]> {
  if (budgets.length === 0) return [];
  const { state, now } = account;
  const tallies = await readTallies(reader, state.id, sight === 'all' ? [EVERYBODY] : [EVERYBODY, sight.member]);
  const find = (member: string) => tallies.find((tally) => tally.member === member) ?? null;
  const each = sight === 'all' ? budgets.filter(({ eachMember }) => eachMember) : [];
  const fullest = await readFullest(
    reader,
    state.id,
    each.map(({ number, window }) => ({ number, start: windowAt(window, now, state).start })),
  );
  return budgets.map((budget) => {
    const window = windowAt(budget.window, now, state);
    const tally = budget.eachMember && sight !== 'all' ? find(sight.member) : find(EVERYBODY);
    const used: Pick<Use, 'consumed' | 'held'> | null | undefined =
      budget.eachMember && sight === 'all' ? fullest.get(budget.number) : counterOf(tally, budget.number, window.start);
    return showBudget(account, budget, used ?? NOT_USED, window.end);
  });
}

function showBudget(
  account: AccountSnapshot,
  state: BudgetState,
  { consumed, held }: Pick<Use, 'consumed' | 'held'>,
  end: number,
): ShownBudget {
  const { id, name, creditType, project, member, feature, type, eachMember, window, limit, hard, setAside } = state;
  return {
    id: formatOwnedId('budget', { accountId: account.state.id, id }),
    name,
    creditType,
    project,
    member,
    feature,
    type,
    eachMember,
    window,
    limit,
    hard,
    setAside,
    consumed,
    held,
    remaining: Math.max(0, limit - consumed - held),
    resetsAt: end === Infinity ? null : end,
    state,
    account,
  };
}
