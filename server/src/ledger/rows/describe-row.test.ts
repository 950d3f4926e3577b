import { changedAccount, changedReservation, copyCredits, copyGrant } from '../core/changed-state.js';
import { ACCOUNT, toAccount } from './account-rows.js';
import { type Answer, readAnswer } from './answer.js';
import { describeRow, type Fields, type RowDescription } from './describe-row.js';
import { GRANT, toGrant } from './grant-rows.js';
import { DESCRIPTIONS } from './descriptions.js';
import { RESERVATION, toReservation } from './reservation-rows.js';

interface Cup {
  readonly id: string;
  readonly cents: number;
  readonly soldAt: number | null;
  readonly colours: readonly string[];
}

const COLOURS = { toText: (colours: readonly string[]) => colours.join(), fromText: (text: string) => text.split(',') };
const DESCRIBED: Fields<Cup, Cup, 'cents'> = {
  id: { column: 'cup_id', type: 'uuid', key: true, of: (cup) => cup.id },
  cents: { column: 'cents', type: 'bigint', of: (cup) => cup.cents, changes: true },
  soldAt: { column: 'sold_at', type: 'timestamptz', nullable: true, of: (cup) => cup.soldAt },
  colours: { column: 'colours', type: 'text', form: COLOURS, of: (cup) => cup.colours },
};
const CUP = describeRow<Cup, Cup, 'cents'>('cup', DESCRIBED);
const ROW = { id: 'a', cents: 5, soldAt: null, colours: 'red,blue' };

test('what a description gets wrong does not compile', () => {
  const { id, cents, soldAt, colours } = DESCRIBED;
  const wrong: readonly Fields<Cup, Cup, 'cents'>[] = [
    // @ts-expect-error a field has no column
    { id, cents, soldAt },
    // @ts-expect-error a column is no field
    { id, cents, soldAt, colours, size: cents },
    // @ts-expect-error a number does not lie in a text
    { id, soldAt, colours, cents: { column: 'cents', type: 'text', of: (cup) => cup.cents, changes: true } },
    // @ts-expect-error the value is another field's, and no number
    { id, soldAt, colours, cents: { column: 'cents', type: 'bigint', of: (cup) => cup.id, changes: true } },
    // @ts-expect-error what may be null is said to be
    { id, cents, colours, soldAt: { column: 'sold_at', type: 'timestamptz', of: (cup) => cup.soldAt } },
    // @ts-expect-error what may not be null is not said to be
    { id, soldAt, colours, cents: { ...cents, nullable: true } },
    // @ts-expect-error what is no plain value has a form
    { id, cents, soldAt, colours: { column: 'colours', type: 'text', of: (cup) => cup.colours } },
    // @ts-expect-error what changes is written when it does
    { id, soldAt, colours, cents: { column: 'cents', type: 'bigint', of: (cup) => cup.cents } },
    // @ts-expect-error what never changes is not
    { cents, soldAt, colours, id: { ...id, changes: true } },
  ];
  expect(wrong).toHaveLength(9);
});

test('rows are selected under the names of their fields', () => {
  expect(CUP.select('c')).toBe('c.cup_id AS "id", c.cents AS "cents", c.sold_at AS "soldAt", c.colours AS "colours"');
  expect(CUP.pick('cents', 'id').select('c')).toBe('c.cup_id AS "id", c.cents AS "cents"');
});

test('rows are inserted whole, and changed by their key in what may change', () => {
  const written = (kind: RowDescription<Cup>, table: 'inserted' | 'changed') =>
    kind[table]('x').columns.map(({ name, of }) => [name, of({ id: 'a', cents: 5, soldAt: null, colours: ['red'] })]);
  expect(written(CUP, 'inserted')).toEqual([
    ['cup_id', 'a'],
    ['cents', 5],
    ['sold_at', null],
    ['colours', 'red'],
  ]);
  expect(written(CUP, 'changed')).toEqual([
    ['cup_id', 'a'],
    ['cents', 5],
  ]);
  expect([CUP.inserted('x').keys, CUP.changed('x').keys]).toEqual([null, 1]);
});

test.each([
  ['a column that is not there', { id: 'a', soldAt: null, colours: '' }, 'cup.cents is not in the answer'],
  ['a null where none may be', { ...ROW, cents: null }, 'cup.cents is null'],
  ['a bigint that nobody made a number', { ...ROW, cents: '5' }, 'cup.cents is a string'],
  ['an instant that is a Date', { ...ROW, soldAt: new Date() }, 'cup.sold_at is a object'],
])('%s is refused by table and column', (_, row, message) => {
  expect(() => CUP.read([row])).toThrow(message);
  expect(() => CUP.readWith({ more: 'text?' }, [{ ...row, more: null }])).toThrow(message);
});

test('what is read is what was answered, and nothing is asked of no rows', () => {
  const rows = [ROW, ROW];
  expect(CUP.read(rows)).toBe(rows);
  expect(CUP.read([])).toEqual([]);
  expect(CUP.readWith({ more: 'bigint' }, [])).toEqual([]);
  expect(() => CUP.readWith({ more: 'bigint' }, [ROW])).toThrow('cup.more is not in the answer; it should be bigint');
});

