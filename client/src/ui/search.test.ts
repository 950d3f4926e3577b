import fc from 'fast-check';
import { declareSearch, oneOf } from './search.js';

const filters = declareSearch({ days: oneOf(7, 30, 90), spend: oneOf('chart', 'table') }, { days: 30, spend: 'chart' });
const defaults = { days: 30, spend: 'chart' };

test.each([
  ['', defaults],
  ['?', defaults],
  ['days=7', { days: 7, spend: 'chart' }],
  ['?days=90&spend=table&as=pro', { days: 90, spend: 'table' }],
  // What is said badly counts as not said, each parameter by itself.
  ['days=8&spend=table', { days: 30, spend: 'table' }],
  ['days=&spend=TABLE', defaults],
  ['days=7.0', defaults],
  ['days=1e1', defaults],
  ['days=%zz&spend=%F0%9F', defaults],
  ['days=7&days=90', { days: 7, spend: 'chart' }],
  ['__proto__=7&constructor=table', defaults],
])('%p says %p', (search, said) => {
  expect(filters.read(search)).toEqual(said);
});

test('a default is left out, and what others put into the address stays', () => {
  expect(filters.write('as=pro', { days: 7 })).toBe('as=pro&days=7');
  expect(filters.write('?as=pro&days=7&spend=table', { days: 30 })).toBe('as=pro&spend=table');
  expect(filters.write('as=pro&days=7', { spend: 'table' })).toBe('as=pro&days=7&spend=table');
  expect(filters.write('days=7&days=90', { days: 90 })).toBe('days=90');
  expect(filters.write('as=pro', {})).toBe('as=pro');
});

test('what was written is read again, over any address', () => {
  const days = fc.constantFrom<7 | 30 | 90>(7, 30, 90);
  const spend = fc.constantFrom<'chart' | 'table'>('chart', 'table');
  fc.assert(
    fc.property(fc.webQueryParameters(), days, spend, (search, ...[chosen, shown]) => {
      const written = filters.write(search, { days: chosen, spend: shown });
      expect(filters.read(written)).toEqual({ days: chosen, spend: shown });
      expect(filters.write(written, filters.read(written))).toBe(written);
    }),
    { seed: 20_261_127 },
  );
});

test('values have the types of their parameters', () => {
  const { days, spend } = filters.read('');
  const isTyped: [7 | 30 | 90, 'chart' | 'table'] = [days, spend];
  expect(isTyped).toEqual([30, 'chart']);
  // @ts-expect-error 8 is none of the days that were declared
  expect(filters.write('', { days: 8 })).toBe('days=8');
});
