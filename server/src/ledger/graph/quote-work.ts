import { personOf } from '../../auth/caller.js';
import type { Caller } from '../../auth/caller.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { OperationLine } from '../../catalog/price-operations.js';
import { notFound } from '../../kit/errors.js';
import type { Actor } from '../core/command.js';
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
}

/** For whom it is quoted: all that of a quote depends on who asks. */
export interface Asker {
  readonly actor: Actor;
  /** Whose work it would be. */
  readonly member: string;
  /** Whose set-asides may be told of, beside those that name nobody; null: everybody's. */
  readonly sees: string | null;
}

/** @param named  the member that the caller may name; null: the caller. @param accountId  uuid, of an account that the caller sees */
export function askerOf(caller: Caller, accountId: string, named: string | null): Asker {
  const sight = sightOf(caller, accountId);
  return {
    actor: toActor(caller),
    member: named ?? personOf(caller) ?? caller.id,
    sees: sight === 'all' ? null : sight.member,
  };
}

/** A quote and what it was made of. */
export interface QuotedWork {
  readonly answer: QuotedOperations | Refusal;
  /** The account as it was quoted. */
  readonly at: AccountSnapshot;
  /** When the next window of a budget begins, epoch ms by the account's clock; Infinity: never. */
  readonly windowsEnd: number;
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
  { actor, member, sees }: Asker,
  snapshot: AccountSnapshot,
  { lines, project }: WorkToQuote,
): Promise<QuotedWork> {
  const { state, newestList } = snapshot;
  if (state.budgets === 0) {
    const answer = quoteOperations(await reach(newestList), snapshot, lines, crossLevels);
    return { answer, at: snapshot, windowsEnd: Infinity };
  }
  const limits = await ledger.submit({
    type: 'assess',
    accountId: state.id,
    actor,
    operations: lines,
    project,
    member,
    sees,
  });
  if (limits.kind !== 'workAssessed') throw notFound('This account');
  const at: AccountSnapshot = { ...snapshot, state: limits.account, now: limits.now };
  const answer = quoteOperations(await reach(newestList), at, lines, crossLevels, limits);
  return { answer, at, windowsEnd: limits.windowsEnd };
}
