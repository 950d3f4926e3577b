import type pg from 'pg';
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { readAccountId } from '../../accounts/account-id.js';
import { Account } from '../../accounts/accounts.types.js';
import { assertAccount, assertCaller } from '../../auth/caller.js';
import type { Caller } from '../../auth/caller.js';
import type { RequestContext } from '../../auth/request-context.js';
import type { Catalog, CreditType } from '../../catalog/catalog.js';
import { CreditTypeEnum } from '../../catalog/catalog.types.js';
import { notFound } from '../../kit/errors.js';
import { readPageRequest } from '../../kit/page.js';
import { paragraphs } from '../../kit/paragraphs.js';
import type { Connection } from '../../kit/page.js';
import type { ShownAccount } from './account-snapshot.js';
import { balanceOf } from '../core/balance.js';
import { Balance, GrantConnection } from './balance.types.js';
import type { Grant } from './balance.types.js';
import { findInvalidLines, findTooLong, readLines, readMember, readNote, readReservationId } from './check-input.js';
import { memberFor } from './command-input.js';
import { EntryConnection, EntryFilter } from './entry.types.js';
import type { Entry } from './entry.types.js';
import type { Problem } from './problem.types.js';
import { askerOf, quoteWork, type QuoteWorkDeps } from './quote-work.js';
import { type Quote, QuoteInput, QuoteResult } from './quote.types.js';
import type { AccountReader } from './read-account.js';
import { readSubject } from './find-subject.js';
import { listEntries } from './list-entries.js';
import { listGrants } from './list-grants.js';
import { listReservations } from './list-reservations.js';
import { readEntryFilter } from './read-entry-filter.js';
import { ReservationEntity } from '../rows/entities.js';
import { Reservation, ReservationConnection, ReservationStatusEnum } from './reservation.types.js';
import { showBalance } from './show-balance.js';
import { showQuote } from './show-quote.js';
import { showRefusal } from './show-refusal.js';
import { showReservation } from './show-reservation.js';
import type { ReservationStatus } from '../core/state.js';

const FIRST = '1 to 100.';
const AFTER = 'The cursor after which to go on; default: from the start of the list.';
const WHOSE = 'Example: `acct_01jq3…`.';
const ERRORS =
  'Errors: NOT_FOUND for an unknown or foreign account, BAD_USER_INPUT for a malformed id, FORBIDDEN without `credits:read`';

export interface BalanceResolverDeps extends QuoteWorkDeps {
  readonly accounts: AccountReader;
  readonly dataSource: DataSource;
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  readonly catalog: () => Catalog;
  /** Signs quotes; the same in every process. */
  readonly quoteSecret: Buffer;
}

/** What an account has, what something would cost it, and where its credits went. */
@Resolver(() => Account)
export class BalanceResolver {
  constructor(private readonly deps: BalanceResolverDeps) {}

