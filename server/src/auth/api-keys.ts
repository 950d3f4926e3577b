import { formatId } from '@aibc/shared/ids';
import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { unavailable } from '../kit/errors.js';
import { ApiKeyEntity, NO_ACCOUNT } from './api-key.entity.js';
import { matchesKeyHash, parseKeySecret } from './api-key-secret.js';
import type { Caller } from './caller.js';

const CACHED_KEYS_MAX = 10_000;
const CACHE_TTL_MS = 5_000;
const POLL_EVERY_MS = 2_000;
const TOUCH_EVERY_MS = 60_000;
/** Revocations are read again for this long, so that one which commits late is not missed. */
const POLL_OVERLAP_SECONDS = 30;

interface CachedKey {
  readonly row: ApiKeyEntity | null;
  readonly caller: Caller | null;
  readonly loadedAt: number;
  touchedAt: number;
}

export interface ApiKeysOptions {
  readonly dataSource: DataSource;
  /** Keys the hash of every API key; the same in every process. */
  readonly pepper: Buffer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly pollEveryMs?: number;
}

/**
 * The API keys as this process knows them: verifies them from memory, and hears of revocations.
 *
 * A row is remembered for at most 5 s and a revocation made elsewhere is noticed within about 2 s, so that the hot path asks the
 * database once every few seconds for each key in use. `start` before serving, `stop` when draining.
 */
