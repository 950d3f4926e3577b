import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `price_publication`: what a publication came to, under its key. Append-only. */
@Entity('price_publication')
export class PricePublicationEntity {
  /** The side that it is for. */
  @PrimaryColumn({ type: 'boolean' })
  sandbox!: boolean;

  @PrimaryColumn({ name: 'idempotency_key', type: 'text' })
  key!: string;

  /** Mutation and caller kind, as the journal has it. */
  @PrimaryColumn({ type: 'text' })
  scope!: string;

  /** Canonical JSON, versioned. */
  @Column({ type: 'text' })
  input!: string;

  /** JSON, versioned. */
  @Column({ type: 'text' })
  outcome!: string;
}
