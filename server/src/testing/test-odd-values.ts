/** Values at the edges of what the API takes, and beyond them. For tests. */

const NUMBERS = [
  '0',
  '1',
  '5',
  '100',
  '-1',
  '10000',
  '2147483647',
  '2147483648',
  '9007199254740991',
  '9007199254740993',
];
const ODD_NUMBERS = [
  '0',
  '-1',
  '2147483647',
  '2147483648',
  '9007199254740991',
  '9007199254740993',
  '1e400',
  '4.0',
  '4.0000000000000000001',
  '0.1',
  '-0',
  '1e-400',
  '99999999999999999999999999',
];
const STRINGS = ['x', 'image.short', 'deep_scan', 'A studio'];
const ODD_STRINGS = [
  '',
  'ünïcödé',
  '\u0000',
  '\u202e',
  '\u200b',
  '\ud800',
  '\u{1f600}',
  '__proto__',
  "'; DROP TABLE account; --",
  '${x}',
  '%s%n',
  'x'.repeat(300),
];
const INSTANTS = ['2026-01-01T00:00:00.000Z', '2026-03-01T12:30:00+02:00'];
const ODD_INSTANTS = [
  '1970-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T00:00:00Z',
  'now',
];
const DAYS = ['2026-01-01', '2026-01-31'];
const ODD_DAYS = ['2026-02-30', '0000-01-01', '9999-12-31', '1970-01-01', ''];
const ZONES = ['UTC', 'Europe/Berlin', 'IST', 'europe/berlin', 'Pacific/Apia', '+01:00'];
const ODD_TEXTS = [
  'null',
  '[]',
  '{}',
  '[[[[[1]]]]]',
  '{__proto__: 1}',
  '$nothing',
  'true',
  '1.5',
  'ENUM',
  '"""block"""',
  '"\\u0000"',
  '#',
  '\u0000',
  '{',
  '...',
  '@',
  '\ufeff',
  '"',
  '""""""',
];
const ODD_VALUES = [
  'null',
  '[]',
  '{}',
  '[[[[[1]]]]]',
  '{"__proto__":1}',
  '{"toJSON":1}',
  'true',
  '""',
  '"\\ud800"',
  '[null]',
  '1e400',
  '4.0000000000000000001',
  '"\\u0000"',
];

function pick(random: () => number, from: readonly string[]): string {
  return from[Math.floor(random() * from.length)] ?? '';
}

/** What no type wants there, as it is written in a document. */
export function oddText(random: () => number): string {
  return pick(random, ODD_TEXTS);
}

/** The same as JSON. */
export function oddValue(random: () => number): string {
  return random() < 0.05 ? deepText(random) : pick(random, ODD_VALUES);
}

/** JSON that is nested deeper than anything wants. */
export function deepText(random: () => number): string {
  const levels = 10 ** (1 + Math.floor(random() * 4));
  return random() < 0.5
    ? `${'['.repeat(levels)}${']'.repeat(levels)}`
    : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}

/** A value of a scalar, often one that exists: the same text in a document and in JSON. */
export function valueText(random: () => number, scalar: string, known: readonly string[]): string {
  if (known.length > 0 && random() < 0.8) return JSON.stringify(pick(random, known));
  const odd = random() < 0.12;
  switch (scalar) {
    case 'Boolean':
      return pick(random, ['true', 'false']);
    case 'Int':
    case 'Credits':
    case 'SafeInt':
    case 'Float':
      return pick(random, odd ? ODD_NUMBERS : NUMBERS);
    case 'DateTime':
      return JSON.stringify(pick(random, odd ? ODD_INSTANTS : INSTANTS));
    case 'LocalDate':
      return JSON.stringify(pick(random, odd ? ODD_DAYS : DAYS));
    default:
      return JSON.stringify(pick(random, random() < 0.1 ? ZONES : odd ? ODD_STRINGS : STRINGS));
  }
}
