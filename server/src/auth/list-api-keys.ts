import type { DataSource } from 'typeorm';
import { IsNull } from 'typeorm';
import { ApiKeyEntity } from './api-key.entity.js';
import type { ApiKey } from './auth.types.js';
import { assertAccount } from './caller.js';
import type { AccountIdentity, Caller } from './caller.js';
import { showApiKey } from './create-api-key.js';

/**
 * The keys of one account that still work, newest first; keys without account are not among them.
 *
 * @throws UNAUTHENTICATED, NOT_FOUND for a foreign account, FORBIDDEN without `keys:admin`
 */
export async function listApiKeys(
  dataSource: DataSource,
  caller: Caller | null,
  account: AccountIdentity,
): Promise<ApiKey[]> {
  assertAccount(caller, account, 'keys:admin');
  const rows = await dataSource.getRepository(ApiKeyEntity).find({
    where: { accountId: account.id, revokedAt: IsNull() },
    order: { createdAt: 'DESC', keyId: 'DESC' },
  });
  return rows.map(showApiKey);
}
