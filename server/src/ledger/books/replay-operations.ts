import { CREDIT_TYPES, type CreditType } from '../../catalog/catalog.js';
import { factsOf, isCause } from '../core/cause.js';
import { changedLine } from '../core/changed-state.js';
import { fillLines, linesAt, shareAmount, shareOperations } from '../core/fill-lines.js';
import { inputFromText } from '../core/kept-text.js';
import type { OperationLine } from '../core/command.js';
import type { ReservationLine, ReservationState } from '../core/state.js';
import { hasEntry, type PlacedFields } from '../rows/journal-rows.js';

/** A group that committed something of a reservation. */
interface Part {
  readonly version: number;
  readonly amount: number;
  /** What was done, where the commit told it. */
  readonly operations: readonly OperationLine[] | null;
}

const doneIn = (lines: readonly ReservationLine[]): number => lines.reduce((sum, { done }) => sum + done, 0);

/**
 * How many operations of one account each group did: entries do not tell, the lines of reservations tell it of all their groups
 * together. One that was committed in parts has its parts filled into its lines again; what the last part did is what is left.
 */
export class ReplayedOperations {
  private readonly parts = new Map<string, Part[]>();
  private readonly done: Record<CreditType, { readonly version: number; readonly operations: number }[]> = {
    STANDARD: [],
    SCAN: [],
  };

  addGroup(group: readonly PlacedFields[]): void {
    const [first] = group;
    if (!first?.reservationId || !isCause(first.cause)) return;
    const { effect } = factsOf(first.cause);
    if (effect !== 'commits' && effect !== 'opens and commits') return;
    const amount = group
      .filter(hasEntry)
      .reduce((sum, { kind, amount: moved }) => (kind === 'COMMIT' ? sum + moved : sum), 0);
    const part = { version: first.version, amount, operations: effect === 'commits' ? toldBy(first.input) : null };
    const known = this.parts.get(first.reservationId);
    if (known) known.push(part);
    else this.parts.set(first.reservationId, [part]);
  }

  addReservation(reservation: ReservationState): void {
    const { id, creditType, lines } = reservation;
    const parts = this.parts.get(id) ?? [];
    let filled: readonly ReservationLine[] = lines.map((line) => changedLine(line, { committed: 0, done: 0 }));
    for (const [index, { version, amount, operations }] of parts.entries()) {
      const before = doneIn(filled);
      if (index === parts.length - 1) filled = lines;
      else {
        const there = linesAt(filled, version);
        const shares = operations ? shareOperations(there, operations, amount) : shareAmount(there, amount);
        const left = fillLines({ ...reservation, lines: there }, shares, false, operations !== null);
        filled = [...left, ...filled.slice(there.length)];
      }
      this.done[creditType].push({ version, operations: doneIn(filled) - before });
    }
  }

  /** Done in groups before a version, by credit type. Once all reservations are added. */
  before(version: number): Readonly<Record<CreditType, number>> {
    const sums = { STANDARD: 0, SCAN: 0 };
    for (const creditType of CREDIT_TYPES)
      for (const one of this.done[creditType]) if (one.version < version) sums[creditType] += one.operations;
    return sums;
  }
}

/** The operations that a commit's input tells. */
function toldBy(input: string | null): readonly OperationLine[] | null {
  if (input === null) return null;
  try {
    const { operations } = inputFromText(input) as { readonly operations?: readonly OperationLine[] | null };
    return operations ?? null;
  } catch {
    // That it cannot be read is said where answers are compared.
    return null;
  }
}
