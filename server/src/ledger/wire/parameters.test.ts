import fc from 'fast-check';
import pg from 'pg';
import { ISO_IN_UTC, ledgerTypes } from '../../db/ledger-types.js';
import { createEmptyDatabase, type TestDatabase } from '../../db/test-database.js';
import { type ColumnType, Parameters } from './parameters.js';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createEmptyDatabase();
  const config = { connectionString: database.url, types: ledgerTypes, options: ISO_IN_UTC, pipeline: true };
  client = new pg.Client(config);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** What the database makes of a column. */
async function readBack(type: ColumnType, rows: readonly (string | number | boolean | null)[]): Promise<unknown[]> {
  const text = `SELECT value, $2::bigint AS count FROM unnest($1::${type}[]) WITH ORDINALITY AS u(value, place) ORDER BY place`;
  const values = new Parameters()
    .column(type, rows, (row) => row)
    .count(rows.length)
    .values();
  const answer = await client.query<{ value: unknown; count: number }>({ name: `read_${type}`, text, values });
  expect(answer.rows[0]?.count).toBe(rows.length);
  return answer.rows.map(({ value }) => value);
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
      expect(await readBack(type, doubled)).toEqual(doubled);
    }),
    { numRuns: 60 },
  );
});

test('texts longer than any guess grow the buffer', async () => {
  const rows = ['a', '€'.repeat(5_000), '€'.repeat(5_000), '', '"\\,{}', 'z'.repeat(20_000)];
  expect(await readBack('text', rows)).toEqual(rows);
  const megabytes = ['start', 'y'.repeat(3_000_000), 'y'.repeat(3_000_000), 'end'];
  expect(await readBack('text', megabytes)).toEqual(megabytes);
});

test('the last instants of the calendar are exact to the millisecond', async () => {
  const rows = Array.from({ length: 64 }, (_, index) => INSTANT_MAX - index);
  expect(await readBack('timestamptz', rows)).toEqual(rows);
});

test('what was written for one statement stays as it is while others are written', async () => {
  const first = new Parameters().column('text', ['first'], (row) => row).values();
  const open = new Parameters().column('text', ['open'], (row) => row);
  const many = Array.from({ length: 400 }, (_, at) => {
    const said = `${at} ${'x'.repeat(7_000)}`;
    return { said, values: new Parameters().column('text', [said], (row) => row).values() };
  });
  const sent = [{ said: 'first', values: first }, { said: 'open', values: open.values() }, ...many];
  const answers = await Promise.all(
    sent.map(({ values }) =>
      client.query<{ value: string[] }>({ name: 'echo', text: 'SELECT $1::text[] AS value', values }),
    ),
  );
  expect(answers.map(({ rows }) => rows[0]?.value[0])).toEqual(sent.map(({ said }) => said));
});

test('the same parameters serve two statements that are under way at once', async () => {
  const values = new Parameters().column('text', ['shared'], (row) => row).values();
  const answers = await Promise.all(
    ['one', 'a longer name'].map((name) =>
      client.query<{ value: string[] }>({ name, text: `SELECT $1::text[] AS value /* ${name} */`, values }),
    ),
  );
  expect(answers.map(({ rows }) => rows[0]?.value)).toEqual([['shared'], ['shared']]);
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
  ['date', '2026-02-30'],
  ['date', '2026'],
  ['boolean', 'false'],
  ['boolean', undefined],
  ['text', 'half a \ud800 character'],
  ['uuid', '0198A5C0-0000-7000-8000-0123456789AB'],
  ['uuid', '0198a5c0'],
  ['uuid', '0198a5c0-0000-7000-8000-0123456789aß'],
  ['uuid', '0198a5c0-0000-7000-800000123456789abcd'.slice(0, 36)],
] as const)('what is not a %s is never made into one: %p', (type, value) => {
  expect(() => new Parameters().column(type, [value as never], (row) => row)).toThrow();
});
