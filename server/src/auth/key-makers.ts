import { formatId } from '@aibc/shared/ids';
import type { DataSource } from 'typeorm';
import { auditFactsToText, type AuditFacts } from '../audit/actions.js';
import { isCollision, isDatabaseAway } from '../db/database-errors.js';
import { nextUuid } from '../kit/next-uuid.js';
import type { ApiKeys } from './api-keys.js';
import type { Caller } from './caller.js';
import { type Heard, learnAll, type MadeKey } from './learn-roles.js';

/** Roles in accounts, heard of while the database is away; what is older is heard again from the members' next tokens. */
const HEARD_ROLES_MAX = 50_000;
const RETRY_AFTER_MS = 2_000;

const KEYS_OF_MAKERS = `
  SELECT key_id, name, account_id, maker, maker_role, maker_seen_at FROM api_key WHERE maker = ANY($1::text[]) AND revoked_at IS NULL`;

/**
 * Ends keys. Each remembers by which token, and as the least that a member can be, so that an older token makes no new key; see
 * `create-api-key.ts`. A late older token does not end what a newer one has confirmed. The audit log is told in the same statement.
 */
const END_KEYS = `
  WITH held AS MATERIALIZED (
    SELECT k.key_id, u.seen_at FROM unnest($1::uuid[], $2::timestamptz[]) AS u (key_id, seen_at) JOIN api_key k ON k.key_id = u.key_id
    WHERE k.revoked_at IS NULL AND date_trunc('milliseconds', k.maker_seen_at) <= u.seen_at ORDER BY k.key_id FOR UPDATE OF k),
  ended AS (
    UPDATE api_key k SET revoked_at = now(), maker_role = 'viewer', maker_seen_at = h.seen_at FROM held h
    WHERE k.key_id = h.key_id RETURNING k.key_id, k.account_id, k.side, k.revoked_at),
  audited AS (
    INSERT INTO audit_entry (account_id, audit_id, sandbox, action, actor, at, facts)
    SELECT e.account_id, u.audit_id, e.side = 'sandbox', 'api_key.ended', 'system', e.revoked_at, u.facts
    FROM ended e JOIN unnest($1::uuid[], $3::uuid[], $4::text[]) AS u (key_id, audit_id, facts) ON u.key_id = e.key_id)
  SELECT key_id FROM ended`;

const CHANGE_KEYS = `
  WITH held AS MATERIALIZED (
    SELECT k.key_id, u.role, u.seen_at, k.maker_role AS role_before
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS u (key_id, role, seen_at) JOIN api_key k ON k.key_id = u.key_id
    WHERE k.revoked_at IS NULL AND date_trunc('milliseconds', k.maker_seen_at) <= u.seen_at ORDER BY k.key_id FOR UPDATE OF k),
  changed AS (
    UPDATE api_key k SET maker_role = h.role, maker_seen_at = h.seen_at,
      changed_at = CASE WHEN h.role_before = h.role THEN k.changed_at ELSE now() END
    FROM held h WHERE k.key_id = h.key_id RETURNING k.key_id, h.role_before <> h.role AS is_other_role)
  SELECT key_id, is_other_role FROM changed`;

export interface KeyMakersOptions {
  readonly dataSource: DataSource;
  readonly apiKeys: Pick<ApiKeys, 'announceRevoked' | 'announceChanged'>;
  /** Told when the database cannot be asked, and what was heard is kept; or when it refuses what one token said, and that is dropped. */
  readonly onError: (error: unknown) => void;
  readonly retryAfterMs?: number;
}

/**
 * Keeps the rights of keys that users made beneath those of their makers.
 *
 * Who is a member of an account is known to the identity provider alone, and told by the tokens it issues. So each verified token of
 * a user is looked at once: a role that it says differently becomes the role of the keys that this user made for the account, and
 * keys for an account that it does not list any more end. An older token changes nothing that a newer one has said.
 *
 * No request waits for it: the token is accepted at once, and this happens afterwards.
 * Source: docs/api.md, Identity and isolation
 */
export class KeyMakers {
  readonly #options: KeyMakersOptions;
  #heard: Heard[] = [];
  #roles = 0;
  #working: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;

  constructor(options: KeyMakersOptions) {
    this.#options = options;
  }

