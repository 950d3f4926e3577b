import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ValueTransformer } from 'typeorm';
import type { CreditType } from '../../catalog/catalog.js';
import { epochMilliseconds, safeInteger } from '../../db/column-values.js';
import { drawsFromText, drawsToText, linesFromText, linesToText } from './reservation-text.js';
import type { Draw, ReservationLine, ReservationState, ReservationStatus, WorkOutcome } from '../core/state.js';

const linesAsText: ValueTransformer = { to: linesToText, from: linesFromText };
const drawsAsText: ValueTransformer = { to: drawsToText, from: drawsFromText };

/** A row of `reservation`, for plain reads; only the ledger's store writes it. */
@Entity('reservation')
export class ReservationEntity implements ReservationState {
  @PrimaryColumn({ name: 'account_id', type: 'uuid' })
  accountId!: string;

  @PrimaryColumn({ name: 'reservation_id', type: 'uuid' })
  id!: string;

  @Column({ name: 'credit_type', type: 'text' })
  creditType!: CreditType;

  @Column({ type: 'text' })
  status!: ReservationStatus;

  @Column({ type: 'bigint', transformer: safeInteger })
  reserved!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  held!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  committed!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  released!: number;

  @Column({ type: 'bigint', transformer: safeInteger })
  uncollected!: number;

  @Column({ name: 'held_at_expiry', type: 'bigint', transformer: safeInteger, nullable: true })
  heldAtExpiry!: number | null;

  @Column({ type: 'text', transformer: linesAsText })
  lines!: readonly ReservationLine[];

  @Column({ type: 'text', transformer: drawsAsText })
  draws!: readonly Draw[];

  @Column({ name: 'price_list_version', type: 'integer' })
  priceListVersion!: number;

  @Column({ type: 'text', nullable: true })
  project!: string | null;

  @Column({ type: 'text' })
  member!: string;

  @Column({ type: 'text', nullable: true })
  reference!: string | null;

  @Column({ name: 'opened_by', type: 'text' })
  openedBy!: string;

  @Column({ type: 'text', nullable: true })
  outcome!: WorkOutcome | null;

  @Column({ type: 'bigint', transformer: safeInteger })
  version!: number;

  @Column({ name: 'created_at', type: 'timestamptz', transformer: epochMilliseconds })
  createdAt!: number;

  @Column({ name: 'expires_at', type: 'timestamptz', transformer: epochMilliseconds })
  expiresAt!: number;

  @Column({ name: 'closed_at', type: 'timestamptz', transformer: epochMilliseconds, nullable: true })
  closedAt!: number | null;
}