test('answers of no kind are looked at likewise', () => {
  const answer = { now: 'bigint', historyId: 'uuid?' } as const satisfies Answer;
  expect(readAnswer('clock', answer, [{ now: 1, historyId: null }])[0]?.now).toBe(1);
  expect(() => readAnswer('clock', answer, [{ historyId: null }])).toThrow('clock.now is not in the answer');
  expect(() => readAnswer('clock', answer, [{ now: null, historyId: null }])).toThrow('clock.now is null');
  expect(() => readAnswer('clock', answer, [{ now: 1, historyId: 2 }])).toThrow('clock.historyId is a number');
});

test('money of a grant is never read as undefined', () => {
  const row = Object.fromEntries(
    GRANT.columns.map(({ field, kind }) => [field, kind === 'number' ? 7 : kind === 'boolean' ? true : 'x']),
  );
  expect(GRANT.read([row]).map(toGrant)[0]?.available).toBe(7);
  const { available: _, ...without } = row;
  expect(() => GRANT.read([without]).map(toGrant)).toThrow('credit_grant.available is not in the answer');
});

test.each(DESCRIPTIONS.map((kind) => [kind.table, kind] as const))(
  '%s names each field and each column once',
  (_, { columns }) => {
    expect(new Set(columns.map(({ field }) => field)).size).toBe(columns.length);
    expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
  },
);

test('each column is written from the field that it is read into', () => {
  // Every field of the state has a number of its own, whatever its type, and each column gets the one of its field.
  const state = Object.fromEntries(RESERVATION.columns.map(({ field }, index) => [field, index]));
  for (const { field, form, of } of RESERVATION.columns)
    if (form === null) expect([field, of?.(state as never)]).toEqual([field, state[field]]);
  const grant = Object.fromEntries(GRANT.columns.map(({ field }, index) => [field, index]));
  for (const { field, of } of GRANT.columns)
    if (field !== 'isOpen') expect([field, of?.({ accountId: 0, grant } as never)]).toEqual([field, grant[field]]);
  const credits = (from: number) =>
    Object.fromEntries(
      ACCOUNT.columns
        .flatMap(({ field }) => (field.startsWith('standard') ? [nameOf(field, 'standard')] : []))
        .map((name, index) => [name, from + index]),
    );
  const head = {
    ...Object.fromEntries(ACCOUNT.columns.map(({ field }, index) => [field, `${field} ${index}`])),
    period: { number: 'periodNumber', start: 'periodStart', end: 'periodEnd' },
    operations: { STANDARD: credits(100)['operations'], SCAN: credits(200)['operations'] },
    credits: { STANDARD: credits(100), SCAN: credits(200) },
  };
  for (const { field, form, of } of ACCOUNT.columns) {
    if (form !== null || field === 'keptDigest') continue;
    const expected = field.startsWith('period')
      ? field
      : field.startsWith('standard')
        ? head.credits.STANDARD[nameOf(field, 'standard')]
        : field.startsWith('scan')
          ? head.credits.SCAN[nameOf(field, 'scan')]
          : Reflect.get(head, field);
    expect([field, of?.({ head, keptDigest: 0 } as never)]).toEqual([field, expected]);
  }
});

function nameOf(field: string, prefix: string): string {
  return field.charAt(prefix.length).toLowerCase() + field.slice(prefix.length + 1);
}

test('states that are read and states that are made have their fields in one order, and so one shape', () => {
  const rowOf = ({ columns }: Pick<RowDescription<unknown, never>, 'columns'>) =>
    Object.fromEntries(
      columns.map(({ field, kind }) => [
        field,
        kind === 'number'
          ? 1
          : kind === 'boolean'
            ? true
            : field === 'lines' || field === 'draws' || field === 'counted' || field === 'hours'
              ? '[]'
              : field === 'billing' || field === 'noticed' || field === 'spending'
                ? '{}'
                : '',
      ]),
    );
  const [grant] = GRANT.read([rowOf(GRANT)]).map(toGrant);
  const [reservation] = RESERVATION.read([rowOf(RESERVATION)]).map(toReservation);
  const [account] = ACCOUNT.read([rowOf(ACCOUNT)]).map(toAccount);
  if (!grant || !reservation || !account) throw new Error('nothing was read');
  expect(Object.keys(grant)).toEqual(Object.keys(copyGrant(grant)));
  expect(Object.keys(reservation)).toEqual(Object.keys(changedReservation(reservation, {})));
  expect(Object.keys(account)).toEqual(Object.keys(changedAccount(account, {})));
  expect(Object.keys(account.credits.SCAN)).toEqual(Object.keys(copyCredits(account.credits.SCAN)));
  expect(Object.keys(account.credits.STANDARD)).toEqual(Object.keys(copyCredits(account.credits.STANDARD)));
});
