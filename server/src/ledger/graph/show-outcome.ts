import type { Catalog } from '../../catalog/catalog.js';
import { forbidden, notFound } from '../../kit/errors.js';
import { instance } from '../../kit/instance.js';
import type { Balance } from './balance.types.js';
import { showBalance } from './show-balance.js';
import type { AnsweringKind, Outcome, RowAnswer } from '../core/outcome.js';
import type { Problem } from './problem.types.js';
import { ReservationReceipt } from './reservation.types.js';
import { showRefusal } from './show-refusal.js';
import { showReservation } from './show-reservation.js';
import type { OwnedRows } from '../core/state.js';

/** A union member of the result of a mutation about a reservation, as the API shows it. */
export type Shown = ReservationReceipt | Problem;

/** What every receipt says beside its row. */
export interface Receipt {
  readonly balance: Balance;
  readonly replayed: boolean;
}

/**
 * What a command about a reservation came to, as the API shows it.
 *
 * @param history  public id of the history that versions count in, as known before the command was sent
 * @throws NOT_FOUND, FORBIDDEN for outcomes that are not decisions
 */
export function showOutcome(catalog: Catalog, history: string, outcome: Outcome): Shown {
  switch (outcome.kind) {
    case 'reservation': {
      const { reservation, replayed } = outcome;
      const balance = showBalance(outcome.balance, history);
      return instance(ReservationReceipt, {
        reservation: showReservation(catalog, reservation, history),
        balance,
        replayed,
      });
    }
    case 'refused':
      return showRefusal(catalog, history, outcome.refusal, outcome.replayed);
    case 'notFound':
      throw notFound('This reservation, grant or account');
    case 'forbidden':
      throw forbidden('Only who opened this reservation, or a service or an operator, may close, extend or add to it.');
    case 'account':
    case 'row':
    case 'settled':
    case 'refund':
    case 'disputed':
    case 'refund-preview':
    case 'tooManyOpen':
    case 'plan':
    case 'planPreview':
    case 'planPaid':
    case 'renewed':
    case 'budgetRemoved':
    case 'workAssessed':
    case 'levels':
    case 'topUp':
    case 'topUpPreview':
    case 'method':
      throw new TypeError(`${outcome.kind} is not the outcome of a command about a reservation`);
  }
}

/** What a command that answers with a row of a kind came to; `show` makes its receipt. Otherwise as `showOutcome`. */
export function showRowOutcome<K extends AnsweringKind, S>(
  catalog: Catalog,
  history: string,
  outcome: Outcome,
  of: K,
  show: (row: OwnedRows[K], receipt: Receipt) => S,
): S | Problem {
  if (outcome.kind === 'row' && outcome.of === of) {
    const { row, balance, replayed } = outcome as RowAnswer<K>;
    return show(row, { balance: showBalance(balance, history), replayed });
  }
  return showOutcome(catalog, history, outcome) as Problem;
}
