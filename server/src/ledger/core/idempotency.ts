import type { Keyed } from './command.js';
import { balanceOf } from './balance.js';
import type { Outcome, Refusal } from './outcome.js';
import type { LoadedAccount } from './state.js';

/** A decision as it was kept under its key. */
export interface KeptDecision {
  readonly input: string;
  readonly outcome: string;
  readonly reservationId: string | null;
}

/** What is kept of an answer: figures as they were, and ids of what is shown as it is when the answer is repeated. */
type Kept =
  | { readonly k: 'reservation' }
  | { readonly k: 'granted'; readonly grantId: string }
  | { readonly k: 'refused'; readonly refusal: KeptRefusal; readonly holdIds?: readonly string[] };
type KeptRefusal =
  | Exclude<Refusal, { kind: 'ReservationClosed' | 'IdempotencyConflict' }>
  | Omit<Extract<Refusal, { kind: 'ReservationClosed' }>, 'reservation'>;

/** The usual answer, kept in one letter. */
const RESERVATION = 'r';

function parseKept(kept: KeptDecision): Kept {
  return kept.outcome === RESERVATION ? { k: 'reservation' } : (JSON.parse(kept.outcome) as Kept);
}

/** The text of a decision's input; fields in the order of the command, so that equal inputs are equal texts. */
export function inputText(keyed: Keyed): string {
  return JSON.stringify(keyed.input);
}

/** The text under which an answer is kept. */
export function keepOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'reservation':
      return RESERVATION;
    case 'granted':
      return JSON.stringify({ k: 'granted', grantId: outcome.grant.id } satisfies Kept);
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
    default:
      throw new TypeError(`${outcome.kind} is not kept`);
  }
}

/** Reservations and grants that repeating a kept answer shows as they are now. */
export function shownBy(kept: KeptDecision): { reservationIds: readonly string[]; grantIds: readonly string[] } {
  const parsed = parseKept(kept);
  return {
    reservationIds: [
      ...(kept.reservationId === null ? [] : [kept.reservationId]),
      ...(parsed.k === 'refused' ? (parsed.holdIds ?? []) : []),
    ],
    grantIds: parsed.k === 'granted' ? [parsed.grantId] : [],
  };
}

/** The input fields that differ between a key's first use and this one. */
export function differingFields(kept: KeptDecision, keyed: Keyed): string[] {
  if (kept.input === inputText(keyed)) return [];
  const first = JSON.parse(kept.input) as Record<string, unknown>;
  const now = JSON.parse(inputText(keyed)) as Record<string, unknown>;
  return [...new Set([...Object.keys(first), ...Object.keys(now)])].filter(
    (field) => JSON.stringify(first[field] ?? null) !== JSON.stringify(now[field] ?? null),
  );
}

/**
 * The answer to a key that was used before: the first decision, or IdempotencyConflict when the input differs.
 *
 * Figures are those of the first decision; reservation, grant and balance are shown as they are now.
 * Source: docs/domain.md, Idempotency
 */
export function replay(kept: KeptDecision, keyed: Keyed, account: LoadedAccount, wasAnswered: boolean): Outcome {
  const fields = differingFields(kept, keyed);
  if (fields.length > 0) return { kind: 'refused', refusal: { kind: 'IdempotencyConflict', fields }, replayed: false };
  const parsed = parseKept(kept);
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
    case 'granted': {
      const grant = account.grants.get(parsed.grantId);
      if (!grant) throw new Error(`grant ${parsed.grantId} of a kept decision is not loaded`);
      return {
        kind: 'granted',
        grant: { ...grant, accountId: account.head.id },
        balance: balanceOf(account.head, grant.creditType),
        replayed: wasAnswered,
      };
    }
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
