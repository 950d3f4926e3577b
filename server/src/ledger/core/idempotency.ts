import type { Keyed } from './command.js';
import { balanceOf } from './balance.js';
import type { Needs } from './decision.js';
import {
  answerFromText,
  inputFromText,
  type Kept,
  planToText,
  RESERVATION,
  rowToText,
  topUpToText,
} from './kept-text.js';
import type { AnsweringKind, KeptAnswer, RowAnswer } from './outcome.js';
import type { LoadedAccount } from './state.js';

/** A decision as it was kept under its key. */
export interface KeptDecision {
  readonly input: string;
  readonly outcome: string;
  readonly reservationId: string | null;
}

/** The text of a decision's input; fields in the order of the command, so that equal inputs are equal texts. */
export function inputText(keyed: Keyed): string {
  return JSON.stringify(keyed.input);
}

/**
 * The text under which an answer is kept.
 *
 * @param wrote  whether an entry group was written for it
 */
export function keepOutcome(outcome: KeptAnswer, wrote: boolean): string {
  switch (outcome.kind) {
    case 'reservation':
      return RESERVATION;
    case 'row':
      return rowToText(outcome.of, outcome.row.id, wrote);
    case 'plan':
      return planToText(outcome.effectiveAt, wrote);
    case 'topUp':
      return topUpToText(outcome.creditType, outcome.purchaseId, wrote);
    case 'refused': {
      const { refusal } = outcome;
      if (refusal.kind === 'InsufficientCredits')
        return JSON.stringify({
          k: 'refused',
          refusal: { ...refusal, holds: [] },
          holdIds: refusal.holds.map((hold) => hold.id),
        } satisfies Kept);
      if (refusal.kind === 'ReservationClosed') {
        const { reservation: _, ...figures } = refusal;
        return JSON.stringify({ k: 'refused', refusal: figures } satisfies Kept);
      }
      return JSON.stringify({ k: 'refused', refusal });
    }
  }
}

/** Rows that repeating a kept answer shows as they are now, by their ids. */
export function shownBy(kept: KeptDecision): NonNullable<Needs['rows']> {
  const parsed = answerFromText(kept.outcome);
  if (parsed.k === 'row') return { [parsed.of]: [parsed.id] };
  if (parsed.k === 'plan' || parsed.k === 'topUp') return {};
  return {
    reservations: [
      ...(kept.reservationId === null ? [] : [kept.reservationId]),
      ...(parsed.k === 'refused' ? (parsed.holdIds ?? []) : []),
    ],
  };
}

/** The input fields that differ between a key's first use and this one. */
export function differingFields(kept: KeptDecision, keyed: Keyed): string[] {
  if (kept.input === inputText(keyed)) return [];
  const first = inputFromText(kept.input);
  const now = inputFromText(inputText(keyed));
  return [...new Set([...Object.keys(first), ...Object.keys(now)])].filter(
    (field) => JSON.stringify(first[field] ?? null) !== JSON.stringify(now[field] ?? null),
  );
}

/**
 * The answer to a key that was used before: the first decision, or IdempotencyConflict when the input differs.
 *
 * Figures are those of the first decision; reservation, grant, purchase and balance are shown as they are now.
 * Source: docs/domain.md, Idempotency
 */
export function replay(kept: KeptDecision, keyed: Keyed, account: LoadedAccount, wasAnswered: boolean): KeptAnswer {
  const fields = differingFields(kept, keyed);
  if (fields.length > 0) return { kind: 'refused', refusal: { kind: 'IdempotencyConflict', fields }, replayed: false };
  const parsed = answerFromText(kept.outcome);
  const reservationOf = (id: string | null) => {
    const reservation = id === null ? undefined : account.reservations.get(id);
    if (!reservation) throw new Error(`reservation ${id} of a kept decision is not loaded`);
    return reservation;
  };
  switch (parsed.k) {
    case 'reservation': {
      const reservation = reservationOf(kept.reservationId);
      return {
        kind: 'reservation',
        reservation,
        balance: balanceOf(account.head, reservation.creditType),
        replayed: wasAnswered,
      };
    }
    case 'plan':
      return {
        kind: 'plan',
        account: account.head,
        balance: balanceOf(account.head, 'STANDARD'),
        effectiveAt: parsed.effectiveAt,
        replayed: wasAnswered,
      };
    case 'topUp': {
      const { creditType, purchaseId } = parsed;
      return { kind: 'topUp', account: account.head, creditType, purchaseId, replayed: wasAnswered };
    }
    case 'row':
      return replayRow(parsed.of, parsed.id, account, wasAnswered);
    case 'refused': {
      const { refusal } = parsed;
      if (refusal.kind === 'ReservationClosed')
        return {
          kind: 'refused',
          refusal: { ...refusal, reservation: reservationOf(kept.reservationId) },
          replayed: wasAnswered,
        };
      if (refusal.kind === 'InsufficientCredits')
        return {
          kind: 'refused',
          refusal: { ...refusal, holds: (parsed.holdIds ?? []).map((id) => reservationOf(id)) },
          replayed: wasAnswered,
        };
      return { kind: 'refused', refusal, replayed: wasAnswered };
    }
  }
}

/** A row as it is now. The balance beside it is of its credit type; one without credits of its own stands beside STANDARD. */
function replayRow(of: AnsweringKind, id: string, account: LoadedAccount, replayed: boolean): RowAnswer<AnsweringKind> {
  const row = account[of].get(id);
  if (!row) throw new Error(`${of} ${id} of a kept decision is not loaded`);
  const creditType = 'creditType' in row ? row.creditType : 'STANDARD';
  return { kind: 'row', of, row, balance: balanceOf(account.head, creditType), replayed };
}
