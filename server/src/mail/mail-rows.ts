import type { EntityManager } from 'typeorm';
import type { CreditType } from '../catalog/catalog.js';
import type { EventType } from '../ledger/core/events.js';
import type { LevelName } from '../ledger/core/state.js';
import type { MailKind } from './mail-kind.js';

/**
 * What became of a mail. `TAKEN_BACK`: what it was to say is not so any more. `UNWANTED`: nobody wants it there any more.
 * `REFUSED`: the mail server knows no such recipient. `GIVEN_UP`: it could not be sent.
 */
export type MailStatus = 'WAITING' | 'SENT' | 'TAKEN_BACK' | 'UNWANTED' | 'REFUSED' | 'GIVEN_UP';

/** The event that a mail tells of. */
export interface ToldEvent {
  readonly type: EventType;
  readonly version: number;
  readonly ordinal: number;
  readonly creditType: CreditType;
  /** The hold whose end a warning waits for. */
  readonly reservationId: string | null;
}

/** A mail that waits to be sent. */
export interface WaitingMail {
  readonly accountId: string;
  readonly id: string;
  readonly messageKey: string;
  readonly kind: MailKind | 'CONFIRMATION';
  readonly address: string;
  /** Null: it is a confirmation. */
  readonly event: ToldEvent | null;
  readonly attempts: number;
}

export interface NewMail extends Omit<WaitingMail, 'attempts'> {
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly sendAt: number;
}

/** How a mail ended, and in a demo what it said. */
export interface EndedMail {
  readonly status: Exclude<MailStatus, 'WAITING'>;
  readonly at: number;
  readonly attempts?: number;
  readonly trouble?: string | null;
  /** The low-balance rule that it told of. */
  readonly level?: LevelName | null;
  readonly kept?: { readonly subject: string; readonly html: string; readonly plain: string } | null;
}

/** Writes a mail; one that was written before is left as it is. */
export async function insertMail(manager: EntityManager, mail: NewMail): Promise<void> {
  const { event } = mail;
  await manager.query(
    `/* mail.insert */ INSERT INTO mail (account_id, mail_id, message_key, kind, address, event_type, event_version, event_ordinal,
        credit_type, reservation_id, status, attempts, created_at, send_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'WAITING', 0, $11, $12) ON CONFLICT (account_id, message_key) DO NOTHING`,
    [
      mail.accountId,
      mail.id,
      mail.messageKey,
      mail.kind,
      mail.address,
      event?.type ?? null,
      event?.version ?? null,
      event?.ordinal ?? null,
      event?.creditType ?? null,
      event?.reservationId ?? null,
      new Date(mail.createdAt),
      new Date(mail.sendAt),
    ],
  );
}

interface MailRow {
  readonly account_id: string;
  readonly mail_id: string;
  readonly message_key: string;
  readonly kind: WaitingMail['kind'];
  readonly address: string;
  readonly event_type: EventType | null;
  readonly event_version: string | null;
  readonly event_ordinal: number | null;
  readonly credit_type: CreditType | null;
  readonly reservation_id: string | null;
  readonly attempts: number;
}

/**
 * The mail that has waited longest of those whose time has come, held until the transaction ends: no other process sends it meanwhile,
 * and if this process dies, the next one finds it as it was.
 */
