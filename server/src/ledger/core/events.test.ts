import { UnknownFormat } from '../../kit/format-version.js';
import { describeEvent, type EventType, factsFromText, factsToText, type LedgerEvent } from './events.js';
import type { EventFacts } from './events/event-kind.js';

interface Said extends EventFacts {
  readonly type: EventType;
  readonly creditType?: 'SCAN';
  readonly available?: number;
}

const reset = (granted: number, forfeited: number, rolledOver: number) => ({
  period: { number: 1, start: 0, end: 1 },
  granted,
  forfeited,
  rolledOver,
  nextResetAt: 1,
});

function sentenceOf({ available = 0, type, creditType, ...facts }: Said): string {
  const event = { type, creditType: creditType ?? 'STANDARD', facts, balance: { available } };
  return describeEvent(event as LedgerEvent);
}

test.each<[Said, string]>([
  [
    { type: 'BALANCE_LOW', level: 'LOW', threshold: 1_000, available: 999 },
    '999 credits left, at or below the low mark of 1,000.',
  ],
  [
    { type: 'BALANCE_LOW', level: 'CRITICAL', threshold: 1, available: 1, creditType: 'SCAN' },
    '1 scan credit left, at or below the very low mark of 1.',
  ],
  [{ type: 'BALANCE_LOW', level: 'EMPTY', threshold: 0 }, 'No credits are left.'],
  [{ type: 'BALANCE_LOW', level: 'EMPTY', threshold: 0, creditType: 'SCAN' }, 'No scan credits are left.'],
  // After a reset by a smaller base less may be available than the mark was, and enough.
  [
    { type: 'BALANCE_RECOVERED', level: 'LOW', threshold: 200, available: 100 },
    '100 credits available: the low warning at 200 is over.',
  ],
  [
    { type: 'BALANCE_RECOVERED', level: 'CRITICAL', threshold: 50, available: 1_000 },
    '1,000 credits available: the very low warning at 50 is over.',
  ],
  [{ type: 'BALANCE_RECOVERED', level: 'EMPTY', threshold: 0, available: 1 }, '1 credit available again.'],
  [{ type: 'PERIOD_RESET', reset: reset(500, 0, 0) }, 'A new period began with 500 credits.'],
  [
    { type: 'PERIOD_RESET', reset: reset(1_000, 1_234, 20) },
    'A new period began with 1,000 credits; 20 rolled over; 1,234 unused of the last allowance expired.',
  ],
  [{ type: 'GRANT_ADDED', credits: 1_000_000 }, '1,000,000 credits added.'],
  [{ type: 'GRANT_EXPIRED', credits: 2, creditType: 'SCAN' }, '2 scan credits expired unused.'],
  [{ type: 'PURCHASE_PAID', credits: 1_150 }, '1,150 credits bought and paid.'],
  [{ type: 'PURCHASE_FAILED', credits: 50 }, 'The payment for 50 credits was declined: nothing was charged.'],
  [
    { type: 'PURCHASE_ACTION_REQUIRED', credits: 5, creditType: 'SCAN' },
    'The bank asks the buyer to confirm the payment for 5 scan credits.',
  ],
  [
    {
      type: 'SPEND_ANOMALY',
      anomaly: { hour: 0, credits: 1_299, usual: 100, member: null, project: null, operation: null },
    },
    '1,299 credits were spent in an hour, 12.9 times as much as usual.',
  ],
  [
    {
      type: 'SPEND_ANOMALY',
      anomaly: { hour: 0, credits: 60, usual: 20, member: 'a', project: 'b', operation: 'c' },
      creditType: 'SCAN',
    },
    '60 scan credits were spent in an hour, 3 times as much as usual.',
  ],
  [{ type: 'RESERVATION_EXPIRED', credits: 1 }, 'A hold ended unused and gave back 1 credit.'],
])('%j: %s', (said, sentence) => {
  expect(sentenceOf(said)).toBe(sentence);
});

test('facts are read as they were written, and types and versions of a newer program are refused by name', () => {
  const facts = { level: 'LOW', threshold: 20, reservationId: null } as const;
  expect(factsFromText('BALANCE_LOW', factsToText(facts))).toEqual(facts);
  // As the first version that told of it wrote it.
  const anomaly = {
    hour: 1_767_571_200_000,
    credits: 60,
    usual: 20.5,
    member: 'anna',
    project: null,
    operation: 'video.long',
  };
  const kept =
    '{"anomaly":{"hour":1767571200000,"credits":60,"usual":20.5,"member":"anna","project":null,"operation":"video.long"}}';
  expect(factsFromText('SPEND_ANOMALY', kept)).toEqual({ anomaly });
  expect(factsToText({ anomaly })).toBe(kept);
  expect(() => factsFromText('BALANCE_LOW', '{"v":2,"level":"LOW"}')).toThrow(
    new UnknownFormat(
      'facts of BALANCE_LOW events have the format 2, and this version of the program reads formats up to 1',
    ),
  );
  expect(() => factsFromText('PLAN_UNHEARD' as EventType, '{}')).toThrow(
    new UnknownFormat('This version of the program does not know PLAN_UNHEARD events'),
  );
});
