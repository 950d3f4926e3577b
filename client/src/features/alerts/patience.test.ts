import { levelLastsMs } from '../../domain/balance.js';
import { createPatience } from './patience.js';
import type { AccountEvent } from './useEvents.js';

const event = (type: AccountEvent['type'], available: number, held: number, rest: Partial<AccountEvent> = {}) =>
  ({
    __typename: 'CreditEvent',
    id: `evt_${type}_${available}_${held}`,
    type,
    creditType: 'STANDARD',
    at: '2026-11-22T00:00:00.000Z',
    level: 'LOW',
    threshold: 20,
    reservationId: 'rsv_1',
    purchaseId: null,
    message: '',
    balance: { __typename: 'Balance', id: 'bal', version: 1, available, held },
    ...rest,
  }) satisfies AccountEvent;

/** A time that is said, and what was passed on when. */
function stage() {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const passed: string[] = [];
  const patience = createPatience(
    ({ type, level, creditType }) => passed.push(`${now} ${type} ${level} ${creditType}`),
    (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
  );
  const pass = (ms: number): void => {
    now += ms;
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timers = timers.filter((each) => each !== timer);
      timer.run();
    }
  };
  return { ...patience, passed, pass };
}

test('twenty holds that fail are no news', () => {
  const { take, pass, passed } = stage();
  for (let turn = 0; turn < 20; turn++) {
    take(event('BALANCE_LOW', 15, 10));
    pass(levelLastsMs - 100);
    take(event('BALANCE_RECOVERED', 25, 0));
    pass(100);
  }
  pass(60_000);
  expect(passed).toEqual([]);
});

test('a level that a charge made is told at once, also one that no hold could lift', () => {
  const { take, passed } = stage();
  take(event('BALANCE_LOW', 20, 0));
  take(event('BALANCE_LOW', 5, 10, { level: 'CRITICAL', threshold: 15 }));
  take(event('BALANCE_RECOVERED', 40, 0, { reservationId: null }));
  expect(passed).toEqual([
    '0 BALANCE_LOW LOW STANDARD',
    '0 BALANCE_LOW CRITICAL STANDARD',
    '0 BALANCE_RECOVERED LOW STANDARD',
  ]);
});

test('a level of a hold is told when it has lasted, and its end then too', () => {
  const { take, pass, passed } = stage();
  take(event('BALANCE_LOW', 15, 10));
  pass(levelLastsMs);
  take(event('BALANCE_RECOVERED', 25, 0));
  expect(passed).toEqual([
    `${levelLastsMs} BALANCE_LOW LOW STANDARD`,
    `${levelLastsMs} BALANCE_RECOVERED LOW STANDARD`,
  ]);
});

test('levels and credit types wait apart, and nothing is told after the stop', () => {
  const { take, pass, passed, stop } = stage();
  take(event('BALANCE_LOW', 15, 10));
  take(event('BALANCE_LOW', 0, 3, { creditType: 'SCAN', level: 'EMPTY', threshold: 0 }));
  take(event('BALANCE_RECOVERED', 3, 0, { creditType: 'SCAN', level: 'EMPTY', threshold: 0 }));
  pass(levelLastsMs);
  take(event('BALANCE_LOW', 4, 10, { level: 'CRITICAL', threshold: 5 }));
  stop();
  pass(levelLastsMs);
  expect(passed).toEqual([`${levelLastsMs} BALANCE_LOW LOW STANDARD`]);
});

test('other events pass at once, in their order', () => {
  const { take, passed } = stage();
  take(event('PERIOD_RESET', 100, 0, { level: null, threshold: null }));
  take(event('GRANT_ADDED', 150, 0, { level: null, threshold: null }));
  expect(passed).toEqual(['0 PERIOD_RESET null STANDARD', '0 GRANT_ADDED null STANDARD']);
});
