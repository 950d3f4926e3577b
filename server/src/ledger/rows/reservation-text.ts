import { listFromText } from '../../kit/format-version.js';
import type { Draw, ReservationLine } from '../core/state.js';
import type { TextForm } from './describe-row.js';

/*
 * Lines and draws of a reservation as the database keeps them: short JSON arrays, without the names of the fields. Versions: docs/upgrades.md
 */

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

/** Readers of lines, one for each version of their format. */
const LINES: readonly ((items: readonly LineTuple[]) => ReservationLine[])[] = [
  (items) =>
    items.map(([operation, name, feature, type, quantity, unitCredits, credits, committed, done]) => ({
      operation,
      name,
      feature,
      type,
      quantity,
      unitCredits,
      credits,
      committed,
      done,
    })),
];

export function linesFromText(text: string): ReservationLine[] {
  return listFromText('lines of reservations', text, LINES);
}

export function drawsToText(draws: readonly Draw[]): string {
  // Ids and the names of sources need no escapes.
  let text = '';
  for (const { grantId, source, credits, held, expiresAt } of draws)
    text += `${text === '' ? '' : ','}["${grantId}","${source}",${credits},${held},${expiresAt}]`;
  return `[${text}]`;
}

type DrawTuple = [string, Draw['source'], number, number, number | null];

/** Readers of draws, one for each version of their format. */
const DRAWS: readonly ((items: readonly DrawTuple[]) => Draw[])[] = [
  (items) =>
    items.map(([grantId, source, credits, held, expiresAt]) => ({ grantId, source, credits, held, expiresAt })),
];

export function drawsFromText(text: string): Draw[] {
  return listFromText('draws of reservations', text, DRAWS);
}

export const LINES_TEXT: TextForm<readonly ReservationLine[]> = { toText: linesToText, fromText: linesFromText };
export const DRAWS_TEXT: TextForm<readonly Draw[]> = { toText: drawsToText, fromText: drawsFromText };
