import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { ApiKey, Viewer } from '../auth/auth.types.js';
import { SCOPES, OPERATOR_SCOPES, assertCaller, assertScope, holdsScope } from '../auth/caller.js';
import { listApiKeys } from '../auth/list-api-keys.js';
import type { RequestContext } from '../auth/request-context.js';
import { checkName } from '../kit/check-text.js';
import { notFound } from '../kit/errors.js';
import type { History } from '../db/history.js';
import { foreignCursor, malformedCursor, pageOf, readPageRequest } from '../kit/page.js';
import type { Connection } from '../kit/page.js';
import { paragraphs } from '../kit/paragraphs.js';
import { parseId } from '@aibc/shared/ids';
import type { AccountDirectory } from './account-directory.js';
import { readAccountId } from './account-id.js';
import type { AccountSource } from './account-source.js';
import { Account, AccountConnection, AdvanceTestClockInput, CreateAccountInput } from './accounts.types.js';

const EXTERNAL_ID_CHARS_MAX = 200;
const AFTER = 'The cursor after which to go on; default: from the start of the list.';

export interface AccountsResolverDeps {
  readonly accounts: AccountSource;
  readonly directory: AccountDirectory;
  readonly dataSource: DataSource;
}

/** Reads accounts by id and by the platform's own id, and creates them. */
@Resolver(() => Account)
export class AccountsResolver {
  constructor(private readonly deps: AccountsResolverDeps) {}

  @Query(() => Account, {
    nullable: true,
    description:
      'An account. Errors: NOT_FOUND for an unknown or foreign one, BAD_USER_INPUT `id`, FORBIDDEN without `credits:read`.',
  })
  async account(
    @Arg('id', () => ID, { description: 'Example: `acct_01jq3…`.' }) id: string,
    @Ctx() { caller }: RequestContext,
  ): Promise<Account> {
    assertCaller(caller);
    return this.deps.accounts.read(caller, readAccountId(id, 'id'));
  }

  @Query(() => Account, {
    nullable: true,
    description:
      "The account that the platform's own id names, of those the caller sees. Errors: NOT_FOUND, BAD_USER_INPUT `externalId`, FORBIDDEN without `credits:read`.",
  })
  async accountByExternalId(
    @Arg('externalId', () => String, { description: 'As it was given to `createAccount`.' }) externalId: string,
    @Ctx() { caller }: RequestContext,
  ): Promise<Account> {
    assertCaller(caller);
    checkName('externalId', externalId, EXTERNAL_ID_CHARS_MAX);
    const identity = await this.deps.directory.findExternal(caller, externalId);
    if (identity === null) throw notFound('This account');
    return this.deps.accounts.read(caller, identity.id);
  }

  @Mutation(() => Account, {
    description: paragraphs(
      "Creates an account inside the period that its billing anchor gives, with that period's allowance and nothing earlier. No event tells of it. Services and operators only.",
      "Errors: UNAUTHENTICATED; FORBIDDEN for users, without `keys:admin`, for a credential bound to single accounts, and for the other side's accounts; BAD_USER_INPUT naming the field (`externalId` when it was used with another input, `billingAnchor` when later than the account's own now); UNAVAILABLE (repeat it: without an `externalId` there may then be two accounts).",
      'Idempotency: with an `externalId` it may be repeated, also at once by many: the same input answers the first account as it is now. Without one, each call creates an account.',
      'Rules: docs/domain.md, Periods and resets; docs/api.md, Identity and isolation.',
    ),
  })
  async createAccount(
    @Arg('input', () => CreateAccountInput) input: CreateAccountInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Account> {
    return this.deps.accounts.create(caller, input);
  }

  @Mutation(() => Account, {
    description: paragraphs(
      "Sandbox accounts only: moves the account's own clock forward to an instant. What falls due on the way (holds, grants, periods) is closed in time order, each at its own instant, before it answers.",
      "Errors: UNAUTHENTICATED; BAD_USER_INPUT `to` (backwards, more than 24 months in the account's time zone, outside the years 2000 to 2199) or `accountId` (a live account); NOT_FOUND for an unknown or foreign account; FORBIDDEN without `credits:reserve`; UNAVAILABLE (repeat it).",
      'Idempotency: it takes no key. To where the clock is: nothing changes, so that the same call may be repeated. Concurrency: moves are made one after the other; one that another has overtaken is BAD_USER_INPUT `to`.',
      'Rules: docs/domain.md, Test clocks.',
    ),
  })
  async advanceTestClock(
    @Arg('input', () => AdvanceTestClockInput) input: AdvanceTestClockInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Account> {
    return this.deps.accounts.advanceClock(caller, input);
  }

  @FieldResolver(() => [ApiKey], {
    description:
      'The keys bound to this account that still work, newest first. Errors: FORBIDDEN without `keys:admin`.',
  })
  async apiKeys(@Root() account: Account, @Ctx() { caller }: RequestContext): Promise<ApiKey[]> {
    return listApiKeys(this.deps.dataSource, caller, { id: readAccountId(account.id, 'id'), sandbox: account.sandbox });
  }

  @FieldResolver(() => [String], {
    description:
      'What the caller may do with this account, by its scopes and its role there, sorted. `viewer.scopes` are those of all its accounts together.',
  })
  viewerScopes(@Root() account: Account, @Ctx() { caller }: RequestContext): string[] {
    assertCaller(caller);
    const accountId = readAccountId(account.id, 'id');
    return [...SCOPES, ...OPERATOR_SCOPES].filter((scope) => holdsScope(caller, accountId, scope)).sort();
  }
}

export interface ViewerAccountsDeps extends Pick<AccountsResolverDeps, 'accounts' | 'directory'> {
  readonly history: Pick<History, 'present'>;
}

/** What a viewer sees, beside who it is. */
@Resolver(() => Viewer)
export class ViewerAccountsResolver {
  constructor(private readonly deps: ViewerAccountsDeps) {}

  @FieldResolver(() => AccountConnection, {
    description:
      'The accounts that the caller sees, newest first. Errors: BAD_USER_INPUT `first` (1 to 100) or `after`, NOT_FOUND for a foreign cursor, CURSOR_TOO_OLD for one of another history, FORBIDDEN without `credits:read`.',
  })
  async accounts(
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 100.' }) first: number,
    @Arg('after', () => ID, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Ctx() { caller }: RequestContext,
  ): Promise<Connection<Account>> {
    assertScope(caller, 'credits:read');
    const page = readPageRequest(first, after, this.deps.history.present.publicId);
    const afterId = page.after === null ? null : parseId('acct', page.after);
    if (page.after !== null && afterId === null) throw malformedCursor();
    if (afterId !== null && (await this.deps.directory.findFor(caller, afterId)) === null) throw foreignCursor();
    const ids = await this.deps.directory.list(caller, { ...page, after: afterId });
    const shown = await this.deps.accounts.readAll(ids.slice(0, page.first));
    const connection = pageOf(
      page,
      shown,
      (account) => account,
      (account) => account.id,
    );
    connection.pageInfo.hasNextPage = ids.length > page.first;
    return connection;
  }
}
