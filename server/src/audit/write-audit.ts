import type { EntityManager } from 'typeorm';
import { nextUuid } from '../kit/next-uuid.js';
import { type AuditEntry, auditFactsToText, type Deed } from './actions.js';

/**
 * Writes a deed that the ledger does not decide into the audit log. The ledger writes its own: `GroupDraft.audit`.
 *
 * @param manager  of the transaction that does the deed: both are written, or neither
 */
export async function writeAudit(
  manager: EntityManager,
  { accountId, sandbox, actor, at }: Pick<AuditEntry, 'accountId' | 'sandbox' | 'actor' | 'at'>,
  { action, facts }: Deed,
): Promise<void> {
  await manager.query(
    `/* audit.write */ INSERT INTO audit_entry (account_id, audit_id, sandbox, action, actor, at, facts)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [accountId, nextUuid(), sandbox, action, actor, new Date(at), auditFactsToText(facts)],
  );
}
