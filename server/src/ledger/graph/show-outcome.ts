import type { Catalog } from '../../catalog/catalog.js';
import { forbidden, notFound } from '../../kit/errors.js';
import { instance } from '../../kit/instance.js';
import { showBalance, showGrant } from './show-balance.js';
import type { GrantView, Outcome } from '../core/outcome.js';
import type { Problem } from './problem.types.js';
import { GrantReceipt } from './ledger.types.js';
import { ReservationReceipt } from './reservation.types.js';
import { showRefusal } from './show-refusal.js';
import { showReservation } from './show-reservation.js';
import type { ReservationState } from '../core/state.js';

/** A union member of a mutation's result, as the API shows it. */
export type Shown = ReservationReceipt | GrantReceipt | Problem;

/**
 * What a command came to, as the API shows it.
 *
 * @param history  public id of the history that versions count in, as known before the command was sent
 * @throws NOT_FOUND, FORBIDDEN for outcomes that are not decisions
 */
export function showOutcome(catalog: Catalog, history: string, outcome: Outcome): Shown {
  switch (outcome.kind) {
    case 'reservation':
      return showReceipt(catalog, history, outcome.reservation, outcome);
    case 'granted':
      return showGrantReceipt(history, outcome.grant, outcome);
    case 'refused':
      return showRefusal(catalog, history, outcome.refusal, outcome.replayed);
    case 'notFound':
      throw notFound('This reservation or account');
    case 'forbidden':
      throw forbidden('Only who opened this reservation, or a service or an operator, may close or extend it.');
    case 'account':
      throw new TypeError('an account is not the outcome of a movement');
  }
}

type Receipt = Pick<Extract<Outcome, { kind: 'reservation' | 'granted' }>, 'balance' | 'replayed'>;

function showReceipt(
  catalog: Catalog,
  history: string,
  reservation: ReservationState,
  { balance, replayed }: Receipt,
): ReservationReceipt {
  return instance(ReservationReceipt, {
    reservation: showReservation(catalog, reservation, history),
    balance: showBalance(balance, history),
    replayed,
  });
}

function showGrantReceipt(history: string, grant: GrantView, { balance, replayed }: Receipt): GrantReceipt {
  return instance(GrantReceipt, { grant: showGrant(grant), balance: showBalance(balance, history), replayed });
}
