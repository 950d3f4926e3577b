import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../db/column-values.js';

/** A row of `audit_entry`. Append-only: the database refuses to change or delete it. */
@Entity('audit_entry')
export class AuditEntryEntity {
  @PrimaryColumn({ name: 'account_id', type: 'uuid' })
  accountId!: string;

  @PrimaryColumn({ name: 'audit_id', type: 'uuid' })
  id!: string;

  @Column({ type: 'boolean' })
  sandbox!: boolean;

  /** One of `actions.ts`, or one that a newer version of the program brought. */
  @Column({ type: 'text' })
  action!: string;

  @Column({ type: 'text' })
  actor!: string;

  @Column({ type: 'timestamptz', transformer: epochMilliseconds })
  at!: number;

  /** As the action reads it. */
  @Column({ type: 'text' })
  facts!: string;
}
