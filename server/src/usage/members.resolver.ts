import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { Account } from '../accounts/accounts.types.js';
import { assertAccount } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import type { SeenMembers } from '../auth/seen-members.js';
import { type Connection, readPageRequest } from '../kit/page.js';
import type { ShownAccount } from '../ledger/graph/account-snapshot.js';
import { listMembers } from './list-members.js';
import { type Member, MemberConnection } from './members.types.js';

export interface MembersResolverDeps {
  readonly dataSource: DataSource;
  readonly seenMembers: Pick<SeenMembers, 'stored'>;
}

/** Who uses an account. */
@Resolver(() => Account)
export class MembersResolver {
  constructor(private readonly deps: MembersResolverDeps) {}

  @FieldResolver(() => MemberConnection, {
    description:
      'Who has been seen using or signing in to the account, from verified tokens and from work booked to them, in the order of their ids. Errors: BAD_USER_INPUT `first` or `after`, NOT_FOUND for a cursor of another account, FORBIDDEN without `credits:read`, CURSOR_TOO_OLD for a cursor of another history.',
  })
  async members(
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 100.' }) first: number,
    @Arg('after', () => ID, { nullable: true, description: 'The cursor after which to go on.' })
    after: string | null | undefined,
    @Root() { snapshot }: ShownAccount,
    @Ctx() { caller }: RequestContext,
  ): Promise<Connection<Member>> {
    assertAccount(caller, snapshot.state, 'credits:read');
    const page = readPageRequest(first, after, snapshot.history);
    // Whoever asks may have signed in with this very request.
    await this.deps.seenMembers.stored();
    return listMembers(this.deps.dataSource, snapshot.state.id, page);
  }
}
