import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { readAccountId } from '../accounts/account-id.js';
import { assertCaller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import type { AccountReader } from '../ledger/read-account.js';
import { readUsage } from './read-usage.js';
import { UsageInput, UsageReport } from './usage.types.js';

export interface UsageResolverDeps {
  readonly accounts: AccountReader;
  readonly dataSource: DataSource;
}

/** Where committed credits went. */
@Resolver()
export class UsageResolver {
  constructor(private readonly deps: UsageResolverDeps) {}

  @Query(() => UsageReport, {
    description:
      'Committed credits by day, feature, type, operation, project, member. Errors: NOT_FOUND for an unknown or foreign account, BAD_USER_INPUT `from`, `to` or a malformed id, FORBIDDEN without `credits:read`.',
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
    return readUsage(this.deps.dataSource, state.id, input);
  }
}
