import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../db/column-values.js';

/** A row of `account`: what is written of an account when it is created and does not change when its credits do. */
@Entity('account')
export class AccountEntity {
  @PrimaryColumn({ name: 'account_id', type: 'uuid' })
  id!: string;

  @Column({ name: 'external_id', type: 'text', nullable: true })
  externalId!: string | null;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'boolean' })
  sandbox!: boolean;

  /** Who opened it, as `actorOf` names callers. */
  @Column({ name: 'created_by', type: 'text' })
  createdBy!: string;

  /** By the wall clock, epoch milliseconds. */
  @Column({ name: 'created_at', type: 'timestamptz', transformer: epochMilliseconds, default: () => 'now()' })
  createdAt!: number;
}

/** A row of `external_account`: whose account a platform's own id names, one a side, and the input it was claimed with. */
@Entity('external_account')
export class ExternalAccountEntity {
  @PrimaryColumn({ name: 'external_id', type: 'text' })
  externalId!: string;

  @PrimaryColumn({ type: 'boolean' })
  sandbox!: boolean;

  @Column({ name: 'account_id', type: 'uuid' })
  accountId!: string;

  /** Canonical JSON. */
  @Column({ type: 'text' })
  input!: string;
}
