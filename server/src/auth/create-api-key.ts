import { formatId, parseId } from '@aibc/shared/ids';
import type { DataSource, EntityManager } from 'typeorm';
import { writeAudit } from '../audit/write-audit.js';
import { readName } from '../kit/check-text.js';
import { badUserInput, forbidden, notFound } from '../kit/errors.js';
import { nextUuid } from '../kit/next-uuid.js';
import { ApiKeyEntity, NO_ACCOUNT } from './api-key.entity.js';
import { hashKeySecret, makeKeySecret } from './api-key-secret.js';
import type { ApiKey, ApiKeyCreated, CreateApiKeyInput } from './auth.types.js';
import { actorOf, assertCaller, assertScope, isScopeOf, mayRead, mayUse, personOf, sideOf } from './caller.js';
import type { AccountIdentity, Caller, Role, Scope, Side } from './caller.js';

const NAME_CHARS_MAX = 200;

/** Finds an account by its uuid; null when there is none that the caller sees. */
export type FindAccount = (
  caller: Caller | null,
  accountId: string,
) => AccountIdentity | null | Promise<AccountIdentity | null>;

export interface CreateApiKeyDeps {
  readonly dataSource: DataSource;
  readonly pepper: Buffer;
  readonly findAccount: FindAccount;
  /** The side of a key without account whose maker is on both sides: the sandbox in demo mode, live otherwise. */
  readonly defaultSide: Side;
}

/** Held until the new key is there: a newer token that ends this one meanwhile does so after that, and then finds the new one too. */
const HOLD_KEY_OF_MAKER = `
  SELECT FROM api_key WHERE account_id = $1 AND maker = $2 AND revoked_at IS NULL ORDER BY key_id LIMIT 1 FOR SHARE`;

/** What the newest token said, as far as keys remember it; of two of the same second the one that says less. */
const NEWEST_OF_MAKER = `
  SELECT maker_role, maker_seen_at FROM api_key WHERE account_id = $1 AND maker = $2
  ORDER BY maker_seen_at DESC, maker_role = 'owner' LIMIT 1`;

/** One account, or every account of a side. */
type Reach = { readonly account: AccountIdentity } | { readonly side: Side };

/**
 * Makes an API key that never exceeds its maker: a subset of the maker's scopes, on one account that the maker sees, or on
 * all accounts of a side for a service or operator that sees them all.
 *
 * A key is on its account's side. Without an account it is on its maker's, or, when the maker is on both, on the default side.
 * A service that is bound to one account may leave the account out too, and gets a key for that one.
 * A key that a user makes, or a key of a user's, acts in that user's place: it has the user's rights, and loses what the user loses.
 *
 * @returns the key and its secret, which is not kept
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming `name`, `scopes` or `accountId`; NOT_FOUND for an unknown or foreign account;
 *   FORBIDDEN without `keys:admin`, or for a scope or reach that the maker does not have, or
 *   when a newer token of the maker's has said less
 * Source: docs/api.md, Identity and isolation
 */
export async function createApiKey(
  deps: CreateApiKeyDeps,
  caller: Caller | null,
  input: CreateApiKeyInput,
): Promise<ApiKeyCreated> {
  assertCaller(caller);
  const name = readName('name', input.name.trim(), NAME_CHARS_MAX);
  const scopes = readScopes(input.scopes);
  const reach = await readReach(deps, caller, input.accountId ?? null);
  assertScope(caller, 'keys:admin');
  for (const scope of ['keys:admin', ...scopes] as const) {
    const has = 'account' in reach ? mayUse(caller, reach.account, scope) : caller.scopes.has(scope);
    if (!has) throw forbidden(`A key never exceeds its maker: you do not have ${scope} for it.`);
  }
  const side = 'account' in reach ? sideOf(reach.account) : reach.side;
  const keyId = nextUuid();
  const secret = makeKeySecret(keyId, side);
  const accountId = 'account' in reach ? reach.account.id : NO_ACCOUNT;
  const row = await deps.dataSource.transaction(async (manager) => {
    await assertNotOutdated(manager, caller, accountId);
    const saved = await manager.save(ApiKeyEntity, {
      keyId,
      accountId,
      side,
      name,
      scopes,
      secretHash: hashKeySecret(deps.pepper, secret),
      last4: secret.slice(-4),
      createdBy: actorOf(caller),
      ...makerOf(caller, reach),
    } as ApiKeyEntity);
    const at = saved.createdAt.getTime();
    await writeAudit(
      manager,
      { accountId, sandbox: side === 'sandbox', actor: actorOf(caller), at },
      { action: 'api_key.created', facts: { keyId: formatId('key', keyId), name, scopes } },
    );
    return saved;
  });
  return { apiKey: showApiKey(row), secret };
}

