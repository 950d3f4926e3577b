import type { Draw, ReservationLine } from '../core/state.js';

/** Lines and draws of a reservation as the database keeps them: short JSON arrays, without the names of the fields. */

export function linesToText(lines: readonly ReservationLine[]): string {
  return JSON.stringify(
    lines.map((line) => [
      line.operation,
      line.name,
      line.feature,
      line.type,
      line.quantity,
      line.unitCredits,
      line.credits,
      line.committed,
      line.done,
    ]),
  );
}

type LineTuple = [
  ReservationLine['operation'],
  ReservationLine['name'],
  ReservationLine['feature'],
  ReservationLine['type'],
  number,
  number,
  number,
  number,
  number,
];

export function linesFromText(text: string): ReservationLine[] {
  return (JSON.parse(text) as LineTuple[]).map(
    ([operation, name, feature, type, quantity, unitCredits, credits, committed, done]) => ({
      operation,
      name,
      feature,
      type,
      quantity,
      unitCredits,
      credits,
      committed,
      done,
    }),
  );
}

export function drawsToText(draws: readonly Draw[]): string {
  // Ids and the names of sources need no escapes.
  let text = '';
  for (const { grantId, source, credits, held, expiresAt } of draws)
    text += `${text === '' ? '' : ','}["${grantId}","${source}",${credits},${held},${expiresAt}]`;
  return `[${text}]`;
}

export function drawsFromText(text: string): Draw[] {
  return (JSON.parse(text) as [string, Draw['source'], number, number, number | null][]).map(
    ([grantId, source, credits, held, expiresAt]) => ({ grantId, source, credits, held, expiresAt }),
  );
}
