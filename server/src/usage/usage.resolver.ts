import { Arg, Ctx, Extensions, Query, Resolver } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { readAccountId } from '../accounts/account-id.js';
import { assertCaller } from '../auth/caller.js';
import type { HeavyReads } from '../auth/heavy-reads.js';
import type { RequestContext } from '../auth/request-context.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { readUsage } from './read-usage.js';
import { UsageInput, UsageReport } from './usage.types.js';

export interface UsageResolverDeps {
  readonly accounts: AccountReader;
  /** The pool of heavy reads. */
  readonly dataSource: DataSource;
  readonly heavyReads: HeavyReads;
}

/** A report may have 10,000 rows: at most ten of them are asked for at once. */
const COST = 90;

/** Where committed credits went. */
@Resolver()
export class UsageResolver {
  constructor(private readonly deps: UsageResolverDeps) {}

  @Extensions({ cost: COST })
  @Query(() => UsageReport, {
    description:
      'Committed credits by day, feature, type, operation, project, member. Errors: NOT_FOUND for an unknown or foreign account, BAD_USER_INPUT `from`, `to`, `operation`, `project`, `member`, a malformed id, or `groupBy` for more than 10,000 rows (narrow the report), FORBIDDEN without `credits:read`, RATE_LIMITED for too many reports at once.',
  })
  async usage(
    @Arg('input', () => UsageInput) input: UsageInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<UsageReport> {
    assertCaller(caller);
    const { state } = await this.deps.accounts.read(
      caller,
      readAccountId(input.accountId, 'accountId'),
      'credits:read',
    );
    return this.deps.heavyReads.run(caller, () => readUsage(this.deps.dataSource, state.id, input));
  }
}
