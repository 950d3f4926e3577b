import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../db/column-values.js';

/** An edition that this database has, and from when on what it says holds here. Append-only, as price lists are. */
@Entity('catalog_edition')
export class CatalogEditionEntity {
  @PrimaryColumn({ type: 'integer' })
  number: number;

  @Column({ name: 'effective_at', type: 'timestamptz', transformer: epochMilliseconds })
  effectiveAt: number;
}