export async function takeMail(manager: EntityManager, now: number): Promise<WaitingMail | null> {
  const [row]: MailRow[] = await manager.query(
    `/* mail.take */ SELECT account_id, mail_id, message_key, kind, address, event_type, event_version, event_ordinal, credit_type,
        reservation_id, attempts FROM mail WHERE status = 'WAITING' AND send_at <= $1
      ORDER BY send_at, mail_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [new Date(now)],
  );
  if (row === undefined) return null;
  const { event_type: type, credit_type: creditType } = row;
  return {
    accountId: row.account_id,
    id: row.mail_id,
    messageKey: row.message_key,
    kind: row.kind,
    address: row.address,
    event:
      type === null || creditType === null
        ? null
        : {
            type,
            version: Number(row.event_version),
            ordinal: row.event_ordinal ?? 0,
            creditType,
            reservationId: row.reservation_id,
          },
    attempts: row.attempts,
  };
}

/** Warnings that wait for a hold which has ended are sent now. */
export async function endWaitsForHolds(manager: EntityManager, now: number): Promise<void> {
  await manager.query(
    `/* mail.end_waits */ UPDATE mail SET send_at = least(send_at, $1), reservation_id = NULL WHERE (account_id, mail_id) IN (
        SELECT m.account_id, m.mail_id FROM mail m
          JOIN reservation r ON r.account_id = m.account_id AND r.reservation_id = m.reservation_id
        WHERE m.status = 'WAITING' AND m.reservation_id IS NOT NULL AND r.status <> 'HELD' FOR UPDATE OF m SKIP LOCKED)`,
    [new Date(now)],
  );
}

export async function endMail(
  manager: EntityManager,
  { accountId, id }: Pick<WaitingMail, 'accountId' | 'id'>,
  { status, at, attempts, trouble = null, level = null, kept = null }: EndedMail,
): Promise<void> {
  await manager.query(
    `/* mail.end */ UPDATE mail SET status = $3, ended_at = $4, attempts = coalesce($5, attempts), trouble = $6, level = $7,
        subject = $8, html = $9, plain = $10 WHERE account_id = $1 AND mail_id = $2 AND status = 'WAITING'`,
    [
      accountId,
      id,
      status,
      new Date(at),
      attempts ?? null,
      trouble,
      level,
      kept?.subject ?? null,
      kept?.html ?? null,
      kept?.plain ?? null,
    ],
  );
}

/** Lets a mail wait on. */
export async function postponeMail(
  manager: EntityManager,
  { accountId, id }: Pick<WaitingMail, 'accountId' | 'id'>,
  { sendAt, attempts, trouble = null }: { sendAt: number; attempts: number; trouble?: string | null },
): Promise<void> {
  await manager.query(
    `/* mail.postpone */ UPDATE mail SET send_at = $3, attempts = $4, trouble = $5, reservation_id = NULL
      WHERE account_id = $1 AND mail_id = $2 AND status = 'WAITING'`,
    [accountId, id, new Date(sendAt), attempts, trouble],
  );
}

/**
 * Takes back the warning about an account's credits of a type that still waits, for a newer one to say it better. One that is being sent just
 * now is left alone: nobody waits for a mail server.
 *
 * @returns when it was to be sent; null: none waits
 */
export async function takeBackWarning(
  manager: EntityManager,
  accountId: string,
  creditType: CreditType,
  now: number,
): Promise<number | null> {
  const [rows]: [{ send_at: Date }[], number] = await manager.query(
    `/* mail.take_back */ UPDATE mail SET status = 'TAKEN_BACK', ended_at = $3 WHERE (account_id, mail_id) IN (
        SELECT account_id, mail_id FROM mail
        WHERE account_id = $1 AND kind = 'LOW_BALANCE' AND event_type = 'BALANCE_LOW' AND credit_type = $2 AND status = 'WAITING'
        FOR UPDATE SKIP LOCKED) RETURNING send_at`,
    [accountId, creditType, new Date(now)],
  );
  return rows.length === 0 ? null : Math.min(...rows.map(({ send_at }) => send_at.getTime()));
}

/** What the last mail about an account's credits of a type told, and when each rule was told of last; epoch milliseconds. */
export interface ToldOfBalance {
  readonly last: 'BALANCE_LOW' | 'BALANCE_RECOVERED' | null;
  readonly toldAt: ReadonlyMap<string, number>;
}

/** The key of `ToldOfBalance.toldAt`. */
export function ruleKey(type: EventType, level: LevelName): string {
  return `${type} ${level}`;
}

export async function readToldOfBalance(
  manager: EntityManager,
  accountId: string,
  creditType: CreditType,
): Promise<ToldOfBalance> {
  const rows: { event_type: 'BALANCE_LOW' | 'BALANCE_RECOVERED'; level: LevelName; ended_at: Date }[] =
    await manager.query(
      `/* mail.told_of_balance */ SELECT event_type, level, max(ended_at) AS ended_at FROM mail
        WHERE account_id = $1 AND kind = 'LOW_BALANCE' AND credit_type = $2 AND status = 'SENT' AND level IS NOT NULL
        GROUP BY event_type, level ORDER BY max(ended_at) DESC`,
      [accountId, creditType],
    );
  return {
    last: rows[0]?.event_type ?? null,
    toldAt: new Map(rows.map((row) => [ruleKey(row.event_type, row.level), row.ended_at.getTime()])),
  };
}

/** How many mails an account was sent since an instant. */
export async function countSent(manager: EntityManager, accountId: string, since: number): Promise<number> {
  const [row]: { sent: number }[] = await manager.query(
    `/* mail.count_sent */ SELECT count(*)::integer AS sent FROM mail WHERE account_id = $1 AND status = 'SENT' AND ended_at > $2`,
    [accountId, new Date(since)],
  );
  return row?.sent ?? 0;
}

/** Forgets mails that ended long ago. */
export async function deleteEnded(manager: EntityManager, before: number): Promise<void> {
  await manager.query(
    `/* mail.delete_ended */ DELETE FROM mail WHERE (account_id, mail_id) IN (
        SELECT account_id, mail_id FROM mail WHERE ended_at < $1 ORDER BY ended_at LIMIT 1000)`,
    [new Date(before)],
  );
}
