import * as fc from 'fast-check';
import { checkName, checkVisible, composed, isVisible, isolate, readName } from './check-text.js';

const refused: [what: string, text: string][] = [
  ['a space', ' '],
  ['a no-break space', '\u00a0'],
  ['an ideographic space', '\u3000'],
  ['a zero width space', '\u200b'],
  ['zero width joiners', '\u200d\u200c'],
  ['a byte order mark', '\ufeff'],
  ['a soft hyphen', '\u00ad'],
  ['a Hangul filler', '\u3164'],
  ['an empty braille pattern', '\u2800'],
  ['a combining accent alone', '\u0301'],
  ['a variation selector', '\ufe0f'],
  ['tag characters', '\u{e0041}\u{e0042}'],
  ['an unassigned character', '\u0378'],
  ['a private character', '\ue000'],
  ['a NUL', 'a\u0000b'],
  ['a tab', 'a\tb'],
  ['a line break', 'a\nb'],
  ['an escape', 'a\u001b[31mb'],
  ['a C1 control', 'a\u0085b'],
  ['a line separator', 'a\u2028b'],
  ['a right-to-left override', 'invoice\u202efdp.exe'],
  ['a left-to-right mark', 'a\u200eb'],
  ['an Arabic letter mark', 'a\u061cb'],
  ['an isolate', '\u2067a\u2069'],
  ['half of a surrogate pair', 'a\ud800'],
];

test.each(refused)('%s is no name', (_what, text) => {
  expect(isVisible(text)).toBe(false);
  for (const check of [checkVisible, (field: string, given: string) => checkName(field, given, 200), readNameOf])
    expect(() => check('name', text)).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', field: 'name' } }) as Error,
    );
});

function readNameOf(field: string, text: string): string {
  return readName(field, text, 200);
}

test.each([
  'Studio',
  ' a ',
  'Zoë & Søn',
  'שלום',
  'استوديو',
  'می‌خواهم',
  '株式会社',
  'हिन्दी',
  '👩‍👩‍👧',
  '❤️',
  'e\u0301',
  '1',
])('%j is a name', (text) => {
  expect(isVisible(text)).toBe(true);
  expect(() => checkName('name', text, 200)).not.toThrow();
});

test('what looks the same is the same, and is counted so', () => {
  expect(readName('name', 'Zoe\u0308', 3)).toBe('Zo\u00eb');
  expect(composed('\u212b')).toBe('\u00c5');
  expect(() => readName('name', '', 3)).toThrow('1 to 3 characters');
  expect(() => readName('name', 'Zoes', 3)).toThrow('1 to 3 characters');
});

test('text that runs from right to left is isolated in a sentence, other text is as it was', () => {
  expect(isolate('שלום 5')).toBe('\u2068שלום 5\u2069');
  expect(isolate('استوديو')).toBe('\u2068استوديو\u2069');
  expect(isolate('Zoë 株')).toBe('Zoë 株');
  // As older rows may have it: an override, and the end of an isolation that would come too early.
  expect(isolate('\u202eabc')).toBe('abc');
  expect(isolate('\u2069ש\u2069')).toBe('\u2068ש\u2069');
});

test('a name stays one once it is composed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
      expect(composed(composed(text))).toBe(composed(text));
      expect(isVisible(composed(text))).toBe(isVisible(text));
    }),
  );
});
