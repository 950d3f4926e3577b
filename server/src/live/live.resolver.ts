import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { Account } from '../accounts/accounts.types.js';
import { assertAccount, assertCaller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import type { CreditType } from '../catalog/catalog.js';
import { CreditTypeEnum } from '../catalog/catalog.types.js';
import { badUserInput } from '../kit/errors.js';
import type { Connection } from '../kit/page.js';
import { readPageRequest } from '../kit/page.js';
import { paragraphs } from '../kit/paragraphs.js';
import type { ShownAccount } from '../ledger/graph/account-snapshot.js';
import { Balance } from '../ledger/graph/balance.types.js';
import { QuoteInput, QuoteResult } from '../ledger/graph/quote.types.js';
import { Reservation } from '../ledger/graph/reservation.types.js';
import type { Live } from './live.js';
import { AccountClock, CreditEvent, CreditEventConnection, EventTypeEnum } from './live.types.js';

export interface LiveResolverDeps {
  readonly live: Pick<Live, 'eventCursor' | 'findStart' | 'show' | 'events'>;
}

/** Feeds get what they push from `attachLive`, which also authorises them when they are opened. */
const unattached = {
  subscribe: (): never => {
    throw new Error('attachLive was not called');
  },
};

const AFTER = 'The id of an event, or what `eventCursor` answered: begin just after it. Left out: from now.';
const OF_ALL = 'Left out: all accounts the caller may see.';
const ACCOUNT_ERRORS =
  'Needs `credits:read`. Errors: UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT for a malformed id, NOT_FOUND for an unknown or foreign account.';
const EVENT_ERRORS =
  'Needs `events:read`. Errors: UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT for a malformed id or cursor, NOT_FOUND for an unknown or foreign account or event, CURSOR_TOO_OLD with `extensions.oldest` for a cursor of a past that was lost, which also ends a feed that has told of it; UNAVAILABLE with `reason: SLOW_CONSUMER` ends the feed of a reader that takes nothing for long: it resumes after its last event.';
const EVENT_ORDER =
  'Order: as they were committed, of one account by version, whichever process wrote them; none is skipped, also for a slow reader. After a break subscribe again with `after` set to the id of the last event: nothing is missed, and what comes twice has the same id.';
const THRESHOLDS = 'Rules: docs/domain.md, Thresholds, events, notifications; docs/api.md, The WebSocket.';

/** What callers hear without asking, and the events an account has had. */
@Resolver(() => Account)
export class LiveResolver {
  constructor(private readonly deps: LiveResolverDeps) {}

  @Query(() => ID, {
    description:
      'The place of now: everything that happens from here on comes after it. Ask for it before subscribing, so that nothing before the first event can be lost. Needs `events:read`. Errors: UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT for a malformed id, NOT_FOUND for an unknown or foreign account.',
  })
  eventCursor(
    @Ctx() { caller }: RequestContext,
    @Arg('accountId', () => ID, {
      nullable: true,
      description: 'Left out: the feed of all accounts the caller may see.',
    })
    accountId?: string | null,
  ): Promise<string> {
    return this.deps.live.eventCursor(caller, accountId ?? null);
  }

  @Subscription(() => Balance, {
    ...unattached,
    description: paragraphs(
      'First the balance as it is now, in whole credits, then later ones, each after it is durable. It is state: at most 10 a second, for a slow reader the newest alone, and the last one always. After a break subscribe again: there is nothing to catch up.',
      ACCOUNT_ERRORS,
      'Order: versions only grow within one `history`, in whichever process a change was made. A balance of another `history` replaces what you have.',
      'Rules: docs/domain.md, Amounts; docs/api.md, The WebSocket.',
    ),
  })
  balanceChanged(
    @Root() balance: Balance,
    @Arg('accountId', () => ID, { description: 'Whose balance. Example: `acct_01jq3…`.' }) _accountId: string,
    @Arg('creditType', () => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'Which kind of credits.' })
    _creditType: CreditType,
  ): Balance {
    return balance;
  }

  @Subscription(() => Reservation, {
    ...unattached,
    description: paragraphs(
      'What is in flight: first each open hold of the account, then each reservation as it opens or changes (an addition, a part, its end), after it is durable. It is state: of each reservation the newest wins, at most 10 turns a second, and the last one always. After a break subscribe again: what is not among the open holds then is closed. A reader that takes nothing for long is ended with UNAVAILABLE, `reason: SLOW_CONSUMER`, and begins anew.',
      ACCOUNT_ERRORS,
      'Order: by `version`, in whichever process a change was made. One of another `history` replaces what you have; in it all open holds are told anew.',
      'Rules: docs/domain.md, Quote, reserve, commit; docs/api.md, The WebSocket.',
    ),
  })
  reservationChanged(
    @Root() reservation: Reservation,
    @Arg('accountId', () => ID, { description: 'Whose holds. Example: `acct_01jq3…`.' }) _accountId: string,
  ): Reservation {
    return reservation;
  }

  @Subscription(() => QuoteResult, {
    ...unattached,
    description: paragraphs(
      'The quote as it is now, by the function that answers `quote`, then again whenever it would read otherwise (balance, budgets, set-asides, prices, plan, a window or a day that begins), at most 4 a second, the last one always; and with a fresh token at least 60 seconds before the old one ends. Token, `expiresAt`, `asOf` and versions alone are no news. What budgets and set-asides say is for the caller, or for the `member` that a service names.',
      `${ACCOUNT_ERRORS.replace('NOT_FOUND', 'naming the field, FORBIDDEN where a user names another member, NOT_FOUND')} Refusals are values: OperationUnknown, OperationNotInPlan, MixedCreditTypes, InvalidAmount.`,
      'Order: the newest wins for a slow reader. After a break subscribe again: there is nothing to catch up.',
      'Rules: docs/domain.md, Quote, reserve, commit; docs/api.md, The WebSocket.',
    ),
  })
  quoteChanged(
    @Root() quote: typeof QuoteResult,
    @Arg('input', () => QuoteInput, { description: 'As of `quote`.' }) _input: QuoteInput,
  ): typeof QuoteResult {
    return quote;
  }

  @Subscription(() => AccountClock, {
    ...unattached,
    description: paragraphs(
      'What time it is for the account, then again after each move of a test clock; a live account is told once, its clock runs on. A move takes no version and so is no news of `balanceChanged`. One made through another process may take three seconds.',
      ACCOUNT_ERRORS,
      'Order: a clock only moves forward; for a slow reader the newest alone.',
      'Rules: docs/domain.md, Test clocks; docs/api.md, The WebSocket.',
    ),
  })
  clockMoved(
    @Root() clock: AccountClock,
    @Arg('accountId', () => ID, { description: 'Whose clock. Example: `acct_01jq3…`.' }) _accountId: string,
  ): AccountClock {
    return clock;
  }

  @Subscription(() => CreditEvent, {
    ...unattached,
    description: paragraphs(
      'Low-balance warnings (BALANCE_LOW, BALANCE_RECOVERED) of one account, or of all that the caller may see: `creditEvents` with these types. Each is written in the transaction of the movement that crossed the rule, once a crossing.',
      EVENT_ERRORS,
      EVENT_ORDER,
      THRESHOLDS,
    ),
  })
  lowBalance(
    @Root() event: CreditEvent,
    @Arg('accountId', () => ID, { nullable: true, description: OF_ALL }) _accountId?: string | null,
    @Arg('after', () => ID, { nullable: true, description: AFTER }) _after?: string | null,
  ): CreditEvent {
    return event;
  }

  @Subscription(() => CreditEvent, {
    ...unattached,
    description: paragraphs(
      'Events of one account, or of all that the caller may see, from just after a cursor, or from now. Each is written in the transaction of what it tells of.',
      EVENT_ERRORS,
      EVENT_ORDER,
      THRESHOLDS,
    ),
  })
  creditEvents(
    @Root() event: CreditEvent,
    @Arg('accountId', () => ID, { nullable: true, description: OF_ALL }) _accountId?: string | null,
    @Arg('types', () => [EventTypeEnum], { nullable: true, description: 'Only these, at least one. Left out: all.' })
    _types?: string[] | null,
    @Arg('after', () => ID, { nullable: true, description: AFTER }) _after?: string | null,
  ): CreditEvent {
    return event;
  }

  @FieldResolver(() => CreditEventConnection, {
    description:
      'Oldest first, or newest first; `after` left out: from the beginning, or from the end; `after` may be any event of the account. The other lists: newest first. Needs `events:read`. Errors: FORBIDDEN, BAD_USER_INPUT for `first` outside 1 to 100 or a malformed cursor, NOT_FOUND for an event that is not of this account, CURSOR_TOO_OLD for a cursor of a past that was lost.',
  })
  async events(
    @Root() account: ShownAccount,
    @Ctx() { caller }: RequestContext,
    @Arg('types', () => [EventTypeEnum], { nullable: true, description: 'Only these, at least one. Left out: all.' })
    types: string[] | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many at most, 1 to 100.' }) first: number,
    @Arg('after', () => ID, {
      nullable: true,
      description: 'The id of an event, or what `eventCursor` answered: begin just after it.',
    })
    after: string | null | undefined,
    @Arg('newestFirst', () => Boolean, {
      defaultValue: false,
      description: 'From the end back; what comes after a cursor is then older.',
    })
    newestFirst: boolean,
  ): Promise<Connection<CreditEvent>> {
    const { id: accountId, sandbox } = account.snapshot.state;
    assertAccount(caller, { id: accountId, sandbox }, 'events:read');
    assertCaller(caller);
    const { live } = this.deps;
    // The cursors of this list are ids of events, which name their own history.
    const { first: count } = readPageRequest(first, null, account.snapshot.history);
    if (types?.length === 0)
      throw badUserInput('types', 'Name at least one type of event, or leave types out for all.');
    const start = after == null ? null : await live.findStart(caller, accountId, after);
    const found = newestFirst
      ? await live.events.listNewestOfAccount(
          start?.place ?? { accountId, version: Number.MAX_SAFE_INTEGER, ordinal: 0 },
          start?.feedSeq ?? Number.MAX_SAFE_INTEGER,
          types ?? null,
          count + 1,
        )
      : await live.events.listOfAccount(
          start?.place ?? { accountId, version: 0, ordinal: 0 },
          start?.feedSeq ?? 0,
          types ?? null,
          count + 1,
        );
    const edges = found.slice(0, count).map((event) => {
      const node = live.show(event);
      return { cursor: node.id, node };
    });
    return {
      edges,
      pageInfo: {
        hasNextPage: found.length > count,
        hasPreviousPage: start !== null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    };
  }
}
