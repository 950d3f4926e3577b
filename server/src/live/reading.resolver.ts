import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { DataSource } from 'typeorm';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { readAccountId } from '../accounts/account-id.js';
import type { AccountSource } from '../accounts/account-source.js';
import { Account } from '../accounts/accounts.types.js';
import { assertAccount, assertCaller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import { badUserInput } from '../kit/errors.js';
import { paragraphs } from '../kit/paragraphs.js';
import type { ShownAccount } from '../ledger/graph/account-snapshot.js';
import { countUnread, markRead } from './event-reading.js';
import type { Live } from './live.js';

export interface ReadingResolverDeps {
  readonly live: Pick<Live, 'findStart'>;
  readonly accounts: AccountSource;
  readonly directory: AccountDirectory;
  readonly dataSource: DataSource;
}

/** Which events a caller has read. */
@Resolver(() => Account)
export class ReadingResolver {
  constructor(private readonly deps: ReadingResolverDeps) {}

  @FieldResolver(() => Int, {
    description:
      "Events after the one up to which the caller marked them as read; all, before it marked any; 1,000: so many or more. Of the caller's own reading: a member's is one, whichever of their keys asks. Needs `events:read`.",
  })
  async unreadEvents(@Root() { snapshot }: ShownAccount, @Ctx() { caller }: RequestContext): Promise<number> {
    assertCaller(caller);
    assertAccount(caller, snapshot.state, 'events:read');
    return countUnread(this.deps.dataSource, caller, snapshot.state.id);
  }

  @Mutation(() => Account, {
    description: paragraphs(
      "Marks the caller's own events as read, up to this one. What was read stays read: an earlier one changes nothing, so it may be repeated and needs no key.",
      'Errors: UNAUTHENTICATED; BAD_USER_INPUT for a malformed id, or `upTo` for a cursor of no event; NOT_FOUND for an unknown or foreign account or event; FORBIDDEN without `events:read` and `credits:read`; CURSOR_TOO_OLD for an event of a past that was lost.',
    ),
  })
  async markEventsRead(
    @Arg('accountId', () => ID, { description: 'Whose events. Example: `acct_01jq3…`.' }) accountId: string,
    @Arg('upTo', () => ID, {
      description: 'The id of an event of this account, or what `eventCursor` answered for it.',
    })
    upTo: string,
    @Ctx() { caller }: RequestContext,
  ): Promise<Account> {
    assertCaller(caller);
    const { live, accounts, directory, dataSource } = this.deps;
    const id = readAccountId(accountId, 'accountId');
    assertAccount(caller, await directory.findFor(caller, id), 'events:read');
    const { place } = await live.findStart(caller, id, upTo, 'upTo');
    if (place === null)
      throw badUserInput('upTo', 'upTo is a place among the events of all accounts: name one of this.');
    await markRead(dataSource, caller, place);
    return accounts.read(caller, id);
  }
}
