import { formatId, formatPlaceId, formatReservationId } from '@aibc/shared/ids';
import type { LedgerEvent } from '../ledger/state.js';
import { showBalance } from '../ledger/show-balance.js';
import { describeEvent } from './describe-event.js';
import type { CreditEvent } from './live.types.js';

/** An event as the API shows it. */
export function showEvent(event: LedgerEvent): CreditEvent {
  const { accountId, type, creditType, at, level, threshold, credits, reset, reservationId, grantId } = event;
  return {
    id: formatPlaceId('evt', event),
    type,
    accountId: formatId('acct', accountId),
    creditType,
    at,
    level,
    threshold,
    balance: showBalance(event.balance),
    reservationId: reservationId === null ? null : formatReservationId(accountId, reservationId),
    grantId: grantId === null ? null : formatId('grant', grantId),
    purchaseId: null,
    budgetId: null,
    credits,
    reset,
    plan: null,
    message: describeEvent(event),
  };
}
