import type pg from 'pg';
import { CREDIT_TYPES, type CreditType } from '../catalog/catalog.js';
import { dayRange } from '../accounts/periods.js';
import { ledgerTypes } from '../db/ledger-types.js';
import { badUserInput, unavailable } from '../kit/errors.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import type { PastReader } from '../ledger/past/cut.js';
import { readUnspent } from '../ledger/past/read-unspent.js';
import { readAnswer } from '../ledger/rows/answer.js';
import type { Row } from '../ledger/wire/flight.js';
import type { LiabilityRow } from './statements.types.js';

const ACCOUNTS_A_STEP = 250;
const DAY_MS = 86_400_000;
const FIRST_DAY = '1970-01-01';

const BOUGHT = {
  text: `/* liability.bought */ SELECT p.account_id AS "accountId", p.purchase_id AS "purchaseId", p.credit_type AS "creditType",
      p.credits, p.price_minor AS "priceMinor", p.currency
    FROM (SELECT a.account_id FROM ledger_account a WHERE a.sandbox = $1 AND a.account_id > $2
        AND EXISTS (SELECT FROM purchase o WHERE o.account_id = a.account_id AND o.payment_id IS NOT NULL)
      ORDER BY a.account_id LIMIT ${ACCOUNTS_A_STEP}) s
    JOIN purchase p ON p.account_id = s.account_id AND p.payment_id IS NOT NULL`,
  answer: {
    accountId: 'uuid',
    purchaseId: 'uuid',
    creditType: 'text',
    credits: 'bigint',
    priceMinor: 'bigint',
    currency: 'text',
  },
} as const;

/** `YYYY-MM-DD` in UTC. */
const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

/**
 * The day whose end is asked for.
 *
 * @param at  null: yesterday
 * @param sandbox  sandbox accounts have clocks of their own: a day that is to come here may be past there
 * @throws BAD_USER_INPUT `at` for a day before 1970, or of live accounts for one that has not ended
 */
export function readDay(at: string | null, sandbox: boolean, now: number): string {
  const yesterday = utcDay(now - DAY_MS);
  const day = at ?? yesterday;
  if (day < FIRST_DAY) throw badUserInput('at', 'at must be in 1970 or later.');
  if (!sandbox && day > yesterday)
    throw badUserInput('at', `at must be a UTC day that has ended, ${yesterday} or earlier.`);
  return day;
}

const DUE_A_STEP = 100;
const STEPS_MAX = 50;

/**
 * Has the live accounts closed of which something ended by the end of a day, so that nothing is counted that is gone. The punctual worker
 * has done so long before, unless the service was down.
 *
 * @throws UNAVAILABLE when there are thousands: the worker is at it
 */
export async function closeDue(reader: pg.Pool, accounts: AccountReader, day: string): Promise<void> {
  const end = new Date(dayRange(day, 'UTC').end).toISOString();
  for (let step = 0; step < STEPS_MAX; step++) {
    const { rows } = await reader.query<{ account_id: string }>(
      `/* liability.due */ SELECT account_id FROM account_due WHERE due_at <= $1::timestamptz AND due_at <= clock_timestamp()
        ORDER BY due_at LIMIT ${DUE_A_STEP}`,
      [end],
    );
    if (rows.length === 0) return;
    await accounts.readAll(rows.map(({ account_id }) => account_id));
  }
  throw unavailable();
}

/**
 * What was unspent of bought credits at the end of a UTC day, over all accounts of a side, and what was paid for it: by each purchase's
 * own price and credits, rounded down. Bonuses were not paid for and are not in it.
 *
 * All accounts are read in one snapshot, some hundreds at a time.
 *
 * Source: docs/domain.md, The past
 */
export async function readLiability(pool: pg.Pool, day: string, sandbox: boolean): Promise<LiabilityRow[]> {
  const client = await pool.connect();
  let failed: Error | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const rows = await sumUp(client, dayRange(day, 'UTC').end, sandbox);
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    failed = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A connection in the middle of a transaction is not given back.
    client.release(failed);
  }
}

async function sumUp(reader: PastReader, at: number, sandbox: boolean): Promise<LiabilityRow[]> {
  const rows = new Map<string, LiabilityRow>();
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows: answered } = await reader.query<Row>({
      text: BOUGHT.text,
      values: [sandbox, after],
      types: ledgerTypes,
    });
    const bought = readAnswer('liability.bought', BOUGHT.answer, answered);
    const accounts = [...new Set(bought.map(({ accountId }) => accountId))];
    const last = accounts.reduce((latest, id) => (id > latest ? id : latest), after);
    if (last === after) break;
    after = last;
    const unspent = await readUnspent(
      reader,
      accounts.map((accountId) => ({ accountId, at })),
    );
    const left = new Map(unspent.flat().map((one) => [one.purchaseId, one.unspent]));
    for (const { purchaseId, creditType, credits, priceMinor, currency } of bought) {
      const rest = left.get(purchaseId) ?? 0;
      if (rest === 0) continue;
      const key = `${creditType} ${currency}`;
      const known = rows.get(key);
      rows.set(key, {
        creditType: creditType as CreditType,
        currency,
        unspentCredits: (known?.unspentCredits ?? 0) + rest,
        // In whole numbers: the product may be more than a double holds exactly.
        paidMinor: (known?.paidMinor ?? 0) + Number((BigInt(rest) * BigInt(priceMinor)) / BigInt(credits)),
        purchases: (known?.purchases ?? 0) + 1,
      });
    }
  }
  const order = (row: LiabilityRow): string => `${CREDIT_TYPES.indexOf(row.creditType)} ${row.currency}`;
  return [...rows.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
