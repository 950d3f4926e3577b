import { Column, Entity, PrimaryColumn } from 'typeorm';
import { safeInteger } from '../db/column-values.js';
import type { PlanCode } from './catalog.js';

@Entity('plan')
export class PlanEntity {
  @PrimaryColumn({ type: 'text' })
  code: PlanCode;

  @Column({ type: 'text' })
  name: string;

  @Column({ name: 'monthly_credits', type: 'bigint', transformer: safeInteger })
  monthlyCredits: number;

  @Column({ name: 'has_production_room', type: 'boolean' })
  productionRoom: boolean;

  @Column({ name: 'has_deep_scans', type: 'boolean' })
  deepScans: boolean;

  @Column({ name: 'can_purchase', type: 'boolean' })
  canPurchase: boolean;

  @Column({ name: 'rollover_cap', type: 'bigint', transformer: safeInteger })
  rolloverCap: number;

  @Column({ name: 'price_minor', type: 'bigint', transformer: safeInteger, nullable: true })
  priceMinor: number | null;

  @Column({ name: 'price_currency', type: 'text', nullable: true })
  priceCurrency: string | null;

  @Column({ type: 'integer' })
  rank: number;

  /** The edition that says so; a plan or pack has a row for each edition that names it. */
  @PrimaryColumn({ type: 'integer', default: 1 })
  edition: number;
}
