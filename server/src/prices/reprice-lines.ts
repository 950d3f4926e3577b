import type { ReservationLine } from '../ledger/core/state.js';
import type { CommittedLine } from './read-committed-lines.js';

/** What was committed of one operation, and what other costs would have made of it. Credits beyond 2^53 can only be asked for. */
export interface RepricedOperation {
  readonly operations: number;
  readonly creditsThen: number;
  readonly creditsWith: bigint;
  /** A line of it, and the reservation that it is of: what shows an operation that no list has any more. */
  readonly example: CommittedLine;
}

/**
 * What was committed of a line so far, at another cost of its operation.
 *
 * Whole operations cost the new cost each. Where an amount was committed that ends within an operation, or goes beyond the line, it is the
 * same part of an operation: at the cost that it had, exactly what was committed. Rounded down, once for a line. What was free counts by the
 * operations that were done, and what passed as a courtesy still does.
 */
export function costOfLine({ unitCredits, credits, committed, done }: ReservationLine, cost: number): bigint {
  if (unitCredits === 0) return BigInt(done) * BigInt(cost);
  if (credits === 0) return 0n;
  return (BigInt(committed) * BigInt(cost)) / BigInt(unitCredits);
}

/** Sums committed lines by operation. @param costs  of those operations that are to cost something else */
export function repriceLines(
  lines: readonly CommittedLine[],
  costs: ReadonlyMap<string, number>,
): ReadonlyMap<string, RepricedOperation> {
  const found = new Map<string, RepricedOperation>();
  for (const line of lines) {
    const { before, after } = line;
    const committed = after.committed - before.committed;
    const cost = costs.get(after.operation);
    const known = found.get(after.operation);
    found.set(after.operation, {
      operations: (known?.operations ?? 0) + after.done - before.done,
      creditsThen: (known?.creditsThen ?? 0) + committed,
      creditsWith:
        (known?.creditsWith ?? 0n) +
        (cost === undefined ? BigInt(committed) : costOfLine(after, cost) - costOfLine(before, cost)),
      example: known?.example ?? line,
    });
  }
  return found;
}