  /** Takes note of a verified token's caller. */
  see({ kind, id, accounts, issuedAt }: Caller): void {
    if (kind !== 'user' || accounts === 'all') return;
    this.#keep([{ maker: id, accounts, issuedAt: issuedAt ?? Date.now(), isDated: issuedAt !== undefined }]);
    this.#start();
  }

  /** Resolves when all that was heard so far is stored, or could not be. */
  async close(): Promise<void> {
    await this.#working;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
  }

  #keep(heard: readonly Heard[]): void {
    this.#heard.push(...heard);
    for (const one of heard) this.#roles += rolesOf(one);
    let dropped = 0;
    for (; this.#roles > HEARD_ROLES_MAX && dropped < this.#heard.length; dropped++)
      this.#roles -= rolesOf(this.#heard[dropped] as Heard);
    if (dropped > 0) this.#heard.splice(0, dropped);
  }

  #take(): Heard[] {
    const heard = this.#heard;
    this.#heard = [];
    this.#roles = 0;
    return heard;
  }

  #start(): void {
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  async #work(): Promise<void> {
    while (this.#heard.length > 0) if (!(await this.#store(this.#take()))) return;
  }

  /** Stores what was heard; of what the database refuses, each alone, so that one does not hold up the others. Returns whether it answers. */
  async #store(heard: readonly Heard[]): Promise<boolean> {
    try {
      await this.#apply(heard);
      return true;
    } catch (error) {
      if (isDatabaseAway(error) || isCollision(error)) {
        this.#options.onError(error);
        this.#keepForLater(heard);
        return false;
      }
      if (heard.length === 1) {
        this.#options.onError(error);
        return true;
      }
    }
    for (const [index, one] of heard.entries()) {
      if (await this.#store([one])) continue;
      this.#keepForLater(heard.slice(index + 1));
      return false;
    }
    return true;
  }

  #keepForLater(heard: readonly Heard[]): void {
    this.#keep([...heard, ...this.#take()]);
    if (this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#start();
    }, this.#options.retryAfterMs ?? RETRY_AFTER_MS);
    this.#retry.unref();
  }

  /** Until nothing is left to change: a key may have been made while the first round was being written. */
  async #apply(heard: readonly Heard[]): Promise<void> {
    const inOrder = [...heard].sort((a, b) => a.issuedAt - b.issuedAt);
    while (await this.#applyOnce(inOrder));
  }

  /** Returns whether any key was changed or ended. */
  async #applyOnce(heard: readonly Heard[]): Promise<boolean> {
    const { dataSource, apiKeys } = this.#options;
    const keys: MadeKey[] = await dataSource.query(KEYS_OF_MAKERS, [[...new Set(heard.map(({ maker }) => maker))]]);
    const { ended, changed } = learnAll(keys, heard);
    const endedRows: { key_id: string }[] =
      ended.size === 0 ? [] : await dataSource.query(END_KEYS, endingOf(keys, ended));
    for (const { key_id: keyId } of endedRows) apiKeys.announceRevoked(keyId);
    const changedRows: { key_id: string; is_other_role: boolean }[] =
      changed.length === 0
        ? []
        : await dataSource.query(CHANGE_KEYS, [
            changed.map((key) => key.key_id),
            changed.map((key) => key.maker_role),
            changed.map((key) => key.maker_seen_at),
          ]);
    for (const { key_id: keyId, is_other_role: isOther } of changedRows) if (isOther) apiKeys.announceChanged(keyId);
    return endedRows.length + changedRows.length > 0;
  }
}

/** What `END_KEYS` is told: keys, the times of the tokens that end them, and what the audit log says of each. */
function endingOf(keys: readonly MadeKey[], ended: ReadonlyMap<string, Date>): unknown[][] {
  const ending = keys.filter(({ key_id: id }) => ended.has(id));
  const factsOf = ({ key_id: id, name, maker }: MadeKey): AuditFacts<'api_key.ended'> => ({
    keyId: formatId('key', id),
    name,
    maker,
  });
  return [
    ending.map(({ key_id: id }) => id),
    ending.map(({ key_id: id }) => ended.get(id)),
    ending.map(() => nextUuid()),
    ending.map((key) => auditFactsToText(factsOf(key))),
  ];
}

/** What it costs to keep; a token of no account costs something too. */
const rolesOf = ({ accounts }: Heard): number => 1 + accounts.size;
