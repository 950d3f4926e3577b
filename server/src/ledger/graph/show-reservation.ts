import { formatId, formatReservationId } from '@aibc/shared/ids';
import { findPriceList } from '../../catalog/catalog.js';
import type { Catalog, PriceList } from '../../catalog/catalog.js';
import type { Operation } from '../../catalog/catalog.types.js';
import type { Reservation } from './reservation.types.js';
import type { ReservationLine, ReservationState } from '../core/state.js';

/** A reservation as the API shows it, with what says to whom it belongs. */
export interface ShownReservation extends Reservation {
  /** As `ReservationState.openedBy`. */
  readonly openedBy: string;
}

/**
 * A reservation as the API shows it, its operations as on the price lists they were priced on.
 *
 * @param history  public id of the history that its version counts in
 */
export function showReservation(catalog: Catalog, reservation: ReservationState, history: string): ShownReservation {
  const opened = findPriceList(catalog, reservation.priceListVersion);
  return {
    id: formatReservationId(reservation.accountId, reservation.id),
    accountId: formatId('acct', reservation.accountId),
    creditType: reservation.creditType,
    status: reservation.status,
    reserved: reservation.reserved,
    held: reservation.held,
    committed: reservation.committed,
    released: reservation.released,
    uncollected: reservation.uncollected,
    lines: reservation.lines.map((line) => ({
      operation: listOf(catalog, line, opened)?.operations.get(line.operation) ?? unlistedOperation(line, reservation),
      quantity: line.quantity,
      unitCredits: line.unitCredits,
      credits: line.credits,
      committed: line.committed,
      priceListVersion: line.added?.priceListVersion ?? reservation.priceListVersion,
    })),
    priceListVersion: reservation.priceListVersion,
    draws: reservation.draws.map(({ grantId, source, credits }) => ({
      grantId: formatId('grant', grantId),
      source,
      credits,
    })),
    project: reservation.project,
    member: reservation.member,
    reference: reservation.reference,
    outcome: reservation.outcome,
    version: reservation.version,
    history,
    createdAt: reservation.createdAt,
    expiresAt: reservation.expiresAt,
    closedAt: reservation.closedAt,
    openedBy: reservation.openedBy,
  };
}

function listOf(catalog: Catalog, { added }: ReservationLine, opened: PriceList | null): PriceList | null {
  return added === null ? opened : findPriceList(catalog, added.priceListVersion);
}

/** For a list that this process has not seen yet: what the reservation itself remembers. */
export function unlistedOperation(line: ReservationLine, { creditType }: ReservationState): Operation {
  const { operation: code, name, feature, type, unitCredits: credits } = line;
  return { code, name, feature, type, size: null, creditType, credits, description: name };
}
