import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CreditType } from '../../catalog/catalog.js';
import { epochMilliseconds, safeInteger } from '../../db/column-values.js';
import type { Cause } from '../core/cause.js';
import type { EntryKind } from '../core/state.js';

/**
 * A row of `journal` that holds an entry, for plain reads; only the ledger's store writes it.
 *
 * Rows without a version (kept refusals) have no place in this view: always ask for `version` and `kind` that are not null.
 */
@Entity('journal')
export class JournalEntity {
  @PrimaryColumn({ name: 'account_id', type: 'uuid' })
  accountId!: string;

  @PrimaryColumn({ type: 'bigint', transformer: safeInteger })
  version!: number;

  @PrimaryColumn({ type: 'integer' })
  ordinal!: number;

  @Column({ type: 'text' })
  kind!: EntryKind;

  @Column({ name: 'credit_type', type: 'text' })
  creditType!: CreditType;

  @Column({ type: 'bigint', transformer: safeInteger })
  amount!: number;

  @Column({ name: 'grant_id', type: 'uuid' })
  grantId!: string;

  /** The account's, of that credit type, right after the entry. */
  @Column({ name: 'available_after', type: 'bigint', transformer: safeInteger })
  availableAfter!: number;

  @Column({ name: 'held_after', type: 'bigint', transformer: safeInteger })
  heldAfter!: number;

  @Column({ name: 'reservation_id', type: 'uuid', nullable: true })
  reservationId!: string | null;

  /** Why it was written. */
  @Column({ name: 'command', type: 'text' })
  cause!: Cause;

  @Column({ type: 'text' })
  actor!: string;

  @Column({ type: 'timestamptz', transformer: epochMilliseconds })
  at!: number;
}
