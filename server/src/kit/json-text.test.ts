import * as fc from 'fast-check';
import { JSON_DEPTH_MAX, exactJson } from './json-text.js';

const read = (text: string): unknown => JSON.parse(exactJson(text) ?? 'null');

test.each([
  ['4.0000000000000000001', 4.000000000000001],
  ['-4.0000000000000000001', -4.000000000000001],
  ['0.99999999999999999999', 0.9999999999999999],
  ['40000000000000000001e-19', 4.000000000000001],
  ['1e-400', Number.MIN_VALUE],
  ['-1e-400', -Number.MIN_VALUE],
  ['0.000000001e-999999', Number.MIN_VALUE],
  ['9007199254740990.5', Infinity],
])('%s keeps a fraction', (text, value) => {
  expect(read(text)).toBe(value);
  expect(read(`{"input":{"amount":${text}}}`)).toEqual({ input: { amount: value } });
  expect(Number.isInteger(read(text))).toBe(false);
});

test.each(['4', '4.0', '4.50', '1e3', '1E+3', '12.5e1', '100e-2', '0.0', '0e-5', '-0.0', '9007199254740993', '1e400'])(
  '%s is read as JSON.parse reads it',
  (text) => {
    expect(exactJson(text)).toBe(text);
  },
);

test('long numbers and strings without an end take no long time', () => {
  expect(read(`3.${'0'.repeat(200_000)}1`)).toBe(3.0000000000000004);
  expect(read(`3.${'0'.repeat(200_000)}`)).toBe(3);
  for (const text of [`1.0${'"\\'.repeat(100_000)}`, `1.0${'"\\"'.repeat(60_000)}`, '1.'.repeat(100_000)])
    expect(exactJson(text)).toBe(text);
});

test('what looks like a number inside a string is left alone', () => {
  const text = JSON.stringify({ 'a"4.0000000000000000001': ['\\', '\\"4.0000000000000000001', 1.5, 'x4e-400'] });
  expect(exactJson(text)).toBe(text);
});

test(`${JSON_DEPTH_MAX} levels are read, one more is not, brackets in strings are none`, () => {
  const nested = (levels: number): string => '[{"a":'.repeat(levels / 2) + '1' + '}]'.repeat(levels / 2);
  expect(exactJson(nested(JSON_DEPTH_MAX))).toBe(nested(JSON_DEPTH_MAX));
  expect(exactJson(nested(JSON_DEPTH_MAX + 2))).toBeNull();
  expect(exactJson(JSON.stringify('['.repeat(500)))).not.toBeNull();
});

test('every JSON value is read like JSON.parse reads it, unless it is too deep', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(read(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('text that is no JSON stays none', () => {
  for (const text of ['', '"', '{"a', '1.', '.5', '-', '1.e5', '"\\'])
    expect(() => read(text) ?? JSON.parse('')).toThrow();
});
