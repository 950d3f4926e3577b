import type pg from 'pg';
import { Arg, Ctx, Extensions, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { readAccountId } from '../accounts/account-id.js';
import { Account } from '../accounts/accounts.types.js';
import { assertAccount, assertCaller, assertOperator, assertScope, type Caller } from '../auth/caller.js';
import type { HeavyReads } from '../auth/heavy-reads.js';
import type { RequestContext } from '../auth/request-context.js';
import type { CreditType } from '../catalog/catalog.js';
import { CreditTypeEnum } from '../catalog/catalog.types.js';
import { forbidden } from '../kit/errors.js';
import { type Connection, readPageRequest } from '../kit/page.js';
import { DateTime, LocalDate } from '../kit/scalars.js';
import type { ShownAccount } from '../ledger/graph/account-snapshot.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { listPeriods } from './list-periods.js';
import { readBalanceAt } from './read-balance-at.js';
import { closeDue, readDay, readLiability } from './read-liability.js';
import { readStatement } from './read-statement.js';
import {
  BalanceAt,
  LiabilityReport,
  type PeriodReport,
  PeriodReportConnection,
  Statement,
} from './statements.types.js';

export interface StatementsResolverDeps {
  readonly accounts: AccountReader;
  readonly reader: pg.Pool;
  /** The pool of heavy reads. */
  readonly reports: pg.Pool;
  readonly heavyReads: HeavyReads;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Some look-ups in the journal. */
const COST_OF_A_BALANCE = 5;
/** Ten of them are asked for at once, as of reports of usage. */
const COST_OF_A_REPORT = 90;
/** All accounts. */
const COST_OF_ALL_ACCOUNTS = 500;

/** What an account had, and what came and went. */
@Resolver(() => Account)
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

  @Extensions({ cost: COST_OF_ALL_ACCOUNTS })
  @Query(() => LiabilityReport, {
    description:
      'Operators only: unspent bought credits of all accounts of a side at the end of a UTC day, and what was paid for them. Errors: FORBIDDEN without `reports:read` or for an operator of single accounts, BAD_USER_INPUT for an `at` before 1970 or, of live accounts, a day that has not ended, RATE_LIMITED for too many reports at once.',
  })
  async liability(
    @Arg('at', () => LocalDate, { nullable: true, description: 'The end of this UTC day; default: yesterday.' })
    at: string | null | undefined,
    @Arg('sandbox', () => Boolean, {
      defaultValue: false,
      description: 'Of sandbox accounts, each by its own clock; default: of live ones.',
    })
    sandbox: boolean,
    @Ctx() { caller }: RequestContext,
  ): Promise<LiabilityReport> {
    assertOperator(caller);
    assertScope(caller, 'reports:read');
    if (caller.accounts !== 'all' || !caller.sides.includes(sandbox ? 'sandbox' : 'live'))
      throw forbidden('This is about all accounts of a side, which you do not see.');
    const { accounts, clock, reader, reports, heavyReads } = this.deps;
    const day = readDay(at ?? null, sandbox, clock());
    return heavyReads.run(caller, async () => {
      if (!sandbox) await closeDue(reader, accounts, day);
      return { at: day, rows: await readLiability(reports, day, sandbox) };
    });
  }

  @Extensions({ cost: COST_OF_A_REPORT })
  @FieldResolver(() => PeriodReportConnection, {
    description:
      'Every period of the account, newest first, the present one included. They sum to the statement. Errors: BAD_USER_INPUT `first` or `after`, NOT_FOUND for a cursor that is not of this account, CURSOR_TOO_OLD for one of another history, RATE_LIMITED for too many reports at once.',
  })
  async periods(
    @Arg('creditType', () => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'What kind of credits.' })
    creditType: CreditType,
    @Arg('first', () => Int, { defaultValue: 12, description: '1 to 100.' }) first: number,
    @Arg('after', () => ID, { nullable: true, description: 'The cursor after which to go on; default: the newest.' })
    after: string | null | undefined,
    @Root() account: ShownAccount,
    @Ctx() { caller }: RequestContext,
  ): Promise<Connection<PeriodReport>> {
    assertReader(caller, account);
    const { state, history } = account.snapshot;
    const page = readPageRequest(first, after, history);
    return this.deps.heavyReads.run(caller, () => listPeriods(this.deps.reports, state, creditType, page));
  }

  @Extensions({ cost: COST_OF_A_REPORT })
  @FieldResolver(() => Statement, {
    description:
      "What was owned when a span of days (the account's zone) began and ended, and what came and went between. Errors: BAD_USER_INPUT `from` before 1970, `to` before `from` or more than 1,098 days in all, RATE_LIMITED for too many reports at once.",
  })
  async statement(
    @Arg('from', () => LocalDate, { description: 'First day.' }) from: string,
    @Arg('to', () => LocalDate, { description: 'Inclusive.' }) to: string,
    @Arg('creditType', () => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'What kind of credits.' })
    creditType: CreditType,
    @Root() account: ShownAccount,
    @Ctx() { caller }: RequestContext,
  ): Promise<Statement> {
    assertReader(caller, account);
    const { state } = account.snapshot;
    return this.deps.heavyReads.run(caller, () => readStatement(this.deps.reports, state, creditType, from, to));
  }
}

/** An account may come from a mutation that needs less than reading does. */
function assertReader(caller: Caller | null, { snapshot }: ShownAccount): asserts caller is Caller {
  assertAccount(caller, snapshot.state, 'credits:read');
}
