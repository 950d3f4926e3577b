import type pg from 'pg';
import { EVERYBODY } from '../core/budget.js';
import type { LoadedAccount } from '../core/state.js';
import { addRows } from '../rows/owned-rows.js';
import { all, type Row, run } from '../wire/flight.js';
import { Parameters } from '../wire/parameters.js';
import { BUDGETS_IN_FORCE, TALLIES_OF } from './load-statements.js';

/** Whose tally. */
interface TallyOf {
  readonly accountId: string;
  readonly member: string;
}

function talliesOf(wanted: readonly TallyOf[]): Buffer[] {
  return new Parameters()
    .column('uuid', wanted, ({ accountId }) => accountId)
    .column('text', wanted, ({ member }) => member)
    .values();
}

function addTallies(accounts: Map<string, LoadedAccount>, wanted: readonly TallyOf[], rows: readonly Row[]): void {
  addRows(accounts, 'tallies', rows);
  for (const { accountId, member } of wanted) {
    const account = accounts.get(accountId);
    if (account) (account.talliesOf ??= new Set()).add(member);
  }
}

/**
 * Loads the budgets of those accounts that have some, with what counts for everybody; the tallies of members are loaded when they are needed.
 * Accounts without budgets cost a look at their heads.
 */
export async function loadBudgets(client: pg.Client, accounts: Map<string, LoadedAccount>): Promise<void> {
  const wanted: TallyOf[] = [];
  for (const { head, talliesOf: known } of accounts.values())
    if (head.budgets > 0 && known === null) wanted.push({ accountId: head.id, member: EVERYBODY });
  if (wanted.length === 0) return;
  const ids = new Parameters().column('uuid', wanted, ({ accountId }) => accountId).values();
  const [budgets, tallies] = await all<[Row[], Row[]]>([
    run(client, BUDGETS_IN_FORCE, ids),
    run(client, TALLIES_OF, talliesOf(wanted)),
  ]);
  addRows(accounts, 'budgets', budgets);
  addTallies(accounts, wanted, tallies);
}

/** Loads tallies of one account by their members. */
export async function loadTallies(
  client: pg.Client,
  accounts: Map<string, LoadedAccount>,
  accountId: string,
  members: readonly string[],
): Promise<void> {
  const wanted = members.map((member) => ({ accountId, member }));
  addTallies(accounts, wanted, await run(client, TALLIES_OF, talliesOf(wanted)));
}
