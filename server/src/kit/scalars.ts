import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';
import { isolate } from './check-text.js';
import { grouped } from './grouped.js';

/** Refuses with the public code for malformed input; the engine adds which variable or argument it was. */
function refuse(message: string, node?: ValueNode): GraphQLError {
  return new GraphQLError(message, { nodes: node ?? null, extensions: { code: 'BAD_USER_INPUT' } });
}

function show(value: unknown): string {
  const text =
    typeof value === 'string' ? JSON.stringify(value) : typeof value === 'number' ? String(value) : typeof value;
  return isolate(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function wholeNumber(name: string, min: number, description: string): GraphQLScalarType<number, number> {
  const range = `${name} must be a whole number from ${grouped(min)} to ${grouped(Number.MAX_SAFE_INTEGER)}`;
  const fits = (value: unknown): value is number =>
    Number.isSafeInteger(value) && (value as number) >= min && !Object.is(value, -0);
  return new GraphQLScalarType<number, number>({
    name,
    description,
    serialize(value) {
      if (!fits(value)) throw new TypeError(`${range}; the server had ${show(value)}`);
      return value;
    },
    parseValue(value) {
      if (!fits(value)) throw refuse(`${range}, not ${show(value)}.`);
      return value;
    },
    parseLiteral(node) {
      if (node.kind !== Kind.INT) throw refuse(`${range}, written without fraction, exponent or quotes.`, node);
      const value = Number(node.value);
      // Digits are compared too, since Number() would round 9007199254740993 to a neighbour.
      if (!fits(value) || String(value) !== node.value) throw refuse(`${range}, not ${show(node.value)}.`, node);
      return value;
    },
  });
}

/** A whole number of credits; a number in TypeScript. Fractions, negatives, strings, NaN and overflow are refused, never rounded. */
export const Credits = wholeNumber(
  'Credits',
  0,
  'A whole number of credits, 0 to 9007199254740991, as a JSON number. Example: `100`.',
);

/** A whole number that JSON carries exactly; a number in TypeScript. */
export const SafeInt = wholeNumber(
  'SafeInt',
  -Number.MAX_SAFE_INTEGER,
  'An integer, -9007199254740991 to 9007199254740991, as a JSON number. Example: `700`.',
);

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads an RFC 3339 date-time with any offset.
 *
 * Digits beyond the millisecond are cut off, so that the instant is never later than said. Leap seconds (`:60`) are refused.
 *
 * @returns epoch milliseconds; null when it is not one
 */
export function parseInstant(text: string): number | null {
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match;
  if (!isRealDay(`${year}-${month}-${day}`)) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  const local = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`,
  );
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 * (sign === '-' ? -1 : 1);
  const instant = local - offsetMs;
  return isShowable(instant) ? instant : null;
}

const INSTANT_MIN = Date.parse('0000-01-01T00:00:00.000Z');
const INSTANT_MAX = Date.parse('9999-12-31T23:59:59.999Z');

function isShowable(instant: unknown): instant is number {
  return Number.isSafeInteger(instant) && (instant as number) >= INSTANT_MIN && (instant as number) <= INSTANT_MAX;
}

/** Whether the text is a day of the calendar, written YYYY-MM-DD. */
export function isRealDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = Date.parse(`${text}T00:00:00.000Z`);
  // 30 February would otherwise roll over into March.
  return !Number.isNaN(instant) && new Date(instant).toISOString().slice(0, 10) === text;
}

function textScalar<T extends number | string>(
  name: string,
  description: string,
  specifiedByURL: string | null,
  expected: string,
  parse: (text: string) => T | null,
  serialize: (value: unknown) => string,
): GraphQLScalarType<T, string> {
  const read = (text: unknown, node?: ValueNode): T => {
    const value = typeof text === 'string' ? parse(text) : null;
    if (value === null) throw refuse(`${name} must be ${expected}, not ${show(text)}.`, node);
    return value;
  };
  return new GraphQLScalarType<T, string>({
    name,
    description,
    specifiedByURL,
    serialize,
    parseValue: (value) => read(value),
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined, node),
  });
}

/** An instant; epoch milliseconds (number) in TypeScript. */
export const DateTime = textScalar<number>(
  'DateTime',
  'An instant in UTC, RFC 3339, milliseconds. Input may carry any offset. Example: `"2026-03-31T09:30:00.000Z"`.',
  'https://www.rfc-editor.org/rfc/rfc3339',
  'an RFC 3339 date-time with its offset, such as 2026-03-31T09:30:00.000Z',
  parseInstant,
  (value) => {
    if (!isShowable(value)) throw new TypeError(`DateTime must be epoch milliseconds; the server had ${show(value)}`);
    return new Date(value).toISOString();
  },
);

/** A calendar day; the string YYYY-MM-DD in TypeScript. */
export const LocalDate = textScalar<string>(
  'LocalDate',
  'A calendar day in the account\'s time zone, YYYY-MM-DD. Example: `"2026-03-31"`.',
  null,
  'a day of the calendar written YYYY-MM-DD',
  (text) => (isRealDay(text) ? text : null),
  (value) => {
    if (typeof value !== 'string' || !isRealDay(value))
      throw new TypeError(`LocalDate must be YYYY-MM-DD; the server had ${show(value)}`);
    return value;
  },
);
