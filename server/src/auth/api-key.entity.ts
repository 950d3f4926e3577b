import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role, Scope, Side } from './caller.js';

/** Stands in `account_id` for a key that sees all accounts of its side. */
export const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000';

/** A row of `api_key`. The secret is not in it: only its keyed hash. */
@Entity({ name: 'api_key' })
export class ApiKeyEntity {
  @PrimaryColumn({ name: 'key_id', type: 'uuid' })
  keyId!: string;

  /** `NO_ACCOUNT` for a key without one. */
  @PrimaryColumn({ name: 'account_id', type: 'uuid' })
  accountId!: string;

  @Column({ type: 'text' })
  side!: Side;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', array: true })
  scopes!: Scope[];

  /** HMAC-SHA256 of the whole secret under the server's pepper. */
  @Column({ name: 'secret_hash', type: 'bytea' })
  secretHash!: Buffer;

  @Column({ type: 'text' })
  last4!: string;

  /** Who made it, as `actorOf` names callers. */
  @Column({ name: 'created_by', type: 'text' })
  createdBy!: string;

  /** Subject of the user that made it, or that made the key it was made with; null: a service or an operator made it. */
  @Column({ type: 'text', nullable: true })
  maker!: string | null;

  /** What the maker is to the account, by the newest of its tokens seen; viewer, the least, once a token that lists it no more ended the key. */
  @Column({ name: 'maker_role', type: 'text', default: 'owner' })
  makerRole!: Role;

  /** When the newest token was issued that says so. */
  @Column({ name: 'maker_seen_at', type: 'timestamptz', nullable: true })
  makerSeenAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;
}
