import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CreditType, Feature, OperationType, PlanAccess, Size } from './catalog.js';

/** What an operation is. What it costs is a price on a price list. */
@Entity('operation')
export class OperationEntity {
  @PrimaryColumn({ type: 'text' })
  code: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  feature: Feature;

  @Column({ type: 'text' })
  type: OperationType;

  @Column({ type: 'text', nullable: true })
  size: Size | null;

  @Column({ name: 'credit_type', type: 'text' })
  creditType: CreditType;

  @Column({ type: 'text' })
  description: string;

  @Column({ type: 'text', nullable: true })
  requires: PlanAccess | null;

  @Column({ name: 'courtesy_per_day', type: 'integer' })
  courtesyPerDay: number;

  @Column({ type: 'integer' })
  rank: number;

  /** The edition that brought it. */
  @Column({ type: 'integer', default: 1 })
  edition: number;
}
