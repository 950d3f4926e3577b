import type { Cause } from '../core/cause.js';
import { explainEntry } from './explain-entry.js';
import type { EntryKind, GrantSource, ReservationLine } from '../core/state.js';

const UNTIL = Date.UTC(2026, 1, 1);
const EXPIRES_AT = Date.UTC(2026, 0, 10);

const line = (quantity: number, name: string, unitCredits: number): ReservationLine => ({
  operation: name,
  name,
  feature: 'PRODUCTION_ROOM',
  type: 'IMAGE',
  quantity,
  unitCredits,
  credits: quantity * unitCredits,
  committed: 0,
  done: 0,
  added: null,
});

const held = {
  lines: [line(1, 'Long video', 100)],
  reserved: 100,
  priceListVersion: 1,
  heldAtExpiry: null,
  expiresAt: EXPIRES_AT,
  outcome: null,
};
const grown = {
  ...held,
  lines: [
    line(1, 'Long video', 100),
    { ...line(1, 'Long image', 20), added: { version: 7, priceListVersion: 2 } },
    { ...line(1, 'Short image', 5), added: { version: 7, priceListVersion: 2 } },
  ],
};
const expired = { ...held, heldAtExpiry: 100, outcome: 'SUCCEEDED' as const };
const many = {
  ...held,
  lines: [line(1, 'Long image', 20), line(2, 'Mid image', 10), line(3, 'Short image', 5), line(1, 'Mid audio', 30)],
};

function explain(
  kind: EntryKind,
  amount: number,
  cause: Cause,
  source: GrantSource,
  reservation: Parameters<typeof explainEntry>[2] = null,
  reason: string | null = null,
  at = EXPIRES_AT,
  version = 1,
): string {
  const grant = { source, expiresAt: reason === 'for ever' ? null : UNTIL, periodNumber: 3, reason };
  return explainEntry({ kind, creditType: 'STANDARD', amount, cause, at, version }, grant, reservation, 'UTC');
}

test.each([
  [
    explain('GRANT', 100, 'reset-period', 'ALLOWANCE'),
    "The plan's allowance of 100 credits for period 3, until 2026-02-01.",
  ],
  [
    explain('GRANT', 1, 'reset-period', 'ROLLOVER'),
    '1 credit of the last allowance carried over into period 3, until 2026-02-01.',
  ],
  [
    explain('GRANT', 1_000, 'grant', 'PROMOTION', null, 'launch week'),
    'A promotion of 1,000 credits, until 2026-02-01: launch week.',
  ],
  [explain('GRANT', 7, 'grant', 'ADJUSTMENT', null, 'for ever'), 'A correction of 7 credits, never expires: for ever.'],
  [
    explain('RESERVE', 100, 'reserve', 'ALLOWANCE', held),
    'Held 100 credits for 1 x Long video (100) at price list 1, from the monthly allowance.',
  ],
  [
    explain('RESERVE', 100, 'spend', 'ALLOWANCE', held),
    'Took 100 credits for 1 x Long video (100) at price list 1, from the monthly allowance.',
  ],
  [
    explain('RESERVE', 30, 'reserve', 'PROMOTION', held),
    'Held 30 of 100 credits for 1 x Long video (100) at price list 1, from a promotion.',
  ],
  [
    explain('RESERVE', 85, 'reserve', 'PURCHASE', many),
    'Held 85 credits for 1 x Long image (20), 2 x Mid image (20), 3 x Short image (15) and 1 more at price list 1, from purchased credits.',
  ],
  [
    explain('RESERVE', 20, 'add', 'ALLOWANCE', grown, null, EXPIRES_AT, 7),
    'Held 20 of 25 credits more for 1 x Long image (20) and 1 x Short image (5) at price list 2, added to an open hold, from the monthly allowance.',
  ],
  [
    explain('RESERVE', 100, 'reserve', 'ALLOWANCE', grown, null, EXPIRES_AT, 3),
    'Held 100 credits for 1 x Long video (100) at price list 1, from the monthly allowance.',
  ],
  [
    explain('COMMIT', 100, 'commit', 'ALLOWANCE', grown, null, EXPIRES_AT, 6),
    'Spent 100 credits on 1 x Long video (100) at price list 1, from the monthly allowance.',
  ],
  [
    explain('COMMIT', 25, 'commit', 'ALLOWANCE', grown, null, EXPIRES_AT, 8),
    'Spent 25 credits on 1 x Long video (100) at price list 1, 1 x Long image (20) at price list 2 and 1 x Short image (5) at price list 2, from the monthly allowance.',
  ],
  [
    explain('RESERVE', 5, 'commit', 'ALLOWANCE', held),
    'Took 5 credits more for 1 x Long video (100) at price list 1, which needed more than was held, from the monthly allowance.',
  ],
  [
    explain('RESERVE', 100, 'commit', 'ALLOWANCE', expired),
    'Took 100 credits for 1 x Long video (100) at price list 1, whose hold had expired before the work ended, from the monthly allowance.',
  ],
  [
    explain('COMMIT', 100, 'commit', 'BONUS', held),
    'Spent 100 credits on 1 x Long video (100) at price list 1, from a bonus.',
  ],
  [
    explain('COMMIT', 100, 'commit', 'ALLOWANCE', expired),
    'Spent 100 credits on 1 x Long video (100) at price list 1, from the monthly allowance; the work ended after its hold had expired.',
  ],
  [
    explain('COMMIT', 30, 'commit', 'ALLOWANCE', expired, null, EXPIRES_AT - 1),
    'Spent 30 credits on 1 x Long video (100) at price list 1, from the monthly allowance.',
  ],
  [
    explain('RELEASE', 100, 'expire-reservation', 'ALLOWANCE', expired),
    'Gave back 100 credits held for 1 x Long video (100) at price list 1, since the hold expired, to the monthly allowance.',
  ],
  [
    explain('RELEASE', 100, 'release', 'ALLOWANCE', held),
    'Gave back 100 credits held for 1 x Long video (100) at price list 1, since it was released, to the monthly allowance.',
  ],
  [
    explain('RELEASE', 100, 'commit', 'ALLOWANCE', { ...held, outcome: 'BLOCKED' }),
    'Gave back 100 credits held for 1 x Long video (100) at price list 1, since the work was blocked, to the monthly allowance.',
  ],
  [
    explain('RELEASE', 40, 'commit', 'ALLOWANCE', { ...held, outcome: 'SUCCEEDED' }),
    'Gave back 40 credits held for 1 x Long video (100) at price list 1, which the work did not need, to the monthly allowance.',
  ],
  [
    explain('EXPIRE', 40, 'reset-period', 'ALLOWANCE'),
    '40 credits of the monthly allowance expired unused at the reset.',
  ],
  [explain('EXPIRE', 40, 'expire-grant', 'PROMOTION'), '40 credits of a promotion expired unused.'],
  [
    explain('EXPIRE', 40, 'release', 'ALLOWANCE', held),
    '40 credits of the monthly allowance expired: a hold gave them back after their end.',
  ],
  [explain('REFUND', 50, 'grant', 'PURCHASE'), 'Refunded 50 credits of purchased credits.'],
  [
    explain('REVOKE', 20, 'release', 'BONUS', held),
    'Took back 20 credits of a bonus: a hold gave them back after they had been revoked.',
  ],
])('%s', (sentence, expected) => {
  expect(sentence).toBe(expected);
});
