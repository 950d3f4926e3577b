import { listFromText } from '../../kit/format-version.js';
import type { Draw, ReservationLine } from '../core/state.js';
import type { TextForm } from './describe-row.js';

/*
 * Lines and draws of a reservation as the database keeps them: short JSON arrays, without the names of the fields. Versions: docs/upgrades.md
 */

/** Lines with which a reservation was opened are written in the first version, as they always were; with added ones all are in the second. */
export function linesToText(lines: readonly ReservationLine[]): string {
  const isGrown = lines.length > 0 && lines[lines.length - 1]?.added !== null;
  const items = lines.map((line) => {
    const { added } = line;
    const tuple: LineTuple = [
      line.operation,
      line.name,
      line.feature,
      line.type,
      line.quantity,
      line.unitCredits,
      line.credits,
      line.committed,
      line.done,
    ];
    return added === null ? tuple : [...tuple, added.version, added.priceListVersion];
  });
  return JSON.stringify(isGrown ? [2, ...items] : items);
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
/** The second version: behind those of an added line stand the account version that added it, and its price list. */
type GrownTuple = [...LineTuple, number?, number?];

/** Readers of lines, one for each version of their format. */
const LINES = [toLines, toLines] as const;

function toLines(items: readonly GrownTuple[]): ReservationLine[] {
  return items.map((item) => toLine(item));
}

function toLine([
  operation,
  name,
  feature,
  type,
  quantity,
  unitCredits,
  credits,
  committed,
  done,
  version,
  priceListVersion,
]: GrownTuple): ReservationLine {
  return {
    operation,
    name,
    feature,
    type,
    quantity,
    unitCredits,
    credits,
    committed,
    done,
    added: version === undefined || priceListVersion === undefined ? null : { version, priceListVersion },
  };
}

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
