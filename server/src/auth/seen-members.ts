import type { DataSource } from 'typeorm';
import type { Caller, Role } from './caller.js';

/** What a token said of a member of an account. */
interface Sighting {
  readonly accountId: string;
  readonly member: string;
  readonly name: string;
  readonly role: Role;
  /** When the token was issued, epoch milliseconds. */
  readonly toldAt: number;
  /** When it was first used here, epoch milliseconds. */
  readonly seenAt: number;
}

/** Sightings that wait for the database; what does not find room is seen again with the members' next tokens. */
const WAITING_MAX = 50_000;
const RETRY_AFTER_MS = 2_000;

/**
 * Name and role are those of the token that was issued last, whichever was used last. An account that a token names and that is not there has no
 * members.
 */
const STORE = `/* auth.members_seen */
  INSERT INTO member_seen AS m (account_id, member, name, role, told_at, seen_at)
  SELECT u.account_id, u.member, u.name, u.role, u.told_at, u.seen_at
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
    AS u (account_id, member, name, role, told_at, seen_at)
  JOIN account a ON a.account_id = u.account_id
  ORDER BY u.account_id, u.member
  ON CONFLICT (account_id, member) DO UPDATE SET
    name = CASE WHEN m.told_at <= EXCLUDED.told_at THEN EXCLUDED.name ELSE m.name END,
    role = CASE WHEN m.told_at <= EXCLUDED.told_at THEN EXCLUDED.role ELSE m.role END,
    told_at = greatest(m.told_at, EXCLUDED.told_at),
    seen_at = greatest(m.seen_at, EXCLUDED.seen_at)`;

export interface SeenMembersOptions {
  readonly dataSource: DataSource;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Told when the database did not take what was seen. It is tried again. */
  readonly onError: (error: unknown) => void;
  readonly retryAfterMs?: number;
}

/**
 * Remembers who has signed in to an account, in which role and when, by the tokens that were verified: members live with the identity provider, which
 * tells of them in no other way.
 *
 * Each token is looked at once while it is remembered. No request waits for it. What a process that is killed had not stored is seen again by the
 * next process that verifies the token.
 */
export class SeenMembers {
  #waiting = new Map<string, Sighting>();
  #working: Promise<boolean> | null = null;
  #retry: NodeJS.Timeout | null = null;

  constructor(private readonly options: SeenMembersOptions) {}

  /** Takes note of a verified token's caller. */
  see({ kind, id, name, accounts, issuedAt }: Caller): void {
    if (kind !== 'user' || accounts === 'all') return;
    const seenAt = this.options.clock();
    for (const [accountId, role] of accounts)
      this.#keep({ accountId, member: id, name, role, toldAt: issuedAt ?? seenAt, seenAt });
    void this.stored();
  }

  /** Resolves when all that was seen so far is stored, or could not be. */
  async stored(): Promise<void> {
    while (this.#waiting.size > 0 || this.#working !== null) {
      this.#working ??= this.#store().finally(() => (this.#working = null));
      if (!(await this.#working)) return;
    }
  }

  /** Stores what was seen, and stops trying. */
  async close(): Promise<void> {
    await this.stored();
    if (this.#retry !== null) clearTimeout(this.#retry);
  }

  #keep(seen: Sighting): void {
    const key = `${seen.accountId} ${seen.member}`;
    const known = this.#waiting.get(key);
    if (known === undefined && this.#waiting.size >= WAITING_MAX) return;
    const told = known !== undefined && known.toldAt > seen.toldAt ? known : seen;
    this.#waiting.set(key, { ...told, seenAt: Math.max(seen.seenAt, known?.seenAt ?? 0) });
  }

  /** Returns whether the database took it; otherwise it waits again. */
  async #store(): Promise<boolean> {
    const seen = [...this.#waiting.values()];
    this.#waiting = new Map();
    try {
      await this.options.dataSource.query(STORE, [
        seen.map(({ accountId }) => accountId),
        seen.map(({ member }) => member),
        seen.map(({ name }) => name),
        seen.map(({ role }) => role),
        seen.map(({ toldAt }) => new Date(toldAt)),
        seen.map(({ seenAt }) => new Date(seenAt)),
      ]);
      return true;
    } catch (error) {
      this.options.onError(error);
      for (const one of seen) this.#keep(one);
      this.#retryLater();
      return false;
    }
  }

  #retryLater(): void {
    if (this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.stored();
    }, this.options.retryAfterMs ?? RETRY_AFTER_MS);
    this.#retry.unref();
  }
}
