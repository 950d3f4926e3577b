import type pg from 'pg';
import { readAccountId } from '../accounts/account-id.js';
import { assertCaller, type Caller } from '../auth/caller.js';
import type { HeavyReads } from '../auth/heavy-reads.js';
import type { Catalog } from '../catalog/catalog.js';
import { ledgerTypes } from '../db/ledger-types.js';
import { badUserInput, notFound } from '../kit/errors.js';
import { grouped } from '../kit/grouped.js';
import { instance } from '../kit/instance.js';
import { isReplaced } from '../ledger/core/budget.js';
import type { BudgetAsked } from '../ledger/core/commands/set-budget.js';
import type { Period } from '../ledger/core/state.js';
import type { AccountSnapshot } from '../ledger/graph/account-snapshot.js';
import type { Problem } from '../ledger/graph/problem.types.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { showRefusal } from '../ledger/graph/show-refusal.js';
import { CLOSED_PERIOD } from '../ledger/rows/closed-period-rows.js';
import type { Row } from '../ledger/wire/flight.js';
import { readCommittedLines } from '../prices/read-committed-lines.js';
import { BudgetPreview, type SetBudgetInput } from './budgets.types.js';
import { findInvalidBudget, readBudget, readBudgetId } from './check-budget.js';
import { readInForce } from './read-budgets.js';
import { type BudgetReplay, replayBudget } from './replay-budget.js';

const SPAN_MS = 30 * 86_400_000;
/** A hold lives seven days at most, and may be committed a day later: what was committed within the span was held no earlier. */
const HELD_BEFORE_MS = 8 * 86_400_000;
const LINES_MAX = 100_000;

export interface PreviewBudgetDeps {
  readonly accounts: Pick<AccountReader, 'read'>;
  /** The pool of heavy reads. */
  readonly reports: pg.Pool;
  readonly heavyReads: HeavyReads;
  readonly catalog: () => Catalog;
}

/**
 * What a budget would have denied of all that was committed within the last 30 days of the account's time. Writes nothing.
 *
 * @returns operations and credits that it is about and that it would have denied, by member; or InvalidAmount, as `setBudget` answers it
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field, `accountId` for more than 100,000 committed lines; NOT_FOUND for an unknown or foreign
 * account or budget; FORBIDDEN without `keys:admin`; RATE_LIMITED for too many reports at once
 * Source: docs/domain.md, Budgets
 */
export async function previewBudget(
  deps: PreviewBudgetDeps,
  caller: Caller | null,
  input: SetBudgetInput,
): Promise<BudgetPreview | Problem> {
  assertCaller(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  const known = input.id == null ? null : readBudgetId('id', input.id);
  const budget = readBudget(input);
  const account = await deps.accounts.read(caller, accountId, 'keys:admin');
  if (known !== null && known.accountId !== accountId) throw notFound('This budget');
  const invalid = findInvalidBudget(budget) ?? findUncapping(budget);
  if (invalid !== null) return showRefusal(deps.catalog(), account.history, invalid, false);
  const { from, to } = { from: account.now - SPAN_MS, to: account.now };
  const replay = await deps.heavyReads.run(caller, () =>
    read(deps.reports, account, budget, known?.id ?? null, from, to),
  );
  return showPreview(replay, from, to);
}

function findUncapping({ setAside }: BudgetAsked) {
  if (!setAside) return null;
  const message = 'What is set aside denies nothing by itself: preview it without setAside.';
  return { kind: 'InvalidAmount', field: 'setAside', message } as const;
}

async function read(
  reports: pg.Pool,
  account: AccountSnapshot,
  budget: BudgetAsked,
  id: string | null,
  from: number,
  to: number,
): Promise<BudgetReplay> {
  const { state } = account;
  const inForce = state.budgets === 0 ? [] : await readInForce(reports, state.id);
  if (id !== null && !inForce.some((one) => one.id === id)) throw notFound('This budget');
  const lines = await readCommittedLines(reports, [state.id], { start: from, end: to + 1 }, LINES_MAX);
  if (lines === null || lines.length > LINES_MAX)
    throw badUserInput(
      'accountId',
      `More than ${grouped(LINES_MAX)} lines were committed in 30 days: too many to preview.`,
    );
  const periods = await readPeriods(reports, account, from - HELD_BEFORE_MS);
  return replayBudget(
    budget,
    lines,
    { timeZone: state.timeZone, periods },
    (member) => budget.eachMember && isReplaced(budget, member, inForce),
  );
}

/** The periods of an account that ended after an instant, and the present one. */
async function readPeriods(reports: pg.Pool, { state }: AccountSnapshot, after: number): Promise<Period[]> {
  const { rows } = await reports.query<Row>({
    name: 'budgets_periods',
    text: `/* budgets.periods */ SELECT ${CLOSED_PERIOD.select('p')} FROM closed_period p WHERE p.account_id = $1 AND p.end_at > $2::timestamptz`,
    values: [state.id, new Date(after).toISOString()],
    types: ledgerTypes,
  });
  return [...CLOSED_PERIOD.read(rows), state.period];
}

function showPreview({ of, denied, byMember }: BudgetReplay, from: number, to: number): BudgetPreview {
  return instance(BudgetPreview, {
    from,
    to,
    operations: of.operations,
    credits: of.credits,
    deniedOperations: denied.operations,
    deniedCredits: denied.credits,
    byMember: [...byMember]
      .map(([member, own]) => ({ member, deniedOperations: own.operations, deniedCredits: own.credits }))
      .sort((a, b) => b.deniedCredits - a.deniedCredits || (a.member < b.member ? -1 : 1)),
  });
}
