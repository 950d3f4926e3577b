import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMilliseconds, safeInteger } from '../db/column-values.js';

/** A version of all prices. Append-only: the database refuses to change or delete it, or to add a price later. */
@Entity('price_list')
export class PriceListEntity {
  @PrimaryColumn({ type: 'integer' })
  version: number;

  @Column({ name: 'effective_at', type: 'timestamptz', transformer: epochMilliseconds })
  effectiveAt: number;

  /** True: prices of sandbox accounts; false: of live ones; null: of both. */
  @Column({ type: 'boolean', nullable: true })
  sandbox: boolean | null;
}

/** What one operation costs on one price list. An operation without a price is not sold on that list. */
@Entity('price')
export class PriceEntity {
  @PrimaryColumn({ name: 'price_list_version', type: 'integer' })
  priceListVersion: number;

  @PrimaryColumn({ name: 'operation_code', type: 'text' })
  operationCode: string;

  @Column({ type: 'bigint', transformer: safeInteger })
  credits: number;
}
