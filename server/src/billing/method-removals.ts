import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { ProviderName } from '../ledger/core/purchase.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import type { PaymentProvider } from './payment-provider.js';
import { PaymentsDown } from './payment-provider.js';

export interface MethodRemovalsDeps {
  readonly dataSource: DataSource;
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  readonly accounts: Pick<AccountReader, 'readAll'>;
  /** The provider of a name; null: it is not configured. */
  readonly providerOf: (name: ProviderName) => PaymentProvider | null;
}

/** The most accounts that one round looks after. */
const ROUND_MAX = 200;

interface RemovalRow {
  readonly method_ref: string;
  readonly customer_ref: string;
  readonly provider: ProviderName;
}

/**
 * Has providers forget payment methods that accounts have left.
 *
 * That a method may be left is written before the ledger decides it, so that no crash in between leaves it with the provider; while it is
 * still the account's, it stays. Source: docs/domain.md, Auto top-up
 */
export class MethodRemovals {
  constructor(private readonly deps: MethodRemovalsDeps) {}

  /** The method that an account has now may be left by what is about to be decided. */
  async expect(accountId: string): Promise<void> {
    const { accounts, dataSource } = this.deps;
    const [account] = await accounts.readAll([accountId]);
    const { method = null, customerRef = null } = account?.state.billing ?? {};
    if (account === undefined || method === null) return;
    const provider: ProviderName = account.state.sandbox ? 'sandbox' : 'stripe';
    await dataSource.query(
      `/* billing.expect_removal */ INSERT INTO method_removal (account_id, method_ref, customer_ref, provider)
        VALUES ($1, $2, $3, $4) ON CONFLICT (account_id, method_ref) DO NOTHING`,
      [accountId, method.ref, customerRef ?? '', provider],
    );
  }

  /**
   * Has the provider forget what the account has left. Safe to repeat.
   *
   * @throws PaymentsDown: a job does it later
   */
  async finish(accountId: string): Promise<void> {
    const { accounts, dataSource, providerOf } = this.deps;
    const rows: RemovalRow[] = await dataSource.query(
      '/* billing.removals_of */ SELECT method_ref, customer_ref, provider FROM method_removal WHERE account_id = $1',
      [accountId],
    );
    if (rows.length === 0) return;
    const [account] = await accounts.readAll([accountId]);
    for (const { method_ref: methodRef, customer_ref: customerRef, provider: name } of rows) {
      if (methodRef === account?.state.billing?.method?.ref) continue;
      const provider = providerOf(name);
      if (provider === null) throw new PaymentsDown(`${name} is not configured, and is to forget a payment method`);
      await provider.forgetMethod({ accountId, customerRef, methodRef });
      await dataSource.query(
        '/* billing.removed */ DELETE FROM method_removal WHERE account_id = $1 AND method_ref = $2',
        [accountId, methodRef],
      );
    }
  }

  /** Accounts of which something may have to be forgotten, whose turn it is. */
  async due(now: number): Promise<string[]> {
    const { rows } = await this.deps.reader.query<{ accountId: string }>({
      text: `/* billing.removals_due */ SELECT DISTINCT r.account_id AS "accountId" FROM method_removal r
        LEFT JOIN payment_watch w ON w.account_id = r.account_id AND w.subject_id = r.account_id
        WHERE w.ask_at IS NULL OR w.ask_at <= $1 LIMIT ${ROUND_MAX}`,
      values: [new Date(now).toISOString()],
    });
    return rows.map(({ accountId }) => accountId);
  }
}
