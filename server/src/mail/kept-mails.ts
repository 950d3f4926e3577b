import { formatId, parseId } from '@aibc/shared/ids';
import type { DataSource } from 'typeorm';

const LISTED_MAX = 200;

/** A mail that a demo keeps instead of sending it. */
export interface KeptMail {
  /** Public. */
  readonly accountId: string;
  /** uuid. */
  readonly id: string;
  readonly address: string;
  readonly at: number;
  readonly subject: string;
  readonly html: string;
  readonly plain: string;
}

interface KeptRow {
  readonly account_id: string;
  readonly mail_id: string;
  readonly address: string;
  readonly ended_at: Date;
  readonly subject: string;
  readonly html: string;
  readonly plain: string;
}

const KEPT = 'account_id, mail_id, address, ended_at, subject, html, plain';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The newest first. */
export async function listKeptMails(dataSource: DataSource): Promise<KeptMail[]> {
  const rows: KeptRow[] = await dataSource.query(
    `/* mail.list_kept */ SELECT ${KEPT} FROM mail WHERE subject IS NOT NULL ORDER BY ended_at DESC, mail_id DESC LIMIT ${LISTED_MAX}`,
  );
  return rows.map(toKeptMail);
}

/** @returns null when there is none */
export async function findKeptMail(dataSource: DataSource, publicId: string, id: string): Promise<KeptMail | null> {
  const accountId = parseId('acct', publicId);
  if (accountId === null || !UUID.test(id)) return null;
  const [row]: KeptRow[] = await dataSource.query(
    `/* mail.find_kept */ SELECT ${KEPT} FROM mail WHERE account_id = $1 AND mail_id = $2 AND subject IS NOT NULL`,
    [accountId, id],
  );
  return row === undefined ? null : toKeptMail(row);
}

function toKeptMail(row: KeptRow): KeptMail {
  return {
    accountId: formatId('acct', row.account_id),
    id: row.mail_id,
    address: row.address,
    at: row.ended_at.getTime(),
    subject: row.subject,
    html: row.html,
    plain: row.plain,
  };
}