/**
 * Refuses a maker of whom a newer token has said less than owner of the account, as the maker's keys remember it, those that ended too.
 * A token that does not say when it was issued may be older than any.
 */
async function assertNotOutdated(manager: EntityManager, caller: Caller, accountId: string): Promise<void> {
  const maker = personOf(caller);
  if (maker === null) return;
  await manager.query(HOLD_KEY_OF_MAKER, [accountId, maker]);
  const [newest]: { maker_role: Role; maker_seen_at: Date }[] = await manager.query(NEWEST_OF_MAKER, [
    accountId,
    maker,
  ]);
  if (newest === undefined || newest.maker_role === 'owner') return;
  if (newest.maker_seen_at.getTime() >= (caller.issuedAt ?? -Infinity))
    throw forbidden('A newer token of yours does not say that you own this account: sign in again.');
}

/** In whose place the key acts, what that user is to the account, and by which of its tokens that is known. */
function makerOf(caller: Caller, reach: Reach): Pick<ApiKeyEntity, 'maker' | 'makerRole' | 'makerSeenAt'> {
  const maker = personOf(caller);
  const role = caller.accounts === 'all' || !('account' in reach) ? undefined : caller.accounts.get(reach.account.id);
  return {
    maker,
    makerRole: maker === null ? 'owner' : (role ?? 'viewer'),
    makerSeenAt: maker === null ? null : new Date(caller.issuedAt ?? Date.now()),
  };
}

/** A key as the schema shows it. */
export function showApiKey(row: ApiKeyEntity): ApiKey {
  return {
    id: formatId('key', row.keyId),
    name: row.name,
    scopes: [...row.scopes],
    last4: row.last4,
    maker: row.maker,
    createdAt: row.createdAt.getTime(),
    lastUsedAt: row.lastUsedAt?.getTime() ?? null,
  };
}

function readScopes(scopes: readonly string[]): Scope[] {
  if (scopes.length === 0) throw badUserInput('scopes', 'A key needs at least one scope.');
  return [...new Set(scopes)].sort().map((scope) => {
    if (!isScopeOf('service', scope))
      throw badUserInput('scopes', 'There is no such scope. See ApiKey.scopes for those there are.');
    return scope;
  });
}

async function readReach(deps: CreateApiKeyDeps, caller: Caller, publicId: string | null): Promise<Reach> {
  const accountId = publicId === null ? onlyAccountOf(caller) : parseId('acct', publicId);
  if (publicId !== null && accountId === null) throw badUserInput('accountId', 'This is not the id of an account.');
  if (accountId !== null) {
    const account = await deps.findAccount(caller, accountId);
    if (account === null || !mayRead(caller, account)) throw notFound('This account');
    return { account };
  }
  if (caller.kind === 'user') throw badUserInput('accountId', 'Name the account that the key is for.');
  if (caller.accounts !== 'all') throw forbidden('A key never exceeds its maker: name one of your accounts.');
  const [side] = caller.sides;
  return { side: caller.sides.length === 1 && side !== undefined ? side : deps.defaultSide };
}

function onlyAccountOf(caller: Caller): string | null {
  if (caller.kind === 'user' || caller.accounts === 'all' || caller.accounts.size !== 1) return null;
  return caller.accounts.keys().next().value ?? null;
}
