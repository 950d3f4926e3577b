import type pg from 'pg';
import { Arg, Ctx, Extensions, ID, Query, Resolver } from 'type-graphql';
import { readAccountId } from '../accounts/account-id.js';
import { assertCaller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import type { CreditType } from '../catalog/catalog.js';
import { CreditTypeEnum } from '../catalog/catalog.types.js';
import { DateTime } from '../kit/scalars.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { readBalanceAt } from './read-balance-at.js';
import { BalanceAt } from './statements.types.js';

export interface StatementsResolverDeps {
  readonly accounts: AccountReader;
  readonly reader: pg.Pool;
}

/** Some look-ups in the journal. */
const COST_OF_A_BALANCE = 5;

/** What an account had. */
@Resolver()
export class StatementsResolver {
  constructor(private readonly deps: StatementsResolverDeps) {}

  @Extensions({ cost: COST_OF_A_BALANCE })
  @Query(() => BalanceAt, {
    description:
      'What the account had at a past instant of its own time: after the last entry group at or before it. Errors: NOT_FOUND for an unknown or foreign account, BAD_USER_INPUT for a malformed id or an `at` that is still to come, FORBIDDEN without `credits:read`.',
  })
  async balanceAt(
    @Arg('accountId', () => ID, { description: 'Whose. Example: `acct_01jq3…`.' }) accountId: string,
    @Arg('at', () => DateTime, { description: "Not later than the account's own now." }) at: number,
    @Arg('creditType', () => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'What kind of credits.' })
    creditType: CreditType,
    @Ctx() { caller }: RequestContext,
  ): Promise<BalanceAt> {
    assertCaller(caller);
    const snapshot = await this.deps.accounts.read(caller, readAccountId(accountId, 'accountId'), 'credits:read');
    return readBalanceAt(this.deps.reader, snapshot, creditType, at);
  }
}
