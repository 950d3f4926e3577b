import type pg from 'pg';
import { EVERYBODY } from '../core/budget.js';
import { type Command, memberOf } from '../core/commands.js';
import { missingTallies } from '../core/missing-tallies.js';
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

/**
 * Loads at once the tallies of all members that a batch's commands are about, so that they need not be asked for one after the other. Only
 * accounts with budgets that count every member have any.
 */
export async function loadMembers(
  client: pg.Client,
  accounts: Map<string, LoadedAccount>,
  items: readonly { readonly command: Command }[],
): Promise<void> {
  const wanted = new Map<string, TallyOf>();
  for (const { command } of items) {
    const account = accounts.get(command.accountId);
    if (account === undefined || account.head.budgets === 0) continue;
    const member = memberOf(command, account.reservations);
    const missing = member === null ? null : missingTallies(account, [member]);
    for (const one of missing?.needs.tallies ?? [])
      wanted.set(`${command.accountId} ${one}`, { accountId: command.accountId, member: one });
  }
  if (wanted.size === 0) return;
  const tallies = [...wanted.values()];
  addTallies(accounts, tallies, await run(client, TALLIES_OF, talliesOf(tallies)));
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
