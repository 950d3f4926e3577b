import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CreditType } from '../../catalog/catalog.js';
import { epochMilliseconds, safeInteger } from '../../db/column-values.js';
import type { GrantSource, GrantState } from '../core/state.js';

/** A row of `credit_grant`, for plain reads; only the ledger's store writes it. */
@Entity('credit_grant')
export class CreditGrantEntity implements GrantState {
  @PrimaryColumn({ name: 'account_id', type: 'uuid' })
  accountId!: string;

  @PrimaryColumn({ name: 'grant_id', type: 'uuid' })
  id!: string;

  @Column({ name: 'credit_type', type: 'text' })
  creditType!: CreditType;

  @Column({ type: 'text' })
  source!: GrantSource;

  @Column({ type: 'integer' })
  priority!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  granted!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  available!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  held!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  spent!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  expired!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  refunded!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  revoked!: number;

  /** Something is left or held. */
  @Column({ name: 'is_open', type: 'boolean' })
  isOpen!: boolean;

  @Column({ name: 'effective_at', type: 'timestamptz', transformer: epochMilliseconds })
  effectiveAt!: number;

  @Column({ name: 'expires_at', type: 'timestamptz', transformer: epochMilliseconds, nullable: true })
  expiresAt!: number | null;

  @Column({ name: 'created_at', type: 'timestamptz', transformer: epochMilliseconds })
  createdAt!: number;

  @Column({ name: 'period_number', type: 'integer', nullable: true })
  periodNumber!: number | null;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;
}
