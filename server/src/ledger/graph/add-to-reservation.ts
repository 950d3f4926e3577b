import { assertAccount, assertCaller, type Caller } from '../../auth/caller.js';
import { readQuote } from '../../catalog/quote-token.js';
import type { AddToReservationInput } from './add-to-reservation.types.js';
import { digestOf, findInvalidWork, readReservationId, readWork } from './check-input.js';
import { toActor, toKeyed } from './command-input.js';
import type { Shown } from './show-outcome.js';
import { refuse, submit, type SubmitDeps } from './submit-commands.js';

/**
 * Holds credits for work that turned out larger, on the hold that is open for it: priced, checked and held as by `reserveCredits`, with the hold's
 * project, member and end. What the hold has stays as it is; a refusal leaves all of it as it was.
 *
 * @param input  a quote's token or operations, not both; with the lines of the reservation at most 100, of its credit type
 * @returns the reservation and the balance it left, in whole credits; or a refusal: ReservationClosed, InsufficientCredits, OperationNotInPlan,
 * OperationUnknown, BudgetExceeded, QuoteNotValid, InvalidAmount, MixedCreditTypes, IdempotencyConflict
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign id; FORBIDDEN without `credits:reserve`, or where
 * somebody else opened it and the caller is no service or operator; UNAVAILABLE: repeat it with the same key
 *
 * Concurrency: of an addition and what closes the hold the first decides; an addition that comes later is told how it was closed. Additions at once
 * never hold more than is there. Idempotency: the key is kept in the transaction that holds the credits.
 * Source: docs/domain.md, Quote, reserve, commit; Idempotency
 */
export async function addToReservation(
  deps: SubmitDeps,
  caller: Caller | null,
  input: AddToReservationInput,
): Promise<Shown> {
  assertCaller(caller);
  const { accountId, id: reservationId } = readReservationId(input.reservationId);
  const { idempotencyKey } = input;
  const work = readWork(input);
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:reserve');
  const invalid = findInvalidWork(work);
  if (invalid !== null) return refuse(deps, invalid);
  const { quoteToken, lines: operations } = work;
  const asked = { reservationId, quoteToken: quoteToken === null ? null : digestOf(quoteToken), operations };
  return submit(deps, {
    type: 'add',
    accountId,
    actor: toActor(caller),
    keyed: toKeyed(caller, 'add', idempotencyKey, asked),
    reservationId,
    quote: quoteToken === null ? null : { payload: readQuote(quoteToken, deps.quoteSecret) },
    operations: operations ?? [],
  });
}
