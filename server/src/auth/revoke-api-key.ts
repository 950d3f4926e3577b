import { parseId } from '@aibc/shared/ids';
import type { DataSource } from 'typeorm';
import { In } from 'typeorm';
import { writeAudit } from '../audit/write-audit.js';
import { badUserInput, forbidden, notFound } from '../kit/errors.js';
import { ApiKeyEntity, NO_ACCOUNT } from './api-key.entity.js';
import { actorOf, assertCaller, mayRead, mayUse } from './caller.js';
import type { Caller } from './caller.js';

export interface RevokeApiKeyDeps {
  readonly dataSource: DataSource;
  /** Told after the revocation is stored: drops the key from memory and closes its sockets. */
  readonly announceRevoked: (keyId: string) => void;
}

const REVOKE = `
  UPDATE api_key SET revoked_at = now() WHERE key_id = $1 AND account_id = $2 AND revoked_at IS NULL RETURNING revoked_at`;

/**
 * Ends an API key: from now on it is refused, and its open sockets are closed, here at once, on other processes within seconds.
 *
 * Those may who have `keys:admin` for the key's account, and for a key without account a service or operator that sees all
 * accounts of its side. Revoking a key again changes nothing and answers the same.
 *
 * @returns the id as given
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming `id` when malformed; NOT_FOUND for an unknown or foreign key; FORBIDDEN without `keys:admin`
 * Source: docs/api.md, Identity and isolation
 */
export async function revokeApiKey(deps: RevokeApiKeyDeps, caller: Caller | null, publicId: string): Promise<string> {
  assertCaller(caller);
  const keyId = parseId('key', publicId);
  if (keyId === null) throw badUserInput('id', 'This is not the id of an API key.');
  const key = await deps.dataSource.getRepository(ApiKeyEntity).findOneBy({
    keyId,
    side: In([...caller.sides]),
    ...(caller.accounts === 'all' ? {} : { accountId: In([...caller.accounts.keys()]) }),
  });
  if (key === null || !sees(caller, key)) throw notFound('This API key');
  if (!administers(caller, key)) throw forbidden('This needs the scope keys:admin, which you do not have for it.');
  await deps.dataSource.transaction(async (manager) => {
    const [revoked]: [{ revoked_at: Date }[], number] = await manager.query(REVOKE, [key.keyId, key.accountId]);
    for (const { revoked_at: at } of revoked)
      await writeAudit(
        manager,
        { accountId: key.accountId, sandbox: key.side === 'sandbox', actor: actorOf(caller), at: at.getTime() },
        { action: 'api_key.revoked', facts: { keyId: publicId, name: key.name } },
      );
  });
  deps.announceRevoked(key.keyId);
  return publicId;
}

function sees(caller: Caller, key: ApiKeyEntity): boolean {
  if (key.accountId !== NO_ACCOUNT) return mayRead(caller, accountOf(key));
  return caller.kind !== 'user' && caller.accounts === 'all' && caller.sides.includes(key.side);
}

function administers(caller: Caller, key: ApiKeyEntity): boolean {
  return key.accountId === NO_ACCOUNT ? caller.scopes.has('keys:admin') : mayUse(caller, accountOf(key), 'keys:admin');
}

function accountOf(key: ApiKeyEntity) {
  return { id: key.accountId, sandbox: key.side === 'sandbox' };
}
