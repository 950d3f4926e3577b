import { fateOf, withNewest, withOlder } from './events.js';
import type { Happened } from './events.js';

let versions = 0;
const event = (id: string, type: Happened['type'], more: Partial<Happened> = {}): Happened => ({
  __typename: 'CreditEvent',
  id,
  type,
  creditType: 'STANDARD',
  at: '2026-11-27T12:00:00.000Z',
  level: null,
  threshold: null,
  credits: null,
  grantId: null,
  budgetId: null,
  purchaseId: null,
  reservationId: null,
  message: '',
  balance: { __typename: 'Balance', version: ++versions },
  ...more,
});
const ids = (of: { events: readonly Happened[] }): string => of.events.map(({ id }) => id).join('');
const known = (letters: string, hasOlder = true) => ({
  events: [...letters].map((id) => event(id, 'GRANT_ADDED')),
  hasOlder,
});

test('newer events go before what is known, none twice, and older ones after it', () => {
  expect(ids(withNewest(null, known('cb')))).toBe('cb');
  expect(ids(withNewest(known('cba', false), known('edc')))).toBe('edcba');
  expect(withNewest(known('cba', false), known('edc')).hasOlder).toBe(false);
  expect(ids(withNewest(known('cba'), known('cba')))).toBe('cba');
  expect(ids(withOlder(known('dc'), known('ba', false)))).toBe('dcba');
});

test('more news than one page: what was known is left, so that the list has no hole', () => {
  expect(ids(withNewest(known('cba'), known('zyx')))).toBe('zyx');
  expect(ids(withNewest(known('cba'), { events: [], hasOlder: false }))).toBe('cba');
});

const low = (id: string, more: Partial<Happened> = {}) => event(id, 'BALANCE_LOW', { level: 'LOW', ...more });

test('what became of a warning: a pack, a renewal, a hold that came back, a worse one, or nothing yet', () => {
  const movement = { balance: { __typename: 'Balance' as const, version: 900 } };
  const bought = [event('r', 'BALANCE_RECOVERED', movement), event('p', 'PURCHASE_PAID', movement), low('l')];
  expect(fateOf(bought, 2)).toMatchObject({ how: 'bought', by: { id: 'r' } });
  const renewed = [event('t', 'PERIOD_RESET'), low('l')];
  expect(fateOf(renewed, 1)).toMatchObject({ how: 'renewed', by: { id: 't' } });
  const held = [event('r', 'BALANCE_RECOVERED', { reservationId: 'rsv_1' }), low('l')];
  expect(fateOf(held, 1)).toMatchObject({ how: 'cameBack' });
  expect(fateOf([low('c', { level: 'CRITICAL' }), low('l')], 1)).toMatchObject({ how: 'worse', by: { id: 'c' } });
  expect(fateOf([low('l')], 0)).toBeNull();
});

test('the other kind of credits ends no warning, and what came before does not either', () => {
  expect(fateOf([event('r', 'PERIOD_RESET', { creditType: 'SCAN' }), low('l')], 1)).toBeNull();
  expect(fateOf([low('l'), event('r', 'PERIOD_RESET')], 0)).toBeNull();
});

test('a payment that the bank wanted confirmed ends as paid or failed, its own and no other', () => {
  const asked = event('a', 'PURCHASE_ACTION_REQUIRED', { purchaseId: 'pur_1' });
  expect(fateOf([event('p', 'PURCHASE_PAID', { purchaseId: 'pur_2' }), asked], 1)).toBeNull();
  expect(fateOf([event('p', 'PURCHASE_PAID', { purchaseId: 'pur_1' }), asked], 1)).toMatchObject({ how: 'paid' });
  expect(fateOf([event('p', 'PURCHASE_FAILED', { purchaseId: 'pur_1' }), asked], 1)).toMatchObject({ how: 'failed' });
});
