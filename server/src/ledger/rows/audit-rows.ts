import { type AuditEntry, auditFactsToText } from '../../audit/actions.js';
import { describeRow } from './describe-row.js';

/** A row of `audit_entry`, as the ledger writes it. */
interface AuditFields extends Omit<AuditEntry, 'facts'> {
  readonly facts: string;
  /** When it was written, by the database. */
  readonly recordedAt: number;
}

export const AUDIT = describeRow<AuditFields, AuditEntry>('audit_entry', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: (entry) => entry.accountId },
  id: { column: 'audit_id', type: 'uuid', key: true, of: (entry) => entry.id },
  sandbox: { column: 'sandbox', type: 'boolean', of: (entry) => entry.sandbox },
  action: { column: 'action', type: 'text', of: (entry) => entry.action },
  actor: { column: 'actor', type: 'text', of: (entry) => entry.actor },
  at: { column: 'at', type: 'timestamptz', of: (entry) => entry.at },
  facts: { column: 'facts', type: 'text', of: (entry) => auditFactsToText(entry.facts) },
  recordedAt: { column: 'recorded_at', type: 'timestamptz', of: null },
});

export const NEW_AUDIT = AUDIT.inserted('audit');
