import { readAccountId } from '../../accounts/account-id.js';
import { assertAccount, assertCaller } from '../../auth/caller.js';
import type { Caller } from '../../auth/caller.js';
import { readQuote } from '../../catalog/quote-token.js';
import { digestOf, findInvalidTtl, findInvalidWork, readWork } from './check-input.js';
import type { Work } from './check-input.js';
import { memberFor, toActor, toKeyed } from './command-input.js';
import type { KeyGroup } from './command-input.js';
import type { ReserveCommand } from '../core/commands/reserve.js';
import type { ReserveCreditsInput, SpendCreditsInput } from './ledger.types.js';
import type { Shown } from './show-outcome.js';
import { refuse, submit } from './submit-commands.js';
import type { SubmitDeps } from './submit-commands.js';

/**
 * Holds credits for work that is about to begin: prices it (or takes the quote's prices), checks plan, balance and budgets, and moves the whole price
 * from `available` to `held`, in one atomic step. Nothing is held in part.
 *
 * @param input  a quote's token or operations, not both; `ttlSeconds` from now on the account's clock, 1 to 86,400
 * @returns the reservation and the balance it left, in whole credits; or a refusal: InsufficientCredits, OperationNotInPlan,
 * OperationUnknown, MixedCreditTypes, BudgetExceeded, QuoteNotValid, InvalidAmount, IdempotencyConflict
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign account; FORBIDDEN without `credits:reserve`, or
 * where a user names another member; UNAVAILABLE: repeat it with the same key
 *
 * Concurrency: commands on one account are decided one after the other, in whichever process they arrive: 50 at once of 5 credits on a balance of
 * 100 are exactly 20 reservations. Idempotency: the key is kept in the transaction that holds the credits; its repetition answers the first
 * decision. Source: docs/domain.md, Quote, reserve, commit; Idempotency
 */
export async function reserveCredits(
  deps: SubmitDeps,
  caller: Caller | null,
  input: ReserveCreditsInput,
): Promise<Shown> {
  return reserve(deps, caller, input, 'reserve', input.ttlSeconds);
}

/**
 * Spends credits for work that is done at once: `reserveCredits` and `commitReservation` in one step and one entry group.
 *
 * The whole price is spent or nothing; the reservation in the answer is COMMITTED already. Input, refusals, errors and concurrency are those of
 * `reserveCredits`, without a TTL. Keys are its own: one that `reserveCredits` was given is new here.
 *
 * Source: docs/domain.md, Quote, reserve, commit; Idempotency
 */
export async function spendCredits(deps: SubmitDeps, caller: Caller | null, input: SpendCreditsInput): Promise<Shown> {
  return reserve(deps, caller, input, 'spend', null);
}

async function reserve(
  deps: SubmitDeps,
  caller: Caller | null,
  input: SpendCreditsInput,
  group: Extract<KeyGroup, 'reserve' | 'spend'>,
  ttlSeconds: number | null,
): Promise<Shown> {
  assertCaller(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  const work = readWork(input);
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:reserve');
  const member = memberFor(caller, work.member);
  const invalid = findInvalidWork(work) ?? (ttlSeconds === null ? null : findInvalidTtl(ttlSeconds));
  if (invalid !== null) return refuse(deps, invalid);
  const { quoteToken, project, reference } = work;
  const command: ReserveCommand = {
    type: 'reserve',
    accountId,
    actor: toActor(caller),
    keyed: toKeyed(caller, group, input.idempotencyKey, canonicalWork(work, ttlSeconds)),
    reservationId: deps.nextId(),
    quote: quoteToken === null ? null : { payload: readQuote(quoteToken, deps.quoteSecret) },
    operations: work.lines ?? [],
    ttlSeconds: ttlSeconds ?? 0,
    project,
    member,
    reference,
    spend: ttlSeconds === null,
  };
  return submit(deps, command);
}

/** A member left out compares as left out, and not as the caller whom it stands for. */
function canonicalWork({ quoteToken, lines, project, member, reference }: Work, ttlSeconds: number | null) {
  const work = {
    quoteToken: quoteToken === null ? null : digestOf(quoteToken),
    operations: lines,
    project,
    member,
    reference,
  };
  return ttlSeconds === null ? work : { ...work, ttlSeconds };
}
