import type { DataSource } from 'typeorm';
import { ExternalAccountEntity } from './account.entity.js';

export interface Claim {
  readonly externalId: string;
  readonly sandbox: boolean;
  /** uuid that the account will have if the id is free. */
  readonly accountId: string;
  /** What the account is to be opened with, as canonical JSON. */
  readonly input: string;
  /** Whether what the id was claimed with first asks for the same account; default: when it is the same text. */
  readonly isSame?: (first: string) => boolean;
  /** Whether the caller sees sandbox and live accounts: one id names one account to everybody who sees it. */
  readonly seesBothSides: boolean;
}

/**
 * Takes a platform's own id for an account, once and for ever: of many at the same time one wins.
 *
 * Written before the account is opened, so that a crash in between leaves a claim that the next call completes.
 *
 * A key of one side cannot see the other, where the same id may name another account.
 *
 * @returns the uuid under which the account is, or is to be, opened; null when the id was claimed with another input
 * Source: docs/api.md, Identity and isolation
 */
export function claimExternalId(dataSource: DataSource, claim: Claim): Promise<string | null> {
  const { externalId, sandbox, accountId, input, seesBothSides } = claim;
  const isSame = claim.isSame ?? ((first) => first === input);
  return dataSource.transaction(async (manager) => {
    const claims = manager.getRepository(ExternalAccountEntity);
    // Two callers that claim the id on different sides at the same time take turns. (The feed's lock is of class 4711.)
    await manager.query('SELECT pg_advisory_xact_lock(4712, hashtext($1))', [externalId]);
    if (seesBothSides && (await claims.existsBy({ externalId, sandbox: !sandbox }))) return null;
    await claims.createQueryBuilder().insert().values({ externalId, sandbox, accountId, input }).orIgnore().execute();
    const first = await claims.findOneByOrFail({ externalId, sandbox });
    return isSame(first.input) ? first.accountId : null;
  });
}
