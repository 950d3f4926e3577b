import { moneyText } from './money-text.js';

test.each([
  [0, 'USD', '0.00 USD'],
  [5, 'USD', '0.05 USD'],
  [2_900, 'USD', '29.00 USD'],
  [103_200, 'EUR', '1,032.00 EUR'],
  [1_234_567, 'JPY', '1,234,567 JPY'],
  [1_234, 'KWD', '1.234 KWD'],
  [Number.MAX_SAFE_INTEGER, 'USD', '90,071,992,547,409.91 USD'],
])('%d minor units of %s: %s', (amountMinor, currency, text) => {
  expect(moneyText({ amountMinor, currency })).toBe(text);
});
