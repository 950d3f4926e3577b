import type pg from 'pg';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { readAccountId } from '../accounts/account-id.js';
import { assertAccount, assertCaller, type Caller } from '../auth/caller.js';
import type { Catalog } from '../catalog/catalog.js';
import type { History } from '../db/history.js';
import { notFound } from '../kit/errors.js';
import { instance } from '../kit/instance.js';
import type { BudgetState } from '../ledger/core/budget.js';
import type { SetBudgetCommand } from '../ledger/core/commands/set-budget.js';
import type { Ledger } from '../ledger/core/ledger.js';
import type { AccountSnapshot } from '../ledger/graph/account-snapshot.js';
import { checkKey } from '../ledger/graph/check-input.js';
import { toActor, toKeyed } from '../ledger/graph/command-input.js';
import type { Problem } from '../ledger/graph/problem.types.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { showRefusal } from '../ledger/graph/show-refusal.js';
import { submitForRow } from '../ledger/graph/submit-commands.js';
import { BudgetReceipt, type SetBudgetInput } from './budgets.types.js';
import { findInvalidBudget, readBudget, readBudgetId } from './check-budget.js';
import { showBudgets } from './read-budgets.js';

export interface SetBudgetDeps {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly directory: AccountDirectory;
  readonly accounts: Pick<AccountReader, 'readAll'>;
  readonly catalog: () => Catalog;
  readonly history: Pick<History, 'present'>;
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  /** A new UUIDv7, lower case with dashes. */
  readonly nextId: () => string;
}

/**
 * Makes a budget, or changes name, limit and hardness of one. What was used in its window stays counted.
 *
 * @returns the budget as it is now; or a refusal: InvalidAmount naming the field, IdempotencyConflict
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign account or budget; FORBIDDEN without `keys:admin`;
 * UNAVAILABLE: repeat it with the same key
 *
 * Concurrency: decided in one order with all that is asked of the account; whatever is held then stays held.
 * Source: docs/domain.md, Budgets; Idempotency
 */
export async function setBudget(
  deps: SetBudgetDeps,
  caller: Caller | null,
  input: SetBudgetInput,
  key: string,
): Promise<BudgetReceipt | Problem> {
  assertCaller(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  const known = input.id == null ? null : readBudgetId('id', input.id);
  checkKey(key);
  const budget = readBudget(input);
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'keys:admin');
  if (known !== null && known.accountId !== accountId) throw notFound('This budget');
  const invalid = findInvalidBudget(budget);
  if (invalid !== null) return showRefusal(deps.catalog(), deps.history.present.publicId, invalid, false);
  const command: SetBudgetCommand = {
    type: 'set-budget',
    accountId,
    actor: toActor(caller),
    keyed: toKeyed(caller, 'set-budget', key, { id: known?.id ?? null, ...budget }),
    changes: known?.id ?? null,
    newId: deps.nextId(),
    budget,
  };
  const answer = await submitForRow(deps, command, 'budgets', (row, { replayed }) => ({ row, replayed }));
  if (!('row' in answer)) return answer;
  return instance(BudgetReceipt, { budget: await showSet(deps, answer.row), replayed: answer.replayed });
}

async function showSet({ accounts, reader }: SetBudgetDeps, row: BudgetState) {
  const [account] = await accounts.readAll([row.accountId]);
  const [shown] = await showBudgets(reader, account as AccountSnapshot, [row], 'all');
  if (shown === undefined) throw new TypeError('a budget that was set is not shown');
  return shown;
}

/**
 * Ends a budget; what is held stays held. One that was removed before is answered again, so that a retry is safe.
 *
 * @returns its id
 * @throws as `setBudget`
 */
export async function removeBudget(deps: SetBudgetDeps, caller: Caller | null, id: string): Promise<string> {
  assertCaller(caller);
  const { accountId, id: budgetId } = readBudgetId('id', id);
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'keys:admin');
  const outcome = await deps.ledger.submit({ type: 'remove-budget', accountId, actor: toActor(caller), budgetId });
  if (outcome.kind !== 'budgetRemoved') throw notFound('This budget');
  return id;
}