  @Query(() => Balance, { description: `What an account has of one credit type, now. ${ERRORS}.` })
  async balance(
    @Arg('accountId', () => ID, { description: WHOSE }) accountId: string,
    @Arg('creditType', () => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'What kind of credits.' })
    creditType: CreditType,
    @Ctx() { caller }: RequestContext,
  ): Promise<Balance> {
    assertCaller(caller);
    const snapshot = await this.deps.accounts.read(caller, readAccountId(accountId, 'accountId'), 'credits:read');
    return showBalance(balanceOf(snapshot.state, creditType), snapshot.history);
  }

  /**
   * Prices operations for an account: the dry run of `reserveCredits`, by the same functions (`core/assess-work.ts`, `core/count-lines.ts`). Writes nothing, except that what
   * is due on the account is closed before, as before any read.
   *
   * @returns a signed quote in whole credits, good for 10 minutes on the account's clock; or a refusal: OperationUnknown, OperationNotInPlan,
   * MixedCreditTypes, InvalidAmount
   * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign account; FORBIDDEN without `credits:read`,
   * or where a user names another member
   *
   * Concurrency: it promises the price, not the credits; it is of the version in its balance. Source: docs/domain.md, Quote, reserve, commit
   */
  @Query(() => QuoteResult, {
    description: paragraphs(
      'Prices operations at the price list in force and says how the balance stands to it, and what budgets and set-asides say to it: the dry run of a reserve by the caller, or by the `member` that a service names, for the `project`. Writes nothing and holds nothing. The token keeps the price for this account for 10 minutes on its clock: `reserveCredits` and `spendCredits` with it charge what was quoted, never more, even if prices changed meanwhile. Credits are whole numbers.',
      `Refusals: OperationUnknown, OperationNotInPlan, MixedCreditTypes, InvalidAmount. Too few credits are no refusal: \`sufficient\`, \`shortfall\`, \`alternatives\`, \`smallestPack\` and \`upgrade\` say so; nor is a budget that denies: \`allowed\` and \`blockedBy\`. ${ERRORS}.`,
      'Concurrency: the answer is of the `version` in its balance; others may spend before you reserve, and only the reservation decides. Whoever asks again gets another token.',
      'Rules: docs/domain.md, Quote, reserve, commit; Catalogue.',
    ),
  })
  async quote(
    @Arg('input', () => QuoteInput) input: QuoteInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Quote | Problem> {
    assertCaller(caller);
    const accountId = readAccountId(input.accountId, 'accountId');
    const lines = readLines(input.operations);
    const project = readNote('project', input.project);
    const named = readMember(input.member);
    const snapshot = await this.deps.accounts.readPriced(caller, accountId, 'credits:read');
    const catalog = this.deps.catalog();
    const member = memberFor(caller, named);
    const invalid = findInvalidLines(lines) ?? findTooLong({ project, member });
    if (invalid !== null) return showRefusal(catalog, snapshot.history, invalid, false);
    const asker = askerOf(caller, accountId, member);
    const { answer, at } = await quoteWork(this.deps, asker, snapshot, { lines, project });
    if (answer.kind !== 'Quoted') return showRefusal(catalog, at.history, answer, false);
    return showQuote(answer, at.history, this.deps.quoteSecret);
  }

  @Query(() => Reservation, {
    nullable: true,
    description:
      'A reservation as it is now. Errors: NOT_FOUND for an unknown or foreign one, BAD_USER_INPUT `id`, FORBIDDEN without `credits:read`.',
  })
  async reservation(
    @Arg('id', () => ID, { description: 'Example: `rsv_01jq3…`.' }) id: string,
    @Ctx() { caller }: RequestContext,
  ): Promise<Reservation> {
    assertCaller(caller);
    const owned = readReservationId(id, 'id');
    const { history } = await this.deps.accounts.read(caller, owned.accountId, 'credits:read');
    const row = await this.deps.dataSource.getRepository(ReservationEntity).findOneBy(owned);
    if (row === null) throw notFound('This reservation');
    return showReservation(this.deps.catalog(), row, history);
  }

  @FieldResolver(() => Balance, { name: 'balance', description: 'What it has of one credit type, now.' })
  balanceOfAccount(
    @Arg('creditType', () => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'What kind of credits.' })
    creditType: CreditType,
    @Root() account: ShownAccount,
    @Ctx() { caller }: RequestContext,
  ): Balance {
    assertReader(caller, account);
    return showBalance(balanceOf(account.snapshot.state, creditType), account.snapshot.history);
  }

  @FieldResolver(() => GrantConnection, {
    description:
      'Credits that have something left or held, in burn order. Errors: BAD_USER_INPUT `first` or `after`, NOT_FOUND for a cursor that is not of this account, CURSOR_TOO_OLD for one of another history.',
  })
  async grants(
    @Arg('creditType', () => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'What kind of credits.' })
    creditType: CreditType,
    @Arg('includeSpent', () => Boolean, { defaultValue: false, description: 'Also those with nothing left or held.' })
    includeSpent: boolean,
    @Arg('first', () => Int, { defaultValue: 50, description: FIRST }) first: number,
    @Arg('after', () => ID, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Root() account: ShownAccount,
    @Ctx() { caller }: RequestContext,
  ): Promise<Connection<Grant>> {
    assertReader(caller, account);
    return listGrants(
      this.deps.dataSource,
      account.snapshot.state,
      creditType,
      includeSpent,
      readPageRequest(first, after, account.snapshot.history),
    );
  }

  @FieldResolver(() => ReservationConnection, {
    description:
      'Reservations, newest first; all that is said must be so. A page may be short where several things are asked for at once: go on while `hasNextPage`. Errors: BAD_USER_INPUT `first`, `after`, or a text that no reservation can have, NOT_FOUND for a cursor that is not of this account, CURSOR_TOO_OLD for one of another history.',
  })
  async reservations(
    @Arg('status', () => ReservationStatusEnum, { nullable: true, description: 'Only these; default: all.' }) status:
      | ReservationStatus
      | null
      | undefined,
    @Arg('reference', () => String, { nullable: true, description: 'Only with this one; empty: only without any.' })
    reference: string | null | undefined,
    @Arg('project', () => String, { nullable: true, description: 'Only of this one; empty: only of none.' })
    project: string | null | undefined,
    @Arg('member', () => ID, { nullable: true, description: 'Only on behalf of this member.' })
    member: string | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: FIRST }) first: number,
    @Arg('after', () => ID, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Root() account: ShownAccount,
    @Ctx() { caller }: RequestContext,
  ): Promise<Connection<Reservation>> {
    assertReader(caller, account);
    const page = readPageRequest(first, after, account.snapshot.history);
    const asked = { status: status ?? null, ...readSubject({ reference, project, member }) };
    return listReservations(this.deps.reader, this.deps.catalog(), account.snapshot.state, asked, page);
  }

  @FieldResolver(() => EntryConnection, {
    description:
      'Every movement of its credits, newest first. A filtered page may be short: go on while `hasNextPage`. Errors: BAD_USER_INPUT `first`, `after`, or what a filter cannot say, naming its field, NOT_FOUND for a cursor, a reservation or a grant that is not of this account, CURSOR_TOO_OLD for a cursor of another history.',
  })
  async entries(
    @Arg('creditType', () => CreditTypeEnum, { nullable: true, description: 'Only these; default: both.' }) creditType:
      | CreditType
      | null
      | undefined,
    @Arg('filter', () => EntryFilter, { nullable: true, description: 'Only some; default: all.' })
    filter: EntryFilter | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50, description: FIRST }) first: number,
    @Arg('after', () => ID, { nullable: true, description: AFTER }) after: string | null | undefined,
    @Root() account: ShownAccount,
    @Ctx() { caller }: RequestContext,
  ): Promise<Connection<Entry>> {
    assertReader(caller, account);
    const page = readPageRequest(first, after, account.snapshot.history);
    const asked = readEntryFilter(account.snapshot.state.id, filter ?? null);
    return listEntries(this.deps, account.snapshot.state, { creditType: creditType ?? null, asked }, page);
  }
}

/** An account may also come from a mutation, whose caller need not have the scope for reading. */
function assertReader(caller: Caller | null, { snapshot }: ShownAccount): void {
  assertAccount(caller, snapshot.state, 'credits:read');
}
