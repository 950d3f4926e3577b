import { factsOf, isCause } from '../ledger/core/cause.js';
import { changedLine } from '../ledger/core/changed-state.js';
import type { OperationLine } from '../ledger/core/command.js';
import { fillLines, linesAt, shareAmount, shareOperations } from '../ledger/core/fill-lines.js';
import { inputFromText } from '../ledger/core/kept-text.js';
import type { ReservationLine, ReservationState } from '../ledger/core/state.js';

/** One commit of a reservation, as the journal keeps it. */
export interface CommittedPart {
  readonly version: number;
  readonly cause: string;
  readonly credits: number;
  /** What the commit said, as it is kept under its key. */
  readonly input: string;
}

type Lines = readonly ReservationLine[];

/** The lines of a reservation as if nothing of them had been committed. */
function untouched({ lines }: ReservationState): Lines {
  return lines.map((line) => changedLine(line, { committed: 0, done: 0 }));
}

/**
 * The lines of a reservation as some of its commits, the first ones in their order, left them.
 *
 * @param reservation  as it is now
 */
export function replayLines(reservation: ReservationState, parts: readonly CommittedPart[]): Lines {
  let lines = untouched(reservation);
  for (const { version, cause, credits, input } of parts) {
    // Held and committed in one step: it is as that step left it.
    if (isCause(cause) && factsOf(cause).effect === 'opens and commits') return reservation.lines;
    const { operations, outcome } = inputFromText(input) as {
      readonly operations: readonly OperationLine[] | null;
      readonly outcome: string;
    };
    const there = linesAt(lines, version);
    const shares = operations === null ? shareAmount(there, credits) : shareOperations(there, operations, credits);
    const closes = reservation.status === 'COMMITTED' && reservation.version === version;
    const endsWell = closes && outcome === 'SUCCEEDED';
    const left = fillLines({ ...reservation, lines: there }, shares, endsWell, operations !== null);
    lines = [...left, ...lines.slice(there.length)];
  }
  return lines;
}
