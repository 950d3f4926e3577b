import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CreditType, Feature, OperationType } from '../catalog/catalog.js';
import { safeInteger } from '../db/column-values.js';

/** A row of `usage_day`: what was committed of one operation on one day; only the ledger's store writes it. */
@Entity('usage_day')
export class UsageDayEntity {
  @PrimaryColumn({ name: 'account_id', type: 'uuid' })
  accountId!: string;

  /** In the account's zone when it was committed, YYYY-MM-DD. */
  @PrimaryColumn({ type: 'date' })
  day!: string;

  @PrimaryColumn({ name: 'credit_type', type: 'text' })
  creditType!: CreditType;

  @PrimaryColumn({ type: 'text' })
  operation!: string;

  @PrimaryColumn({ type: 'text' })
  member!: string;

  /** Empty: none. */
  @PrimaryColumn({ type: 'text' })
  project!: string;

  @Column({ type: 'text' })
  feature!: Feature;

  @Column({ type: 'text' })
  type!: OperationType;

  @Column({ type: 'bigint', transformer: safeInteger })
  credits!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  operations!: number;
}
