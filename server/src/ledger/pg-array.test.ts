import fc from 'fast-check';
import pg from 'pg';
import { ledgerTypes } from '../db/ledger-types.js';
import { createEmptyDatabase, type TestDatabase } from '../db/test-database.js';
import { type ColumnType, columnArray, instantArray, textArray, uuidArray } from './pg-array.js';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createEmptyDatabase();
  client = new pg.Client({ connectionString: database.url, types: ledgerTypes, options: '-c TimeZone=UTC' });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function readBack(type: ColumnType, array: Buffer | string): Promise<unknown[]> {
  const { rows } = await client.query<{ value: unknown }>(
    `SELECT value FROM unnest($1::${type}[]) WITH ORDINALITY AS u(value, place) ORDER BY place`,
    [array],
  );
  return rows.map(({ value }) => value);
}

const INSTANT_MIN = Date.UTC(1970, 0, 1);
/** The last that any field carries. */
const INSTANT_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const text = fc.string({ unit: 'binary', maxLength: 60 }).filter((value) => !value.includes('\0'));
const day = fc
  .date({ min: new Date(INSTANT_MIN), max: new Date(INSTANT_MAX), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const columns: readonly (readonly [ColumnType, fc.Arbitrary<string | number | boolean>])[] = [
  ['text', text],
  ['uuid', fc.uuid()],
  ['bigint', fc.maxSafeInteger()],
  ['integer', fc.integer()],
  ['boolean', fc.boolean()],
  ['timestamptz', fc.integer({ min: INSTANT_MIN, max: INSTANT_MAX })],
  ['date', day],
];

test.each(columns)('a column of %s comes back as it was, with nulls and repetitions', async (type, values) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(values), { minLength: 1, maxLength: 40 }), async (rows) => {
      const doubled = rows.flatMap((row) => [row, row]);
      expect(
        await readBack(
          type,
          columnArray(type, doubled, (row) => row),
        ),
      ).toEqual(doubled);
    }),
    { numRuns: 60 },
  );
});

test('texts longer than any guess grow the buffer', async () => {
  const rows = ['a', '€'.repeat(5_000), '€'.repeat(5_000), '', '"\\,{}', 'z'.repeat(20_000)];
  expect(
    await readBack(
      'text',
      columnArray('text', rows, (row) => row),
    ),
  ).toEqual(rows);
});

test('array literals say the same', async () => {
  expect(await readBack('text', textArray(['a"b', '\\', '', 'NULL', '{,}']))).toEqual(['a"b', '\\', '', 'NULL', '{,}']);
  const uuid = '0198a5c0-0000-7000-8000-0123456789ab';
  expect(await readBack('uuid', uuidArray([uuid, uuid]))).toEqual([uuid, uuid]);
  expect(await readBack('timestamptz', instantArray([0, 1_767_225_600_123]))).toEqual([0, 1_767_225_600_123]);
});

test('the last instants of the calendar are exact to the millisecond', async () => {
  const rows = Array.from({ length: 64 }, (_, index) => INSTANT_MAX - index);
  expect(
    await readBack(
      'timestamptz',
      columnArray('timestamptz', rows, (row) => row),
    ),
  ).toEqual(rows);
});

test.each([
  ['bigint', 1.5],
  ['bigint', Number.NaN],
  ['bigint', 2 ** 53],
  ['bigint', undefined],
  ['integer', 0.5],
  ['integer', Number.NaN],
  ['integer', 2 ** 31],
  ['timestamptz', Number.NaN],
  ['timestamptz', 0.5],
  ['date', 'tomorrow'],
  ['uuid', '0198A5C0-0000-7000-8000-0123456789AB'],
  ['uuid', '0198a5c0'],
] as const)('what is not a %s is never made into one: %p', (type, value) => {
  expect(() => columnArray(type, [value as never], (row) => row)).toThrow();
});
