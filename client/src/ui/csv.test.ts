import fc from 'fast-check';
import { csvOf } from './csv.js';
import type { Cell } from './csv.js';

/** Reads CSV as a spreadsheet does; every cell is a text. */
function parse(csv: string): string[][] {
  const rows: string[][] = [];
  let [row, cell, isQuoted]: [string[], string, boolean] = [[], '', false];
  const text = csv.replace(/^\uFEFF/, '');
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (isQuoted && sign === '"' && text[at + 1] === '"') cell += text[++at];
    else if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && sign === ',') {
      row.push(cell);
      cell = '';
    } else if (!isQuoted && sign === '\r' && text[at + 1] === '\n') {
      at++;
      rows.push([...row, cell]);
      [row, cell] = [[], ''];
    } else cell += sign;
  }
  return rows;
}

test('begins with a byte order mark, ends every line, leaves a cell without a value empty', () => {
  expect(
    csvOf(
      ['Day', 'Credits'],
      [
        ['2026-11-18', 10],
        ['2026-11-19', null],
      ],
    ),
  ).toBe('\uFEFFDay,Credits\r\n2026-11-18,10\r\n2026-11-19,\r\n');
});

test.each([
  ['=HYPERLINK("http://x";"y")', '"\'=HYPERLINK(""http://x"";""y"")"'],
  ['+1', "'+1"],
  ['-1+1', "'-1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  [' =1', "' =1"],
  ['\r\n=1', '"\'\r\n=1"'],
  ['|cmd', "'|cmd"],
])('a text that would run is shown: %j', (typed, cell) => {
  expect(csvOf(['Project'], [[typed]])).toBe(`\uFEFFProject\r\n${cell}\r\n`);
});

test('a number stays one, also below zero', () => {
  expect(csvOf(['Change'], [[-5]])).toBe('\uFEFFChange\r\n-5\r\n');
});

test('what is written is read back, and no text begins as a formula', () => {
  const cells = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant(null)), {
    minLength: 2,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.array(cells, { maxLength: 5 }), (rows: Cell[][]) => {
      const [, ...read] = parse(csvOf(['A', 'B'], rows));
      expect(read.length).toBe(rows.length);
      for (const [index, row] of rows.entries())
        for (const [place, cell] of row.entries()) {
          const text = read[index]?.[place] ?? '';
          expect(text.replace(/^'/, '')).toBe(String(cell ?? '').replace(/^'/, ''));
          if (typeof cell === 'string') expect(text).not.toMatch(/^[=+\-@\t\r]/);
        }
    }),
  );
});
