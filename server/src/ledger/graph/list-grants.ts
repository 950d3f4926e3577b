import type { DataSource } from 'typeorm';
import { formatId, parseId } from '@aibc/shared/ids';
import type { CreditType } from '../../catalog/catalog.js';
import { foreignCursor, malformedCursor, pageOf } from '../../kit/page.js';
import type { Connection, PageRequest } from '../../kit/page.js';
import type { Grant } from './balance.types.js';
import { GrantEntity } from '../rows/entities.js';
import { showGrant } from './show-balance.js';

/** The account whose lists are read, and its zone for days in sentences. */
export interface ListedAccount {
  readonly id: string;
  readonly timeZone: string;
}

/** The total order of docs/domain.md, Grants and burn order, as `compareBurnOrder` has it. */
const burnOrder = (alias: string): readonly string[] => [
  `${alias}.priority`,
  `coalesce(${alias}.expires_at, 'infinity')`,
  `${alias}.source = 'PURCHASE'`,
  `${alias}.effective_at`,
  `${alias}.created_at`,
  `${alias}.grant_id`,
];

/**
 * Grants of one credit type in burn order.
 *
 * @param includeSpent  also those with nothing left or held
 * @throws BAD_USER_INPUT `after` when malformed, NOT_FOUND when it is not of this account
 */
export async function listGrants(
  dataSource: DataSource,
  account: ListedAccount,
  creditType: CreditType,
  includeSpent: boolean,
  page: PageRequest,
): Promise<Connection<Grant>> {
  const grants = dataSource.getRepository(GrantEntity);
  const query = grants
    .createQueryBuilder('g')
    .where({ accountId: account.id, creditType, ...(includeSpent ? {} : { isOpen: true }) });
  if (page.after !== null) {
    const id = parseId('grant', page.after);
    if (id === null) throw malformedCursor();
    if (!(await grants.existsBy({ accountId: account.id, id }))) throw foreignCursor();
    query.andWhere(
      `(${burnOrder('g').join(', ')}) > (SELECT ${burnOrder('c').join(', ')} FROM credit_grant c WHERE c.account_id = :accountId AND c.grant_id = :id)`,
      { accountId: account.id, id },
    );
  }
  for (const part of burnOrder('g')) query.addOrderBy(part);
  const rows = await query.limit(page.first + 1).getMany();
  return pageOf(page, rows, showGrant, ({ id }) => formatId('grant', id));
}
