import { UnknownFormat } from '../../kit/format-version.js';
import { keepOutcome } from '../core/idempotency.js';
import { answerFromText, inputFromText, rowToText, topUpToText } from '../core/kept-text.js';
import type { Draw, LevelRule, ReservationLine } from '../core/state.js';
import { factsFromText } from '../core/events.js';
import { balanceFromText } from './event-text.js';
import { levelsFromText, levelsToText } from './levels-text.js';
import { drawsFromText, drawsToText, linesFromText, linesToText } from './reservation-text.js';

/* What is written today, to the letter, and what is read: the first version without a number, and no version that is not known. */

const LINE: ReservationLine = {
  operation: 'image.short',
  name: 'Short "image"',
  feature: 'PRODUCTION_ROOM',
  type: 'IMAGE',
  quantity: 3,
  unitCredits: 5,
  credits: 15,
  committed: 10,
  done: 2,
  added: null,
};
const LINES = '[["image.short","Short \\"image\\"","PRODUCTION_ROOM","IMAGE",3,5,15,10,2]]';

const DRAW: Draw = {
  grantId: '019361d2-0b5c-7000-8000-0123456789ab',
  source: 'BONUS',
  credits: 15,
  held: 5,
  expiresAt: null,
};
const ALLOWANCE: Draw = { ...DRAW, source: 'ALLOWANCE', expiresAt: 1_769_853_600_000 };
const DRAWS =
  '[["019361d2-0b5c-7000-8000-0123456789ab","BONUS",15,5,null],["019361d2-0b5c-7000-8000-0123456789ab","ALLOWANCE",15,5,1769853600000]]';

const RULES: readonly LevelRule[] = [
  { level: 'LOW', percent: 20, credits: null, base: 100, firedAt: 20 },
  { level: 'CRITICAL', percent: null, credits: 7, base: 100, firedAt: null },
  { level: 'EMPTY', percent: null, credits: 0, base: 100, firedAt: 0 },
];
const LEVELS = 'L,20,,100,1,20|C,,7,100,0,|E,,0,100,1,0';

const BALANCE = {
  accountId: '019361d2-0b5c-7000-8000-0123456789ab',
  creditType: 'STANDARD',
  available: 5,
  held: 1,
  version: 9,
};
const RESET = {
  period: { number: 1, start: 0, end: 1 },
  granted: 100,
  forfeited: 5,
  rolledOver: 0,
  nextResetAt: 1,
};

test('lines', () => {
  expect(linesToText([LINE])).toBe(LINES);
  expect(linesFromText(LINES)).toEqual([LINE]);
  expect(linesFromText(LINES.replace('[', '[1,'))).toEqual([LINE]);
  expect(() => linesFromText(LINES.replace('[', '[3,'))).toThrow(UnknownFormat);
});

test('lines of which some were added: in the second version', () => {
  const grown = [LINE, { ...LINE, committed: 0, added: { version: 7, priceListVersion: 3 } }];
  const text = `[2,${LINES.slice(1, -1)},["image.short","Short \\"image\\"","PRODUCTION_ROOM","IMAGE",3,5,15,0,2,7,3]]`;
  expect(linesToText(grown)).toBe(text);
  expect(linesFromText(text)).toEqual(grown);
});

test('draws', () => {
  expect(drawsToText([DRAW, ALLOWANCE])).toBe(DRAWS);
  expect(drawsFromText(DRAWS)).toEqual([DRAW, ALLOWANCE]);
  expect(drawsFromText('[]')).toEqual([]);
  expect(drawsFromText('[1]')).toEqual([]);
  expect(() => drawsFromText('[7]')).toThrow(
    'draws of reservations have the format 7, and this version of the program reads formats up to 1',
  );
});

test('low-balance rules', () => {
  expect(levelsToText(RULES)).toBe(LEVELS);
  expect(levelsFromText(LEVELS)).toEqual(RULES);
  expect(levelsFromText(`1:${LEVELS}`)).toEqual(RULES);
  expect(levelsFromText('')).toEqual([]);
  expect(() => levelsFromText(`2:${LEVELS}`)).toThrow(UnknownFormat);
});

test('answers under keys, and the inputs beside them', () => {
  const refused = { kind: 'refused', refusal: { kind: 'OperationUnknown', operation: 'x' }, replayed: false } as const;
  const text = '{"k":"refused","refusal":{"kind":"OperationUnknown","operation":"x"}}';
  expect(keepOutcome(refused, false)).toBe(text);
  expect(answerFromText(text)).toEqual({ k: 'refused', refusal: refused.refusal });
  expect(answerFromText('r')).toEqual({ k: 'reservation' });
  expect(inputFromText('{"credits":5}')).toEqual({ credits: 5 });
  expect(() => answerFromText(text.replace('{', '{"v":4,'))).toThrow(UnknownFormat);
  expect(() => inputFromText('{"v":2,"credits":5}')).toThrow(UnknownFormat);
  for (const broken of ['null', '5', '"text"']) expect(() => inputFromText(broken)).toThrow();
});

test('rows that answered: grants in the first version, whatever else in the second', () => {
  const granted = '{"k":"granted","grantId":"019361d2-0b5c-7000-8000-0123456789ab"}';
  const kept = { k: 'row', of: 'grants', id: '019361d2-0b5c-7000-8000-0123456789ab' } as const;
  expect(rowToText(kept.of, kept.id, true)).toBe(granted);
  const same = rowToText(kept.of, kept.id, false);
  expect(same).toBe(granted.replace('}', ',"same":true}'));
  expect(answerFromText(same)).toEqual({ ...kept, same: true });
  expect(answerFromText(granted)).toEqual(kept);
  expect(answerFromText('{"v":2,"k":"row","of":"grants","id":"019361d2-0b5c-7000-8000-0123456789ab"}')).toMatchObject(
    kept,
  );
});

test('how auto top-up was set: in the third version', () => {
  const bought = '{"v":3,"k":"topUp","creditType":"SCAN","purchaseId":"019361d2-0b5c-7000-8000-0123456789ab"}';
  const kept = { k: 'topUp', creditType: 'SCAN', purchaseId: '019361d2-0b5c-7000-8000-0123456789ab' } as const;
  expect(topUpToText(kept.creditType, kept.purchaseId, true)).toBe(bought);
  expect(answerFromText(bought)).toMatchObject(kept);
  expect(topUpToText('STANDARD', null, false)).toBe(
    '{"v":3,"k":"topUp","creditType":"STANDARD","purchaseId":null,"same":true}',
  );
});

test('what events say', () => {
  expect(balanceFromText(JSON.stringify(BALANCE))).toEqual(BALANCE);
  expect(factsFromText('PERIOD_RESET', JSON.stringify({ reset: RESET }))).toEqual({ reset: RESET });
  expect(() => balanceFromText(JSON.stringify({ v: 2, ...BALANCE }))).toThrow(UnknownFormat);
  expect(() => factsFromText('PERIOD_RESET', JSON.stringify({ v: 2, reset: RESET }))).toThrow(UnknownFormat);
});