export class ApiKeys {
  readonly #dataSource: DataSource;
  readonly #pepper: Buffer;
  readonly #clock: () => number;
  readonly #pollEveryMs: number;
  readonly #cache = new LRUCache<string, CachedKey | Promise<CachedKey>>({
    max: CACHED_KEYS_MAX,
    // The cache dropped this load while it ran, so that a revocation meanwhile did not reach it: the key is loaded again.
    dispose: (known, _keyId, reason) => {
      if (reason === 'evict' && known instanceof Promise) this.#outdated.add(known);
    },
  });
  readonly #used = new Map<string, number>();
  readonly #revokedListeners = new Set<(keyId: string) => void>();
  readonly #announced = new Map<string, number>();
  /** Keys whose rights changed and when, by the database's clock, as far as it was told. */
  readonly #changed = new Map<string, number>();
  /** Loads that were under way when their key ended or changed: what they bring may be of before. */
  readonly #outdated = new WeakSet<Promise<CachedKey>>();
  #polledUntil: Date | null = null;
  #timer: NodeJS.Timeout | null = null;
  #polling: Promise<void> | null = null;

  constructor({ dataSource, pepper, clock, pollEveryMs = POLL_EVERY_MS }: ApiKeysOptions) {
    this.#dataSource = dataSource;
    this.#pepper = pepper;
    this.#clock = clock;
    this.#pollEveryMs = pollEveryMs;
  }

  /**
   * The caller behind an API key's text; null when it is malformed, unknown, wrong or revoked, all in the same time.
   *
   * @param admitLookUp  asked before the database is for a key not seen before; throws when it may not be
   * @throws UNAVAILABLE when the database cannot be asked
   */
  async verify(text: string, admitLookUp?: () => Promise<void>): Promise<Caller | null> {
    const claimed = parseKeySecret(text);
    const cached = claimed === null ? null : await this.#read(claimed.keyId, admitLookUp);
    const row = cached?.row ?? null;
    if (!matchesKeyHash(this.#pepper, text, row?.secretHash ?? null) || cached === null || row?.side !== claimed?.side)
      return null;
    // The key was revoked while its row was being read: a socket opened on this answer would never be closed.
    if (this.#announced.has(cached.row?.keyId ?? '')) return null;
    const now = this.#clock();
    if (cached.caller !== null && now - cached.touchedAt >= TOUCH_EVERY_MS) {
      cached.touchedAt = now;
      this.#used.set(cached.caller.keyId ?? '', now);
    }
    return cached.caller;
  }

  /**
   * Hears of every key that is revoked, or whose maker's role changes, from now on, by this process at once, by others within about
   * 2 s; once or, after a lost connection, more than once. Whoever still has the key's old rights gives them up and asks again.
   *
   * @returns stops listening
   */
  onRevoked(listener: (keyId: string) => void): () => void {
    this.#revokedListeners.add(listener);
    return () => this.#revokedListeners.delete(listener);
  }

  /** Forgets a key that was revoked and tells all listeners. */
  announceRevoked(keyId: string): void {
    this.#forget(keyId);
    this.#announced.set(keyId, this.#clock());
    for (const listener of this.#revokedListeners) listener(keyId);
  }

  /** Forgets what a key could do, since its maker's role changed, and tells all listeners. */
  announceChanged(keyId: string): void {
    this.#forget(keyId);
    for (const listener of this.#revokedListeners) listener(keyId);
  }

  /** Begins to look for revocations by other processes and to write down when keys were used. */
  start(): void {
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => {
      this.#polling ??= this.#poll().finally(() => (this.#polling = null));
    }, this.#pollEveryMs);
    this.#timer.unref();
  }

  /** Stops the timer, and writes down the last uses. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#polling;
    await this.#poll();
  }

  #forget(keyId: string): void {
    const known = this.#cache.get(keyId);
    if (known instanceof Promise) this.#outdated.add(known);
    this.#cache.delete(keyId);
  }

  /** A load during which the key ended or changed is done again: a socket opened on what it brought would never be told. */
  async #current(loading: Promise<CachedKey>, keyId: string): Promise<CachedKey> {
    const loaded = await loading;
    return this.#outdated.has(loading) ? this.#read(keyId) : loaded;
  }

  async #read(keyId: string, admitLookUp?: () => Promise<void>): Promise<CachedKey> {
    const known = this.#cache.get(keyId);
    if (known instanceof Promise) return this.#current(known, keyId);
    if (known !== undefined && this.#clock() - known.loadedAt < CACHE_TTL_MS) return known;
    // A key that this process has looked up before is not a guess: it may be read again, even where its address has had too many refusals.
    if (known === undefined && admitLookUp !== undefined) {
      await admitLookUp();
      const asked = this.#cache.get(keyId);
      if (asked instanceof Promise) return this.#current(asked, keyId);
    }
    const loading = this.#load(keyId);
    this.#cache.set(keyId, loading);
    try {
      const loaded = await loading;
      // A revocation meanwhile has dropped the promise: what was loaded before it must not come back.
      if (this.#cache.get(keyId) === loading) {
        if (loaded.row === null) this.#cache.delete(keyId);
        else this.#cache.set(keyId, loaded);
      }
    } catch (error) {
      if (this.#cache.get(keyId) === loading) this.#cache.delete(keyId);
      throw unavailable(undefined, error);
    }
    return this.#current(loading, keyId);
  }

  async #load(keyId: string): Promise<CachedKey> {
    const loadedAt = this.#clock();
    const row = await this.#dataSource.getRepository(ApiKeyEntity).findOneBy({ keyId });
    const caller = row === null || row.revokedAt !== null ? null : callerOfKey(row);
    return { row, caller, loadedAt, touchedAt: row?.lastUsedAt?.getTime() ?? 0 };
  }

  async #poll(): Promise<void> {
    try {
      await this.#writeUses();
      const rows: { key_id: string | null; now: Date; changed_at: Date | null }[] = await this.#dataSource.query(
        `SELECT k.key_id, k.changed_at, t.now FROM (SELECT now() AS now) t LEFT JOIN LATERAL (
           SELECT r.key_id, NULL::timestamptz AS changed_at FROM api_key r
             WHERE r.revoked_at > coalesce($1::timestamptz, t.now) - make_interval(secs => $2)
           UNION ALL SELECT c.key_id, c.changed_at FROM api_key c
             WHERE c.changed_at > coalesce($1::timestamptz, t.now) - make_interval(secs => $2)) k ON true`,
        [this.#polledUntil, POLL_OVERLAP_SECONDS],
      );
      for (const { key_id: keyId, changed_at: changedAt } of rows) if (keyId !== null) this.#hear(keyId, changedAt);
      this.#polledUntil = rows[0]?.now ?? this.#polledUntil;
      const forgetBefore = this.#clock() - 10 * POLL_OVERLAP_SECONDS * 1000;
      for (const heard of [this.#announced, this.#changed])
        for (const [keyId, at] of heard) if (at < forgetBefore) heard.delete(keyId);
    } catch {
      // The database is away: the next round asks again from where the last one that worked stopped.
    }
  }

  /** A revocation (no change) or a change, which the overlap may tell again. */
  #hear(keyId: string, changedAt: Date | null): void {
    if (changedAt === null) {
      if (!this.#announced.has(keyId)) this.announceRevoked(keyId);
    } else if (this.#changed.get(keyId) !== changedAt.getTime()) {
      this.#changed.set(keyId, changedAt.getTime());
      this.announceChanged(keyId);
    }
  }

  async #writeUses(): Promise<void> {
    if (this.#used.size === 0) return;
    const uses = [...this.#used];
    this.#used.clear();
    await this.#dataSource.query(
      `UPDATE api_key k SET last_used_at = greatest(k.last_used_at, u.at)
       FROM unnest($1::uuid[], $2::timestamptz[]) AS u (key_id, at) WHERE k.key_id = u.key_id`,
      [uses.map(([keyId]) => keyId), uses.map(([, at]) => new Date(at))],
    );
  }
}

/** A key acts as a service, by its scopes, on its account or on all accounts of its side; in a user's place no more than the user may. */
function callerOfKey(row: ApiKeyEntity): Caller {
  return {
    kind: 'service',
    id: formatId('key', row.keyId),
    name: row.name,
    scopes: new Set(row.scopes),
    accounts: row.accountId === NO_ACCOUNT ? 'all' : new Map([[row.accountId, row.makerRole]]),
    sides: [row.side],
    keyId: row.keyId,
    expiresAt: null,
    ...(row.maker === null ? {} : { maker: row.maker }),
    ...(row.makerSeenAt === null ? {} : { issuedAt: row.makerSeenAt.getTime() }),
  };
}
