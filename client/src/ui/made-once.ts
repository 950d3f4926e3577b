/**
 * Makes each formatter of `Intl` once: making one takes a hundred times as long as writing a number with it.
 *
 * @param make  makes it from a locale and options; what it reads beside these is read once
 * @returns gives the same formatter for the same locale and the same options, in the same order
 */
export function madeOnce<TOptions, TFormatter>(
  make: (locale: string, options: TOptions) => TFormatter,
): (locale: string, options: TOptions) => TFormatter {
  const made = new Map<string, TFormatter>();
  return (locale, options) => {
    const key = `${locale} ${JSON.stringify(options)}`;
    const present = made.get(key);
    if (present !== undefined) return present;
    const formatter = make(locale, options);
    made.set(key, formatter);
    return formatter;
  };
}
