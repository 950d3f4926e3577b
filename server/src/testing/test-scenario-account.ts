import { v7 } from 'uuid';
import type { QuotePayload } from '../catalog/quote-payload.js';
import { SERVICE, type TestLedger } from './test-ledger.js';

/** The account that a scenario plays on, and what the names in its lines stand for. */
export class ScenarioAccount {
  /** Of the account that was opened last. */
  accountId = '';
  readonly quotes = new Map<string, QuotePayload>();
  private readonly ids = new Map<string, string>();

  constructor(readonly books: TestLedger) {}

  has(name: string): boolean {
    return this.ids.has(name);
  }

  /** The id that a name stands for, a new one when it is said for the first time. */
  id(name: string): string {
    let id = this.ids.get(name);
    if (!id) this.ids.set(name, (id = v7()));
    return id;
  }

  nameOf(id: string | null): string {
    for (const [name, known] of this.ids) if (known === id) return name;
    return id === null ? '-' : 'allowance';
  }

  /** The id of the newest grant that the plan made. */
  async newestOfPlan(): Promise<string> {
    const { rows } = await this.books.pool.query<{ id: string }>(
      `SELECT grant_id AS id FROM credit_grant WHERE account_id = $1 AND period_number IS NOT NULL ORDER BY created_at DESC, grant_id DESC LIMIT 1`,
      [this.accountId],
    );
    if (!rows[0]) throw new Error('the plan made no grant');
    return rows[0].id;
  }

  /** The account as it is now. */
  async head() {
    const outcome = await this.books.ledger.submit({ type: 'advance', accountId: this.accountId, actor: SERVICE });
    if (outcome.kind !== 'account') throw new Error('no account is open');
    return outcome;
  }
}
