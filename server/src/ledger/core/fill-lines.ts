import { changedLine } from './changed-state.js';
import type { ReservationLine, ReservationState } from './state.js';

/** Credits to book to each line, and how many operations of it are said to be done (null: follow from the credits). */
export interface LineShare {
  readonly index: number;
  readonly credits: number;
  readonly operations: number | null;
}

/** What one operation of a line costs in this reservation: 0 where a courtesy paid for the line. */
export function effectiveUnit(line: ReservationLine): number {
  return line.credits === 0 ? 0 : line.unitCredits;
}

/** An amount fills the lines in their order; an excess belongs to the last line. Source: docs/domain.md, Quote, reserve, commit */
export function shareAmount(lines: readonly ReservationLine[], amount: number): LineShare[] {
  const shares: LineShare[] = [];
  let rest = amount;
  for (let index = 0; index < lines.length && rest > 0; index++) {
    const line = lines[index] as ReservationLine;
    const isLast = index === lines.length - 1;
    const part = isLast ? rest : Math.min(rest, Math.max(0, line.credits - line.committed));
    if (part > 0) shares.push({ index, credits: part, operations: null });
    rest -= part;
  }
  return shares;
}

/** The lines that a reservation had at a version of its account: all but those that were added later. */
export function linesAt(lines: readonly ReservationLine[], version: number): readonly ReservationLine[] {
  const last = lines.at(-1);
  if (last === undefined || last.added === null || last.added.version <= version) return lines;
  return lines.filter(({ added }) => added === null || added.version <= version);
}

/** Operations of one code, over the lines of that code in their order: each takes what is not done of it, the last one the rest. */
function shareWithin(lines: readonly ReservationLine[], indexes: readonly number[], quantity: number): PricedShare[] {
  const shares: PricedShare[] = [];
  let rest = quantity;
  for (const [position, index] of indexes.entries()) {
    const line = lines[index] as ReservationLine;
    const isLast = position === indexes.length - 1;
    const operations = isLast ? rest : Math.min(rest, Math.max(0, line.quantity - line.done));
    if (operations > 0) shares.push({ index, credits: operations * effectiveUnit(line), operations });
    rest -= operations;
  }
  return shares;
}

interface PricedShare extends LineShare {
  readonly operations: number;
}

/**
 * What operations that were done cost: those of a code fill the lines of that code in their order, each at its own price.
 *
 * @param done  code and quantity, each of a reserved operation
 * Source: docs/domain.md, Quote, reserve, commit
 */
export function priceDone(
  lines: readonly ReservationLine[],
  done: readonly { readonly operation: string; readonly quantity: number }[],
): readonly LineShare[] {
  const filled = [...lines];
  const shares: LineShare[] = [];
  for (const { operation, quantity } of done) {
    const indexes = lines.flatMap((line, index) => (line.operation === operation ? [index] : []));
    for (const share of shareWithin(filled, indexes, quantity)) {
      shares.push(share);
      const line = filled[share.index] as ReservationLine;
      filled[share.index] = changedLine(line, { committed: line.committed, done: line.done + share.operations });
    }
  }
  return shares;
}

/**
 * The operations that were done, at their reserved prices, up to the credits that could be had.
 *
 * @param done  as in `priceDone`
 * @param credits  what is really committed, at most what they cost
 */
export function shareOperations(
  lines: readonly ReservationLine[],
  done: readonly { readonly operation: string; readonly quantity: number }[],
  credits: number,
): LineShare[] {
  let rest = credits;
  return priceDone(lines, done).map(({ index, credits: asked, operations }) => {
    const part = Math.min(rest, asked);
    rest -= part;
    return { index, credits: part, operations };
  });
}

/**
 * Books shares to a reservation's lines.
 *
 * An amount that reaches into an operation counts it as done; when the work has ended well, lines that cost nothing
 * count in full unless the operations that were done have been told.
 */
export function fillLines(
  reservation: ReservationState,
  shares: readonly LineShare[],
  endsWell: boolean,
  isTold: boolean,
): readonly ReservationLine[] {
  const lines = [...reservation.lines];
  for (const { index, credits, operations } of shares) {
    const line = lines[index] as ReservationLine;
    const unit = effectiveUnit(line);
    const committed = line.committed + credits;
    const reached = unit === 0 ? line.done : Math.min(line.quantity, Math.ceil(committed / unit));
    lines[index] = changedLine(line, {
      committed,
      done: operations === null ? Math.max(line.done, reached) : line.done + operations,
    });
  }
  if (endsWell && !isTold)
    for (const [index, line] of lines.entries())
      if (effectiveUnit(line) === 0 && line.done < line.quantity)
        lines[index] = changedLine(line, { committed: line.committed, done: line.quantity });
  return lines;
}
