import type { DataSource } from 'typeorm';
import { ExternalAccountEntity } from './account.entity.js';

export interface Claim {
  readonly externalId: string;
  readonly sandbox: boolean;
  /** uuid that the account will have if the id is free. */
  readonly accountId: string;
  /** What the account is to be opened with, as canonical JSON. */
  readonly input: string;
}

/**
 * Takes a platform's own id for an account, once and for ever: of many at the same time one wins.
 *
 * Written before the account is opened, so that a crash in between leaves a claim that the next call completes.
 *
 * @returns the uuid under which the account is, or is to be, opened; null when the id was claimed with another input
 * Source: docs/api.md, Accounts
 */
export async function claimExternalId(dataSource: DataSource, claim: Claim): Promise<string | null> {
  const claims = dataSource.getRepository(ExternalAccountEntity);
  await claims.createQueryBuilder().insert().values(claim).orIgnore().execute();
  const { externalId, sandbox } = claim;
  const first = await claims.findOneByOrFail({ externalId, sandbox });
  return first.input === claim.input ? first.accountId : null;
}
