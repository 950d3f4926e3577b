import { formatAgo, formatDayOfYear, formatInstant, formatRemaining } from './time.js';
import {
  creditsInWords,
  formatCredits,
  formatMoney,
  formatPercent,
  formatSigned,
  localeOf,
  textLocaleOf,
} from './format.js';

test.each<[string[] | undefined, string]>([
  [['de-DE', 'en'], 'de-DE'],
  [['en-US@posix'], 'en'],
  [['C'], 'en'],
  [[''], 'en'],
  [[], 'en'],
  [undefined, 'en'],
  [['C', 'fr-FR'], 'fr-FR'],
  [['*', 'xx-YY', 'hi'], 'hi'],
])('a browser that says %j is written to in %s', (languages, locale) => {
  expect(localeOf(languages)).toBe(locale);
  expect(formatCredits(1, textLocaleOf(localeOf(languages), 'en'))).toBe('1');
});

test.each([
  ['en', 12_345, '12,345'],
  ['de', 12_345, '12.345'],
  ['fr', 12_345, '12\u202f345'],
  ['hi', 1_234_567, '12,34,567'],
  ['ar-EG', 12_345, '12,345'],
  ['en', Number.MAX_SAFE_INTEGER, '9,007,199,254,740,991'],
])('credits in %s', (locale, credits, text) => {
  expect(formatCredits(credits, locale)).toBe(text);
});

test.each([
  [0, '0%'],
  [0.4, '<1%'],
  [1, '1%'],
  [38.7, '38%'],
  [99.6, '99%'],
  [99.999, '99%'],
  [100, '100%'],
])('%d percent reads %s: it floors, so only all is 100', (percent, text) => {
  expect(formatPercent(percent, 'en')).toBe(text);
});

test.each([
  ['en-US', 2_900, 'USD', '$29.00'],
  ['en-US', 700, 'JPY', '¥700'],
  ['en-US', 1_234, 'KWD', 'KWD\u00a01.234'],
  ['de', 900, 'USD', '9,00\u00a0$'],
])('money in %s: %d minor units of %s', (locale, amountMinor, currency, text) => {
  expect(formatMoney(amountMinor, currency, locale)).toBe(text);
});

test('one credit, two credits', () => {
  expect([creditsInWords(1, 'en'), creditsInWords(2, 'en'), creditsInWords(0, 'en')]).toEqual([
    '1 credit',
    '2 credits',
    '0 credits',
  ]);
});

test('a change has a sign, none when nothing changed', () => {
  expect([formatSigned(79, 'en'), formatSigned(-5, 'en'), formatSigned(0, 'en')]).toEqual(['+79', '\u22125', '0']);
});

test('words are in the page’s language with the viewer’s region', () => {
  const inLanguage = (language: string) => (locale: string) => textLocaleOf(locale, language);
  expect(['en-US', 'en', 'de', 'ar-EG', 'hi'].map(inLanguage('en'))).toEqual([
    'en-US',
    'en',
    'en-DE',
    'en-EG',
    'en-IN',
  ]);
  expect(['en-US', 'de-AT', 'de', 'fr-CA'].map(inLanguage('de'))).toEqual(['de-US', 'de-AT', 'de', 'de-CA']);
});

test.each(['de-DE', 'fr-FR', 'hi-IN', 'ar-EG'])(
  '%s: the digits of the text, in every kind of number and date',
  (locale) => {
    const at = Date.parse('2026-11-22T23:30:00.000Z');
    const all = [
      formatCredits(1_234_567, locale),
      creditsInWords(1_220, locale),
      formatPercent(38.7, locale),
      formatMoney(2_900, 'USD', locale),
      formatSigned(-5, locale),
      formatInstant(at, { locale }),
      formatDayOfYear(at, { locale }),
      formatRemaining(5 * 86_400_000, locale),
      formatAgo(at - 240_000, at, locale),
    ].join(' ');
    expect(all.match(/\p{Nd}/gu)?.filter((digit) => !/[0-9]/.test(digit))).toEqual([]);
  },
);
