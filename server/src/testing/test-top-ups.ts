import { v7 } from 'uuid';
import type { SetTopUpCommand } from '../ledger/core/commands/set-top-up.js';
import type { TopUp } from '../ledger/core/billing.js';
import type { PurchaseState } from '../ledger/core/purchase.js';
import { PURCHASE, toPurchase } from '../ledger/rows/purchase-rows.js';
import type { Row } from '../ledger/wire/flight.js';
import { keyed, type TestLedger } from './test-ledger.js';
import { PROVIDER } from './test-purchases.js';

const OWNER = { name: 'user:anna', holder: 'user:anna', member: 'anna', closesAny: false } as const;

/** Saves a payment method, as a checkout in which the buyer agreed does. */
export function saveMethod(accountId: string, ref = `pm_${v7()}`) {
  const method = { ref, brand: 'visa', last4: '4242', expiresMonth: 12, expiresYear: 2099 };
  return { type: 'save-method', accountId, actor: PROVIDER, customerRef: `cus_${accountId}`, method } as const;
}

type TopUpOptions = Partial<Pick<SetTopUpCommand, 'creditType' | 'provider' | 'actor'>> & {
  readonly key?: string;
  readonly off?: boolean;
} & Partial<Pick<TopUp, 'packId' | 'threshold' | 'purchasesPerPeriodMax'>>;

/** `setTopUp(account, { threshold: 20 })`: turns auto top-up on, with `pack.50` at 20 and 3 a period unless said otherwise. */
export function setTopUp(accountId: string, options: TopUpOptions = {}): SetTopUpCommand {
  const { key = v7(), off = false, creditType = 'STANDARD', provider = 'sandbox', actor = OWNER } = options;
  const { packId = 'pack.50', threshold = 20, purchasesPerPeriodMax = 3 } = options;
  const rule = { packId, threshold, purchasesPerPeriodMax };
  const said = off ? { packId: null, threshold: null, purchasesPerPeriodMax: null } : rule;
  return {
    type: 'set-top-up',
    accountId,
    actor,
    keyed: keyed('set-top-up', key, { creditType, enabled: !off, ...said }),
    creditType,
    rule: off ? null : rule,
    provider,
  };
}

/** What auto top-up began to buy for an account, oldest first. */
export async function boughtBy({ pool }: Pick<TestLedger, 'pool'>, accountId: string): Promise<PurchaseState[]> {
  const { rows } = await pool.query<Row>(
    `SELECT ${PURCHASE.select('p')} FROM purchase p WHERE p.account_id = $1 AND p.origin = 'AUTO' ORDER BY p.purchase_id`,
    [accountId],
  );
  return PURCHASE.read(rows).map(toPurchase);
}
