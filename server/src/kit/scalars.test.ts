import * as fc from 'fast-check';
import { GraphQLObjectType, GraphQLSchema, graphql } from 'graphql';
import type { GraphQLScalarType } from 'graphql';

import { Credits, DateTime, LocalDate, SafeInt, isRealDay, parseInstant } from './scalars.js';

const scalars = { Credits, SafeInt, DateTime, LocalDate };
type ScalarName = keyof typeof scalars;

const fieldFor = (type: GraphQLScalarType) => ({
  type,
  args: { value: { type } },
  resolve: (_: unknown, { value }: { value?: unknown }) => {
    seen = value;
    return value;
  },
});
let seen: unknown;

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: Object.fromEntries(Object.entries(scalars).map(([name, type]) => [name, fieldFor(type)])),
  }),
});

async function viaVariable(name: ScalarName, json: string) {
  seen = undefined;
  const variableValues = { value: JSON.parse(json) as unknown };
  return graphql({ schema, source: `query ($value: ${name}) { ${name}(value: $value) }`, variableValues });
}

async function viaLiteral(name: ScalarName, literal: string) {
  seen = undefined;
  return graphql({ schema, source: `{ ${name}(value: ${literal}) }` });
}

const accepted: [ScalarName, string, unknown, unknown?][] = [
  ['Credits', '0', 0],
  ['Credits', '1', 1],
  ['Credits', '9007199254740991', Number.MAX_SAFE_INTEGER],
  ['SafeInt', '-9007199254740991', -Number.MAX_SAFE_INTEGER],
  ['SafeInt', '700', 700],
  ['DateTime', '"2026-03-31T09:30:00.000Z"', Date.UTC(2026, 2, 31, 9, 30), '2026-03-31T09:30:00.000Z'],
  ['DateTime', '"2026-03-31T09:30:00+02:00"', Date.UTC(2026, 2, 31, 7, 30), '2026-03-31T07:30:00.000Z'],
  ['DateTime', '"2026-03-31t09:30:00.5z"', Date.UTC(2026, 2, 31, 9, 30, 0, 500), '2026-03-31T09:30:00.500Z'],
  ['DateTime', '"2026-03-31T09:30:00.123999-00:30"', Date.UTC(2026, 2, 31, 10, 0, 0, 123), '2026-03-31T10:00:00.123Z'],
  ['DateTime', '"0001-01-01T00:00:00Z"', Date.parse('0001-01-01T00:00:00Z'), '0001-01-01T00:00:00.000Z'],
  ['LocalDate', '"2024-02-29"', '2024-02-29'],
  ['LocalDate', '"2026-12-31"', '2026-12-31'],
];

const refused: [ScalarName, string][] = [
  ...[
    '-1',
    '-0',
    '0.5',
    '1.0001',
    '1e400',
    '9007199254740992',
    '9007199254740993',
    '99999999999999999999',
    '"5"',
    'true',
    '[1]',
    '{}',
    '""',
  ].map((json): [ScalarName, string] => ['Credits', json]),
  ...['-9007199254740992', '9007199254740993', '0.1', '"1"', 'false'].map((json): [ScalarName, string] => [
    'SafeInt',
    json,
  ]),
  ...[
    '"yesterday"',
    '""',
    '"2026-03-31"',
    '"2026-03-31T09:30"',
    '"2026-03-31T09:30:00"',
    '"2026-03-31 09:30:00Z"',
    '"2026-02-30T00:00:00Z"',
    '"2026-03-31T24:00:00Z"',
    '"2026-03-31T09:60:00Z"',
    '"2026-03-31T09:30:60Z"',
    '"2026-03-31T09:30:00+24:00"',
    '"2026-03-31T09:30:00.Z"',
    '"+002026-03-31T09:30:00Z"',
    '"9999-12-31T23:59:59-01:00"',
    '"2026-03-31T09:30:00Z "',
    '0',
    'true',
  ].map((json): [ScalarName, string] => ['DateTime', json]),
  ...[
    '"2026-02-29"',
    '"2026-13-01"',
    '"2026-00-10"',
    '"2026-1-01"',
    '"26-01-01"',
    '"2026-01-01T00:00:00Z"',
    '" 2026-01-01"',
    '20260101',
  ].map((json): [ScalarName, string] => ['LocalDate', json]),
];

describe.each([
  ['variable', viaVariable],
  ['literal', viaLiteral],
] as const)('as a %s', (_way, send) => {
  test.each(accepted)('%s takes %s', async (name, json, inside, shown = inside) => {
    const result = await send(name, json);
    expect(result.errors).toBeUndefined();
    expect(seen).toBe(inside);
    expect({ ...result.data }).toEqual({ [name]: shown });
  });

  test.each(refused)('%s refuses %s with BAD_USER_INPUT', async (name, json) => {
    // In a document, an object or a list is written as in JSON as long as it is empty or holds numbers.
    const result = await send(name, json);
    expect(result.data?.[name]).toBeUndefined();
    expect(seen).toBeUndefined();
    expect(result.errors?.map((error) => error.extensions['code'])).toEqual(['BAD_USER_INPUT']);
  });

  test.each<ScalarName>(['Credits', 'SafeInt', 'DateTime', 'LocalDate'])('%s passes null on', async (name) => {
    const result = await send(name, 'null');
    expect(result.errors).toBeUndefined();
    expect(seen).toBeNull();
  });
});

test.each(['1.0', '1e3', '007'])('Credits refuses the literal %s', async (literal) => {
  const result = await viaLiteral('Credits', literal);
  expect(result.errors).toHaveLength(1);
});

test('NaN and the infinities are refused', () => {
  for (const value of [NaN, Infinity, -Infinity]) expect(() => Credits.parseValue(value)).toThrow('whole number');
});

test('what the server itself got wrong is not sent: a fraction, a bigint, an invalid instant or day', () => {
  for (const value of [0.5, -1, 2 ** 53, 1n, '1', null]) expect(() => Credits.serialize(value)).toThrow(TypeError);
  for (const value of [NaN, '2026-01-01', new Date(), 1e15]) expect(() => DateTime.serialize(value)).toThrow(TypeError);
  expect(() => LocalDate.serialize('2026-02-30')).toThrow(TypeError);
});

test('every safe whole number survives the way in and out', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (credits) => {
      expect(Credits.serialize(Credits.parseValue(JSON.parse(String(credits))))).toBe(credits);
    }),
  );
});

test('no number that is not a whole number of credits gets in', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      fc.pre(!Number.isSafeInteger(value) || value < 0);
      expect(() => Credits.parseValue(value)).toThrow();
    }),
  );
});

test('every instant with milliseconds survives the way out and in, in any offset', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-02T00:00:00Z'), max: new Date('2199-12-30T00:00:00Z'), noInvalidDate: true }),
      fc.integer({ min: -23 * 60, max: 23 * 60 }),
      (date, offsetMinutes) => {
        expect(parseInstant(DateTime.serialize(date.getTime()))).toBe(date.getTime());
        const local = new Date(date.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
        const size = Math.abs(offsetMinutes);
        const offset = `${offsetMinutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
        expect(parseInstant(local + offset)).toBe(date.getTime());
      },
    ),
  );
});

test('a real day is one that the calendar has', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      (year, month, day) => {
        const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
        const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
        expect(isRealDay(text)).toBe(day >= 1 && day <= days);
      },
    ),
  );
});
