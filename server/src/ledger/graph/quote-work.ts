import { personOf } from '../../auth/caller.js';
import type { Caller } from '../../auth/caller.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { OperationLine } from '../../catalog/price-operations.js';
import { notFound } from '../../kit/errors.js';
import type { Ledger } from '../core/ledger.js';
import type { Refusal } from '../core/outcome.js';
import type { DecisionRules } from '../core/rules.js';
import type { AccountSnapshot } from './account-snapshot.js';
import { toActor } from './command-input.js';
import { type QuotedOperations, quoteOperations } from './quote-operations.js';
import { sightOf } from './sight.js';

/** What is to be quoted, well-formed and in range. */
export interface WorkToQuote {
  readonly lines: readonly OperationLine[];
  readonly project: string | null;
  /** Null: the caller. */
  readonly member: string | null;
}

export interface QuoteWorkDeps {
  readonly ledger: Pick<Ledger, 'submit'>;
  /** The catalogue with all instants, once it knows the price list of a version that the database was seen to have. */
  readonly reach: (version: number) => Promise<Catalog>;
  readonly crossLevels: DecisionRules['crossLevels'];
}

/**
 * Quotes work for an account as it is now. Where the account has budgets the ledger is asked what a reserve would meet, by the functions that
 * decide it; its answer is of one version, which is the quote's. Writes nothing.
 *
 * @param snapshot  read to price something (`readPriced`)
 * @throws UNAVAILABLE
 * Source: docs/domain.md, Quote, reserve, commit
 */
export async function quoteWork(
  { ledger, reach, crossLevels }: QuoteWorkDeps,
  caller: Caller,
  snapshot: AccountSnapshot,
  { lines, project, member }: WorkToQuote,
): Promise<QuotedOperations | Refusal> {
  const { state, newestList } = snapshot;
  if (state.budgets === 0) return quoteOperations(await reach(newestList), snapshot, lines, crossLevels);
  const sight = sightOf(caller, state.id);
  const limits = await ledger.submit({
    type: 'assess',
    accountId: state.id,
    actor: toActor(caller),
    operations: lines,
    project,
    member: member ?? personOf(caller) ?? caller.id,
    sees: sight === 'all' ? null : sight.member,
  });
  if (limits.kind !== 'workAssessed') throw notFound('This account');
  const assessed: AccountSnapshot = { ...snapshot, state: limits.account, now: limits.now };
  return quoteOperations(await reach(newestList), assessed, lines, crossLevels, limits);
}
