import { createNewsDesk } from './news.js';
import type { AccountEvent } from './useEvents.js';

const event = (type: AccountEvent['type'], version: number, rest: Partial<AccountEvent> = {}): AccountEvent => ({
  __typename: 'CreditEvent',
  id: `evt_${version}_${type}`,
  type,
  creditType: 'STANDARD',
  at: '2026-11-22T00:00:00.000Z',
  level: null,
  threshold: null,
  reservationId: null,
  purchaseId: null,
  message: `${type} in words.`,
  balance: { __typename: 'Balance', id: 'bal', version, available: 5, held: 0 },
  ...rest,
});
const here = { hasBanner: false, lowNews: 'offers', wayOn: 'link' };

/** The titles of the messages, what is only said, and what is over. */
function told(events: AccountEvent[], place = here): string[] {
  const newsOf = createNewsDesk();
  return events.flatMap((each) => {
    const news = newsOf(each, place);
    if (news === null) return [];
    if (news.kind === 'toast') return [news.toast.title];
    return [news.kind === 'said' ? `said: ${news.sentence}` : `over: ${news.topic}`];
  });
}

test('a renewal that lifts the balance over its mark is one piece of news', () => {
  expect(told([event('PERIOD_RESET', 7), event('BALANCE_RECOVERED', 7)])).toEqual([
    'Your allowance renewed',
    'over: level:STANDARD',
  ]);
  expect(told([event('GRANT_ADDED', 7), event('BALANCE_RECOVERED', 7)])).toEqual([
    'New credits',
    'over: level:STANDARD',
  ]);
});

test('a recovery of its own, or of the other credits, is told', () => {
  expect(told([event('PERIOD_RESET', 7), event('BALANCE_RECOVERED', 8)])).toHaveLength(2);
  expect(told([event('PERIOD_RESET', 7), event('BALANCE_RECOVERED', 7, { creditType: 'SCAN' })])).toHaveLength(2);
});

test('a hold that came back only ends the warning: nothing was spent', () => {
  const back = event('BALANCE_RECOVERED', 9, { level: 'LOW', reservationId: 'rsv_1' });
  expect(told([event('BALANCE_LOW', 8, { level: 'LOW' }), back])).toEqual([
    'Low: 5 credits left',
    'over: level:STANDARD',
  ]);
});

test('where the page itself warns, low credits are said and not shown again', () => {
  const low = event('BALANCE_LOW', 3, { level: 'CRITICAL' });
  expect(told([low], { ...here, hasBanner: true })).toEqual(['said: Very low: 5 credits left. BALANCE_LOW in words.']);
  expect(told([low])).toEqual(['Very low: 5 credits left']);
  expect(told([{ ...low, creditType: 'SCAN' }], { ...here, hasBanner: true })).toEqual([
    'Very low: 5 scan credits left',
  ]);
});

test('a warning carries the offers and the way there; news of the level take each other’s place', () => {
  const newsOf = createNewsDesk();
  const low = newsOf(event('BALANCE_LOW', 3, { level: 'LOW' }), here);
  const again = newsOf(event('BALANCE_RECOVERED', 4), here);
  expect(low).toMatchObject({ kind: 'toast', toast: { tone: 'low', body: 'offers', action: 'link' } });
  expect(again).toMatchObject({ kind: 'toast', toast: { tone: 'plain', topic: 'level:STANDARD' } });
  expect(low).toMatchObject({ toast: { topic: 'level:STANDARD' } });
});

test('a payment is one piece of news with all the credits that it brought', () => {
  const paid = event('PURCHASE_PAID', 7, { purchaseId: 'pur_1' });
  expect(told([paid, event('GRANT_ADDED', 7), event('GRANT_ADDED', 7), event('BALANCE_RECOVERED', 7)])).toEqual([
    'Billing',
    'over: level:STANDARD',
  ]);
  expect(told([paid, event('GRANT_ADDED', 8)])).toEqual(['Billing', 'New credits']);
});
