import { formatId, formatOwnedId, formatReservationId } from '@aibc/shared/ids';
import type { Era } from '../db/history.js';
import { describeEvent, saidBy, type LedgerEvent } from '../ledger/core/events.js';
import { showBalance } from '../ledger/graph/show-balance.js';
import type { EventCursors } from './event-cursors.js';
import type { CreditEvent } from './live.types.js';

/**
 * An event as the API shows it.
 *
 * @param era  the history in which it was written
 */
export function showEvent(event: LedgerEvent, era: Era, cursors: EventCursors): CreditEvent {
  const { accountId, type, creditType, at } = event;
  const { level, threshold, credits, reset, plan, reservationId, grantId, purchaseId, budgetId, anomaly } =
    saidBy(event);
  return {
    id: cursors.idOf(era.id, event),
    type,
    accountId: formatId('acct', accountId),
    creditType,
    at,
    level: level ?? null,
    threshold: threshold ?? null,
    balance: showBalance(event.balance, era.publicId),
    reservationId: reservationId == null ? null : formatReservationId(accountId, reservationId),
    grantId: grantId === undefined ? null : formatId('grant', grantId),
    purchaseId: purchaseId === undefined ? null : formatOwnedId('pur', { accountId, id: purchaseId }),
    budgetId: budgetId === undefined ? null : formatOwnedId('budget', { accountId, id: budgetId }),
    credits: credits ?? null,
    reset: reset ?? null,
    plan: plan ?? null,
    anomaly: anomaly ?? null,
    history: era.publicId,
    message: describeEvent(event),
  };
}
