import type { EntityManager } from 'typeorm';
import type { SavedMethod } from '../../ledger/core/billing.js';

/** The test cards: how each behaves when it is charged without the buyer. */
export const CARDS = {
  /** Always pays. */
  '4242': 'pays',
  /** Is declined. */
  '0002': 'declines',
  /** Its bank wants the buyer. */
  '3155': 'asks',
} as const;
export type CardNumber = keyof typeof CARDS;

export function isCard(text: string): text is CardNumber {
  return Object.hasOwn(CARDS, text);
}

interface MethodRow {
  readonly method_ref: string;
  readonly brand: string;
  readonly last4: CardNumber;
  readonly expires_month: number;
  readonly expires_year: number;
}

/** Saves a test card and answers it. */
export async function saveCard(
  manager: EntityManager,
  accountId: string,
  ref: string,
  last4: CardNumber,
): Promise<void> {
  await manager.query(
    `/* sandbox.save_card */ INSERT INTO sandbox_method (account_id, method_ref, brand, last4, expires_month, expires_year, is_forgotten)
      VALUES ($1, $2, 'visa', $3, 12, 2099, false)`,
    [accountId, ref, last4],
  );
}

/** A saved card; null: there is none, or it was removed. */
export async function findCard(
  manager: EntityManager,
  accountId: string,
  ref: string | null,
): Promise<(SavedMethod & { readonly last4: CardNumber }) | null> {
  if (ref === null) return null;
  const rows: MethodRow[] = await manager.query(
    `/* sandbox.card */ SELECT method_ref, brand, last4, expires_month, expires_year FROM sandbox_method
      WHERE account_id = $1 AND method_ref = $2 AND NOT is_forgotten`,
    [accountId, ref],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { brand, last4, expires_month: expiresMonth, expires_year: expiresYear } = row;
  return { ref: row.method_ref, brand, last4, expiresMonth, expiresYear };
}

export async function forgetCard(manager: EntityManager, accountId: string, ref: string): Promise<void> {
  await manager.query(
    '/* sandbox.forget_card */ UPDATE sandbox_method SET is_forgotten = true WHERE account_id = $1 AND method_ref = $2',
    [accountId, ref],
  );
}
