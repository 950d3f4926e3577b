import { PublicError } from '../../kit/errors.js';
import {
  checkKey,
  findInvalidCommit,
  findInvalidGrant,
  findInvalidLines,
  findInvalidTtl,
  findInvalidWork,
  readLines,
  readReservationId,
  readWork,
} from './check-input.js';
import type { Work } from './check-input.js';
import type { CommitReservationInput, GrantCreditsInput } from './ledger.types.js';

/** The field a BAD_USER_INPUT names; null when nothing is wrong. */
function malformedField(read: () => unknown): unknown {
  try {
    read();
    return null;
  } catch (error) {
    if (!(error instanceof PublicError) || error.code !== 'BAD_USER_INPUT') throw error;
    return error.extensions['field'];
  }
}

const lines = (count: number, quantity = 1) =>
  Array.from({ length: count }, () => ({ operation: 'image.short', quantity }));

test.each([
  ['one character', '!', null],
  ['255 characters', 'k'.repeat(255), null],
  ['empty', '', 'idempotencyKey'],
  ['256 characters', 'k'.repeat(256), 'idempotencyKey'],
  ['300 characters', 'k'.repeat(300), 'idempotencyKey'],
  ['a space', 'a b', 'idempotencyKey'],
  ['a line end', 'a\n', 'idempotencyKey'],
  ['not ASCII', 'clé', 'idempotencyKey'],
  ['NUL', 'a\0', 'idempotencyKey'],
])('a key with %s', (_, key, field) => {
  expect(malformedField(() => checkKey(key))).toBe(field);
});

test.each([
  ['one line', lines(1), null],
  ['100 lines', lines(100), null],
  ['a quantity of 10,000', lines(1, 10_000), null],
  ['no line', [], 'operations'],
  ['101 lines', lines(101), 'operations'],
  ['a quantity of 0', lines(1, 0), 'operations[0].quantity'],
  ['a negative quantity', [...lines(2), ...lines(1, -1)], 'operations[2].quantity'],
  ['a quantity of 10,001', [...lines(1), ...lines(1, 10_001)], 'operations[1].quantity'],
])('operations with %s', (_, operations, field) => {
  expect(findInvalidLines(operations)?.field ?? null).toBe(field);
});

test.each([
  ['an empty code', '', 'operations[0].operation'],
  ['NUL in a code', 'image\0', 'operations[0].operation'],
  ['a code of 201 characters', 'x'.repeat(201), 'operations[0].operation'],
  ['half of a surrogate pair', '\ud800', 'operations[0].operation'],
  ['a code that nobody knows', 'image.huge', null],
])('%s', (_, operation, field) => {
  expect(malformedField(() => readLines([{ operation, quantity: 1 }]))).toBe(field);
});

test.each([
  [0, 'ttlSeconds'],
  [-1, 'ttlSeconds'],
  [1, null],
  [86_400, null],
  [86_401, 'ttlSeconds'],
])('ttlSeconds %d', (ttlSeconds, field) => {
  expect(findInvalidTtl(ttlSeconds)?.field ?? null).toBe(field);
});

const work: Work = { quoteToken: null, lines: lines(1), project: null, member: null, reference: null };

test.each<[string, Partial<Work>, string | null]>([
  ['operations alone', {}, null],
  ['a token alone', { quoteToken: 'q1.x.y', lines: null }, null],
  ['both', { quoteToken: 'q1.x.y' }, 'operations'],
  ['neither', { lines: null }, 'operations'],
  ['200 characters of project, each two units long', { project: '😀'.repeat(200) }, null],
  ['201 characters of project', { project: 'x'.repeat(201) }, 'project'],
  ['201 characters of member', { member: 'x'.repeat(201) }, 'member'],
  ['201 characters of reference', { reference: 'x'.repeat(201) }, 'reference'],
])('work with %s', (_, part, field) => {
  expect(findInvalidWork({ ...work, ...part })?.field ?? null).toBe(field);
});

test.each([
  ['project', { project: 'a\0b' }],
  ['reference', { reference: '\udc00' }],
  ['member', { member: '\0' }],
  ['member', { member: '' }],
  ['quoteToken', { quoteToken: '\0' }],
])('a %s that cannot be kept is malformed', (field, part) => {
  expect(malformedField(() => readWork({ idempotencyKey: 'k', ...part }))).toBe(field);
});

test('an empty project is none', () => {
  expect(readWork({ idempotencyKey: 'k', project: '', reference: '' })).toMatchObject({
    project: null,
    reference: null,
  });
});

const done: CommitReservationInput = {
  reservationId: '',
  idempotencyKey: 'k',
  final: true,
  outcome: 'SUCCEEDED',
  policy: 'REJECT',
};

test.each<[string, Partial<CommitReservationInput>, string | null]>([
  ['nothing said', {}, null],
  ['an amount of 0', { amount: 0 }, null],
  ['operations', { operations: lines(2) }, null],
  ['nulls', { amount: null, operations: null }, null],
  ['amount and operations', { amount: 5, operations: lines(1) }, 'amount'],
  ['no operations', { operations: [] }, 'operations'],
  ['a quantity of 0', { operations: lines(1, 0) }, 'operations[0].quantity'],
  ['FAILED', { outcome: 'FAILED' }, null],
  ['FAILED and an amount', { outcome: 'FAILED', amount: 0 }, 'amount'],
  ['BLOCKED and operations', { outcome: 'BLOCKED', operations: lines(1) }, 'operations'],
  ['CANCELED and not final', { outcome: 'CANCELED', final: false }, 'final'],
])('a commit with %s', (_, part, field) => {
  expect(findInvalidCommit({ ...done, ...part })?.field ?? null).toBe(field);
});

const given: GrantCreditsInput = {
  accountId: '',
  idempotencyKey: 'k',
  credits: 1,
  creditType: 'STANDARD',
  source: 'PROMOTION',
  reason: 'launch',
};

test.each<[string, Partial<GrantCreditsInput>, string | null]>([
  ['1 credit', {}, null],
  ['10^12 credits', { credits: 10 ** 12 }, null],
  ['0 credits', { credits: 0 }, 'credits'],
  ['10^12 + 1 credits', { credits: 10 ** 12 + 1 }, 'credits'],
  ['BONUS', { source: 'BONUS' }, null],
  ['ADJUSTMENT', { source: 'ADJUSTMENT' }, null],
  ['ALLOWANCE', { source: 'ALLOWANCE' }, 'source'],
  ['PURCHASE', { source: 'PURCHASE' }, 'source'],
  ['no reason', { reason: '' }, 'reason'],
  ['201 characters of reason', { reason: 'x'.repeat(201) }, 'reason'],
])('a grant with %s', (_, part, field) => {
  expect(findInvalidGrant({ ...given, ...part })?.field ?? null).toBe(field);
});

test.each([
  '',
  'rsv_',
  'acct_00000000000000000000000000',
  `rsv_${'0'.repeat(51)}`,
  `rsv_${'u'.repeat(52)}`,
  `rsv_${'0'.repeat(52)}\0`,
])('the reservation id %j is malformed', (id) => {
  expect(malformedField(() => readReservationId(id))).toBe('reservationId');
});
