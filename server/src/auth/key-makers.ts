import type { DataSource } from 'typeorm';
import type { ApiKeys } from './api-keys.js';
import type { Caller, Role } from './caller.js';

/** Members heard of while the database is away; what is older is heard again from their next token. */
const HEARD_MAX = 10_000;

const RANK: Readonly<Record<Role, number>> = { viewer: 0, member: 1, owner: 2 };

/** What a verified token said of a member. */
interface Heard {
  readonly maker: string;
  readonly accounts: ReadonlyMap<string, Role>;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  /** A token that does not say when it was issued may be an old one: it takes rights away and gives none back. */
  readonly isDated: boolean;
}

/** A key that a user made, as it is stored. */
interface MadeKey {
  readonly key_id: string;
  readonly account_id: string;
  readonly maker: string;
  readonly maker_role: Role;
  readonly maker_seen_at: Date;
}

const KEYS_OF_MAKERS = `
  SELECT key_id, account_id, maker, maker_role, maker_seen_at FROM api_key WHERE maker = ANY($1::text[]) AND revoked_at IS NULL`;

const END_KEYS = `
  UPDATE api_key SET revoked_at = now() WHERE key_id = ANY($1::uuid[]) AND revoked_at IS NULL`;

const CHANGE_KEYS = `
  UPDATE api_key k SET maker_role = u.role, maker_seen_at = u.seen_at,
    changed_at = CASE WHEN k.maker_role = u.role THEN k.changed_at ELSE now() END
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS u (key_id, role, seen_at)
  WHERE k.key_id = u.key_id AND k.maker_seen_at <= u.seen_at`;

export interface KeyMakersOptions {
  readonly dataSource: DataSource;
  readonly apiKeys: Pick<ApiKeys, 'announceRevoked' | 'announceChanged'>;
  /** Told when the database cannot be asked; what was heard is kept. */
  readonly onError: (error: unknown) => void;
}

/**
 * Keeps the rights of keys that users made beneath those of their makers.
 *
 * Who is a member of an account is known to the identity provider alone, and told by the tokens it issues. So each verified token of
 * a user is looked at once: a role that it says differently becomes the role of the keys that this user made for the account, and
 * keys for an account that it does not list any more end. An older token changes nothing that a newer one has said.
 *
 * Nobody waits for it: a token is let in while this goes on behind it.
 * Source: docs/api.md, Identity and isolation
 */
export class KeyMakers {
  readonly #options: KeyMakersOptions;
  #heard: Heard[] = [];
  #working: Promise<void> | null = null;

  constructor(options: KeyMakersOptions) {
    this.#options = options;
  }

  /** Takes note of a verified token's caller. */
  see({ kind, id, accounts, issuedAt }: Caller): void {
    if (kind !== 'user' || accounts === 'all') return;
    this.#heard.push({ maker: id, accounts, issuedAt: issuedAt ?? Date.now(), isDated: issuedAt !== undefined });
    if (this.#heard.length > HEARD_MAX) this.#heard.shift();
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  /** Resolves when all that was heard so far is stored, or could not be. */
  async close(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#heard.length > 0) {
      const heard = this.#heard;
      this.#heard = [];
      try {
        await this.#apply(heard);
      } catch (error) {
        this.#options.onError(error);
        // With the next token.
        this.#heard = [...heard, ...this.#heard].slice(-HEARD_MAX);
        return;
      }
    }
  }

  async #apply(heard: readonly Heard[]): Promise<void> {
    const { dataSource, apiKeys } = this.#options;
    const keys: MadeKey[] = await dataSource.query(KEYS_OF_MAKERS, [[...new Set(heard.map(({ maker }) => maker))]]);
    if (keys.length === 0) return;
    const known = new Map(keys.map((key) => [key.key_id, key]));
    const ended = new Set<string>();
    const changed = new Map<string, MadeKey>();
    for (const one of [...heard].sort((a, b) => a.issuedAt - b.issuedAt)) {
      for (const key of known.values()) {
        if (key.maker !== one.maker) continue;
        const next = learn(key, one);
        if (next === 'ended') {
          ended.add(key.key_id);
          known.delete(key.key_id);
        } else if (next !== key) {
          changed.set(key.key_id, next);
          known.set(key.key_id, next);
        }
      }
    }
    if (ended.size > 0) await dataSource.query(END_KEYS, [[...ended]]);
    for (const keyId of ended) apiKeys.announceRevoked(keyId);
    const lasting = [...changed.values()].filter(({ key_id: keyId }) => !ended.has(keyId));
    if (lasting.length === 0) return;
    await dataSource.query(CHANGE_KEYS, [
      lasting.map((key) => key.key_id),
      lasting.map((key) => key.maker_role),
      lasting.map((key) => key.maker_seen_at),
    ]);
    const roleBefore = new Map(keys.map((key) => [key.key_id, key.maker_role]));
    for (const key of lasting) if (key.maker_role !== roleBefore.get(key.key_id)) apiKeys.announceChanged(key.key_id);
  }
}

/** What a token makes of a key. Of two of the same second the one that says less counts. */
function learn(key: MadeKey, { accounts, issuedAt, isDated }: Heard): MadeKey | 'ended' {
  const seenAt = key.maker_seen_at.getTime();
  if (issuedAt < seenAt) return key;
  const role = accounts.get(key.account_id);
  if (role === undefined) return 'ended';
  const isMore = RANK[role] > RANK[key.maker_role];
  if (isMore && (!isDated || issuedAt === seenAt)) return key;
  if (issuedAt === seenAt && role === key.maker_role) return key;
  return { ...key, maker_role: role, maker_seen_at: new Date(issuedAt) };
}
