import { madeOnce } from './made-once.js';

test('the same locale and options give the same formatter, others another', () => {
  let makes = 0;
  const formats = madeOnce((locale: string, options: Intl.NumberFormatOptions) => {
    makes++;
    return new Intl.NumberFormat(locale, options);
  });
  expect(formats('de', { maximumFractionDigits: 1 })).toBe(formats('de', { maximumFractionDigits: 1 }));
  expect([formats('en', { maximumFractionDigits: 1 }), formats('de', {})].map((each) => each.format(1.25))).toEqual([
    '1.3',
    '1,25',
  ]);
  expect(makes).toBe(3);
});
