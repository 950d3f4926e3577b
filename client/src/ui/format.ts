import { plural } from '@lingui/core/macro';
import { language } from './language.js';
import { madeOnce } from './made-once.js';

/**
 * The first of the viewer's languages that numbers and dates can be written in; English when there is none.
 *
 * Browsers and crawlers also say `C`, `en-US@posix`, nothing or an empty text, which `Intl` refuses by throwing.
 */
export function localeOf(languages: readonly string[] | null | undefined): string {
  for (const name of languages ?? []) {
    try {
      const [known] = Intl.NumberFormat.supportedLocalesOf(name);
      if (known !== undefined) return known;
    } catch {
      // Not the name of a language.
    }
  }
  return 'en';
}

/**
 * The language of the page's own sentences, with the viewer's region: whatever is written in it follows it, numbers too, so that
 * no sentence is in two languages; "12 Dec, 14:00" in English for Germany, "Dec 12, 2:00 PM" for the United States.
 */
export function textLocaleOf(locale: string, wanted: string): string {
  const { language: own, region } = new Intl.Locale(locale).maximize();
  return own === wanted ? locale : `${wanted}-${region ?? '001'}`;
}

/** In which all numbers, dates and sentences of the page are written. */
export const textLocale: string = textLocaleOf(
  localeOf(typeof navigator === 'undefined' ? [] : navigator.languages),
  language,
);

/** The digits of all languages: a page with two numbering systems would be read as having two kinds of numbers. */
export const digits = { numberingSystem: 'latn' };

const numbers = madeOnce(
  (locale: string, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, { ...digits, ...options }),
);

/** A whole number of credits, grouped as the page's language does. */
export function formatCredits(credits: number, locale: string = textLocale): string {
  return numbers(locale, { maximumFractionDigits: 0 }).format(credits);
}

/** What a person typed, within a sentence: its direction ends with it. Where it is shown by itself, `<bdi>` does the same. */
export function isolated(typed: string): string {
  return `\u2068${typed}\u2069`;
}

/** "1 credit", "1,220 credits". */
export function creditsInWords(credits: number, locale: string = textLocale): string {
  const number = formatCredits(credits, locale);
  return plural(credits, { one: `${number} credit`, other: `${number} credits` });
}

/** A percentage that floors, so that 99.6 never reads 100; anything above zero is at least "<1". */
export function formatPercent(percent: number, locale: string = textLocale): string {
  const format = (value: number): string =>
    numbers(locale, { style: 'percent', maximumFractionDigits: 0 }).format(value / 100);
  if (percent > 0 && percent < 1) return `<${format(1)}`;
  return format(Math.floor(percent));
}

/** Minor units of a currency: 700 USD is $7.00, 700 JPY is ¥700. */
export function formatMoney(amountMinor: number, currency: string, locale: string = textLocale): string {
  const format = numbers(locale, { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** decimals);
}

/** "+79", "−5" with a true minus sign, "0". */
export function formatSigned(credits: number, locale: string = textLocale): string {
  return numbers(locale, { signDisplay: 'exceptZero', maximumFractionDigits: 0 })
    .format(credits)
    .replace('-', '\u2212');
}
