import {
  isCollision,
  isConnectionLost,
  isDatabaseAway,
  isForAnotherTry,
  isOutdated,
  UnsuitableDatabase,
} from './database-errors.js';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

const LOST =
  'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT ENOTFOUND EAI_AGAIN EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN 08000 08001 08003 08004 08006 08007 08P01 25006 25P03 25P04 57P01 57P02 57P03 57P04 57P05 53300';
const KINDS: readonly (readonly [string, string, readonly boolean[]])[] = [
  ['lost', LOST, [true, false, false, false, true]],
  ['outdated', '0A000 26000', [false, true, false, false, false]],
  ['collided', '40001 40P01', [false, false, true, true, false]],
  ['busy', '53000 53100 53400 55P03 57014 58030', [false, false, false, true, true]],
  ['refused', '53200 55000', [false, false, false, false, true]],
  ['our own fault', '22003 23505 23514 42P01 42501 42703 XX000', [false, false, false, false, false]],
];

const asked = (error: unknown): boolean[] =>
  [isConnectionLost, isOutdated, isCollision, isForAnotherTry, isDatabaseAway].map((ask) => ask(error));

test.each(KINDS)('%s: what follows from each code', (_kind, codes, expected) => {
  for (const code of codes.split(' ')) expect([code, ...asked(coded(code))]).toEqual([code, ...expected]);
});

test.each([
  'Connection terminated unexpectedly',
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
])('node-postgres without a code: %s', (message) => {
  expect(asked(new Error(message))).toEqual([true, false, false, false, true]);
});

test('a database that cannot be used as it is set up needs another connection', () => {
  expect(asked(new UnsuitableDatabase('lost its settings'))).toEqual([true, false, false, false, true]);
});

test.each([[null], [undefined], ['57P01'], [new Error('x')]])('%p is no database error', (error) => {
  expect(asked(error)).toEqual([false, false, false, false, false]);
});
