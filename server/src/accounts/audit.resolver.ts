import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { assertAccount, assertCaller, assertOperator, assertScope } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import type { History } from '../db/history.js';
import { forbidden } from '../kit/errors.js';
import { readPageRequest } from '../kit/page.js';
import type { Connection } from '../kit/page.js';
import type { AccountDirectory } from './account-directory.js';
import { readAccountId } from './account-id.js';
import { AuditEntryConnection } from './audit.types.js';
import type { AuditEntry } from './audit.types.js';
import { type AuditReach, listAuditEntries } from './list-audit-entries.js';

export interface AuditResolverDeps {
  readonly directory: AccountDirectory;
  readonly dataSource: DataSource;
  readonly history: Pick<History, 'present'>;
}

/** Who did what, when. */
@Resolver()
export class AuditResolver {
  constructor(private readonly deps: AuditResolverDeps) {}

  @Query(() => AuditEntryConnection, {
    description:
      'Who did what to keys, plans, money, grants, prices, levels and budgets, newest first. Errors: NOT_FOUND for an unknown or foreign account or cursor, FORBIDDEN without `keys:admin` (operators: `reports:read`), BAD_USER_INPUT `accountId`, `first` or `after`, CURSOR_TOO_OLD for a cursor of another history.',
  })
  async auditLog(
    @Ctx() { caller }: RequestContext,
    @Arg('accountId', () => ID, {
      nullable: true,
      description: 'Whose; operators may leave it out, for all accounts that they see.',
    })
    accountId: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 100.' }) first: number,
    @Arg('after', () => ID, {
      nullable: true,
      description: 'The cursor after which to go on; default: from the start of the list.',
    })
    after: string | null | undefined,
  ): Promise<Connection<AuditEntry>> {
    assertCaller(caller);
    const reach = accountId ? await this.#reachOf(caller, accountId) : reachOfAll(caller);
    return listAuditEntries(
      this.deps.dataSource,
      reach,
      readPageRequest(first, after, this.deps.history.present.publicId),
    );
  }

  async #reachOf(caller: Caller, publicId: string): Promise<AuditReach> {
    const accountId = readAccountId(publicId, 'accountId');
    const identity = await this.deps.directory.findFor(caller, accountId);
    assertAccount(caller, identity, caller.kind === 'operator' ? 'reports:read' : 'keys:admin');
    return { accountId };
  }
}

/** @throws FORBIDDEN for who is no operator that sees all accounts */
function reachOfAll(caller: Caller): AuditReach {
  assertOperator(caller);
  assertScope(caller, 'reports:read');
  if (caller.accounts !== 'all') throw forbidden('You see single accounts only: name one of them.');
  return { sandbox: caller.sides.map((side) => side === 'sandbox') };
}
