import { Column, Entity, PrimaryColumn } from 'typeorm';
import { safeInteger } from '../db/column-values.js';
import type { CreditType } from './catalog.js';

@Entity('credit_pack')
export class CreditPackEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ name: 'credit_type', type: 'text' })
  creditType: CreditType;

  @Column({ type: 'bigint', transformer: safeInteger })
  credits: number;

  @Column({ name: 'bonus_credits', type: 'bigint', transformer: safeInteger })
  bonusCredits: number;

  @Column({ name: 'price_minor', type: 'bigint', transformer: safeInteger })
  priceMinor: number;

  @Column({ name: 'price_currency', type: 'text' })
  priceCurrency: string;

  @Column({ name: 'expires_after_months', type: 'integer', nullable: true })
  expiresAfterMonths: number | null;

  @Column({ name: 'refund_window_days', type: 'integer' })
  refundWindowDays: number;

  @Column({ type: 'integer' })
  rank: number;

  /** The edition that says so; a plan or pack has a row for each edition that names it. */
  @PrimaryColumn({ type: 'integer', default: 1 })
  edition: number;
}
