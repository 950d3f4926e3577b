import { formatId, formatOwnedId, parseOwnedId } from '@aibc/shared/ids';
import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { describeDeed, NO_ACCOUNT } from '../audit/actions.js';
import { AuditEntryEntity } from '../audit/audit-entry.entity.js';
import { foreignCursor, malformedCursor, pageOf } from '../kit/page.js';
import type { Connection, PageRequest } from '../kit/page.js';
import type { AuditEntry } from './audit.types.js';

/** After every other. */
const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Whose log is read: one account's, or that of all sides named, with what is about no single account. */
export type AuditReach = { readonly accountId: string } | { readonly sandbox: readonly boolean[] };

/**
 * What the audit log says, newest first.
 *
 * @throws BAD_USER_INPUT `after` when malformed, NOT_FOUND when it names nothing in this log
 */
export async function listAuditEntries(
  dataSource: DataSource,
  reach: AuditReach,
  page: PageRequest,
): Promise<Connection<AuditEntry>> {
  const before = await findCursor(dataSource, reach, page.after);
  // One query a side: each reads its index from the end.
  const wanted = 'accountId' in reach ? [reach] : reach.sandbox.map((sandbox) => ({ sandbox }));
  const found = await Promise.all(
    wanted.map((of) =>
      queryOf(dataSource, of)
        .andWhere('a.audit_id < :before', { before })
        .orderBy('a.id', 'DESC')
        .limit(page.first + 1)
        .getMany(),
    ),
  );
  const rows = found.flat().sort((a, b) => (a.id < b.id ? 1 : -1));
  return pageOf(page, rows, showAuditEntry, publicIdOf);
}

function queryOf(
  dataSource: DataSource,
  of: { readonly accountId: string } | { readonly sandbox: boolean },
): SelectQueryBuilder<AuditEntryEntity> {
  return dataSource.getRepository(AuditEntryEntity).createQueryBuilder('a').where(of);
}

/** The uuid of the entry that a cursor names. One of another account, or of a side that is not read, is not found. */
async function findCursor(dataSource: DataSource, reach: AuditReach, after: string | null): Promise<string> {
  if (after === null) return LAST_UUID;
  const named = parseOwnedId('audit', after);
  if (named === null) throw malformedCursor();
  if ('accountId' in reach) {
    if (named.accountId !== reach.accountId) throw foreignCursor();
    return named.id;
  }
  const entry = await dataSource.getRepository(AuditEntryEntity).findOneBy(named);
  if (entry === null || !reach.sandbox.includes(entry.sandbox)) throw foreignCursor();
  return named.id;
}

function publicIdOf({ accountId, id }: AuditEntryEntity): string {
  return formatOwnedId('audit', { accountId, id });
}

function showAuditEntry(row: AuditEntryEntity): AuditEntry {
  return {
    id: publicIdOf(row),
    at: row.at,
    accountId: row.accountId === NO_ACCOUNT ? null : formatId('acct', row.accountId),
    actor: row.actor,
    action: row.action,
    summary: describeDeed(row.action, row.facts),
  };
}
