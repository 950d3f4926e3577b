import type { EntityManager } from 'typeorm';
import type { MailKind } from './mail-kind.js';

/** Where an account's owner wants mails, and of which kinds. */
export interface MailPreferences {
  readonly address: string | null;
  /** Whether the link in the first mail to that address was followed. */
  readonly isConfirmed: boolean;
  readonly kinds: ReadonlySet<MailKind>;
}

/** Refusals of a recipient, one after the other, after which no mail of that kind is tried again. */
export const REFUSALS_MAX = 3;

type Query = Pick<EntityManager, 'query'>;

interface PreferenceRow {
  readonly account_id: string;
  readonly address: string | null;
  readonly is_confirmed: boolean;
  readonly kinds: MailKind[] | null;
}

/** Preferences of accounts; those that nobody has set are left out. */
export async function readPreferences(
  query: Query,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, MailPreferences>> {
  const rows: PreferenceRow[] = await query.query(
    `/* mail.preferences */ SELECT asked.account_id, a.address, a.confirmed_at IS NOT NULL AS is_confirmed,
        (SELECT array_agg(c.kind) FROM mail_choice c WHERE c.account_id = asked.account_id) AS kinds
      FROM unnest($1::uuid[]) AS asked (account_id) LEFT JOIN mail_address a ON a.account_id = asked.account_id`,
    [accountIds],
  );
  return new Map(
    rows.map((row) => [
      row.account_id,
      { address: row.address, isConfirmed: row.is_confirmed, kinds: new Set(row.kinds ?? []) },
    ]),
  );
}

/** Whether a mail of this kind may go to this address. */
export function isWanted(preferences: MailPreferences | undefined, kind: MailKind, address: string): boolean {
  return preferences?.isConfirmed === true && preferences.address === address && preferences.kinds.has(kind);
}

/** Sends mails to another address from now on, once that is confirmed; the same address stays as it is. Null: to none. */
export async function writeAddress(query: Query, accountId: string, address: string | null): Promise<void> {
  if (address === null) {
    await query.query('/* mail.remove_address */ DELETE FROM mail_address WHERE account_id = $1', [accountId]);
    return;
  }
  await query.query(
    `/* mail.set_address */ INSERT INTO mail_address AS a (account_id, address) VALUES ($1, $2)
      ON CONFLICT (account_id) DO UPDATE SET address = EXCLUDED.address,
        confirmed_at = CASE WHEN a.address = EXCLUDED.address THEN a.confirmed_at END`,
    [accountId, address],
  );
}

/** @returns whether it was not confirmed before */
export async function confirmAddress(query: Query, accountId: string, address: string, now: number): Promise<boolean> {
  const [rows]: [unknown[], number] = await query.query(
    `/* mail.confirm */ UPDATE mail_address SET confirmed_at = $3
      WHERE account_id = $1 AND address = $2 AND confirmed_at IS NULL RETURNING account_id`,
    [accountId, address, new Date(now)],
  );
  return rows.length > 0;
}

/** Asks for mails of a kind; whoever asks again begins with no refusals. */
export async function addChoice(query: Query, accountId: string, kind: MailKind): Promise<void> {
  await query.query(
    `/* mail.choose */ INSERT INTO mail_choice (account_id, kind, refusals) VALUES ($1, $2, 0)
      ON CONFLICT (account_id, kind) DO UPDATE SET refusals = 0`,
    [accountId, kind],
  );
}

/** @returns whether it was asked for before */
export async function removeChoice(query: Query, accountId: string, kind: MailKind): Promise<boolean> {
  const [rows]: [unknown[], number] = await query.query(
    '/* mail.stop */ DELETE FROM mail_choice WHERE account_id = $1 AND kind = $2 RETURNING kind',
    [accountId, kind],
  );
  return rows.length > 0;
}

/** Counts that the recipient was refused; @returns how often by now, one after the other */
export async function countRefusal(query: Query, accountId: string, kind: MailKind): Promise<number> {
  const [rows]: [{ refusals: number }[], number] = await query.query(
    `/* mail.count_refusal */ UPDATE mail_choice SET refusals = refusals + 1 WHERE account_id = $1 AND kind = $2 RETURNING refusals`,
    [accountId, kind],
  );
  return rows[0]?.refusals ?? 0;
}

/** The recipient was taken: refusals count from nought. */
export async function forgetRefusals(query: Query, accountId: string, kind: MailKind): Promise<void> {
  await query.query(
    '/* mail.forget_refusals */ UPDATE mail_choice SET refusals = 0 WHERE account_id = $1 AND kind = $2 AND refusals > 0',
    [accountId, kind],
  );
}
