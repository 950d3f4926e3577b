import type { AccountDirectory } from './accounts/account-directory.js';
import { AuditResolver } from './accounts/audit.resolver.js';
import { AccountsResolver, ViewerAccountsResolver } from './accounts/accounts.resolver.js';
import { LevelsResolver } from './alerts/levels.resolver.js';
import { crossLevels } from './alerts/cross-levels.js';
import type { ResolverInstances } from './api/api-schema.js';
import type { ApiKeys } from './auth/api-keys.js';
import { AuthResolver } from './auth/auth.resolver.js';
import type { FindAccount } from './auth/create-api-key.js';
import type { SeenMembers } from './auth/seen-members.js';
import type { RateLimits } from './auth/rate-limits.js';
import { PurchasesResolver, type PurchasesResolverDeps } from './billing/purchases.resolver.js';
import { TopUpResolver } from './billing/top-up.resolver.js';
import { HeavyReads } from './auth/heavy-reads.js';
import { PlanChangeResolver } from './billing/plan-change.resolver.js';
import { BudgetsResolver, BudgetUsesResolver } from './budgets/budgets.resolver.js';
import type { Catalog } from './catalog/catalog.js';
import { CatalogResolver } from './catalog/catalog.resolver.js';
import { readPriceClock } from './catalog/price-gate.js';
import { poolOf } from './db/data-source.js';
import type { History } from './db/history.js';
import { nextUuid } from './kit/next-uuid.js';
import type { Ledger } from './ledger/core/ledger.js';
import { BalanceResolver } from './ledger/graph/balance.resolver.js';
import { LedgerAccounts } from './ledger/graph/ledger-accounts.js';
import { LedgerResolver } from './ledger/graph/ledger.resolver.js';
import { ReservationResolver } from './ledger/graph/reservation.resolver.js';
import type { AccountReader } from './ledger/graph/read-account.js';
import type { Live } from './live/live.js';
import { LiveResolver } from './live/live.resolver.js';
import { ReadingResolver } from './live/reading.resolver.js';
import { MailResolver } from './mail/mail.resolver.js';
import type { Mails } from './mail/mails.js';
import type { Pools } from './open-pools.js';
import { PricesResolver } from './prices/prices.resolver.js';
import { StatementsResolver } from './statements/statements.resolver.js';
import type { Billing } from './open-billing.js';
import { ForesightResolver } from './usage/foresight.resolver.js';
import { MembersResolver } from './usage/members.resolver.js';
import { UsageResolver } from './usage/usage.resolver.js';

export interface ResolverParts {
  readonly pools: Pools;
  readonly ledger: Ledger;
  readonly live: Live;
  readonly history: History;
  readonly directory: AccountDirectory;
  readonly accountReader: AccountReader;
  readonly apiKeys: ApiKeys;
  readonly findAccount: FindAccount;
  /** As it is now, to be shown; decisions choose by their own instants. */
  readonly catalog: () => Catalog;
  /** Waits until this process knows a version of the price list. */
  readonly reach: (version: number) => Promise<Catalog>;
  readonly pepper: Buffer;
  readonly quoteSecret: Buffer;
  readonly seenMembers: SeenMembers;
  readonly isDemo: boolean;
  readonly billing: Billing;
  readonly mails: Mails;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly limits: RateLimits;
  readonly onError: (error: unknown, what?: string) => void;
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
  /** Origins, besides the server's own, that a checkout may lead back to. */
  readonly allowedOrigins: ReadonlySet<string>;
}

/** One resolver of each kind, over the parts of the application. */
export function createResolvers(parts: ResolverParts): ResolverInstances {
  const { pools, ledger, live, history, directory, accountReader, catalog, reach, pepper, quoteSecret } = parts;
  const dataSource = pools.entities;
  const priceClock = () => readPriceClock(pools.reads);
  const heavyReads = new HeavyReads();
  const accounts = new LedgerAccounts({
    dataSource,
    directory,
    reader: accountReader,
    ledger,
    catalog,
    history,
    nextId: nextUuid,
    clockMoved: parts.billing.clockMoved,
  });
  return new Map<unknown, unknown>([
    [AccountsResolver, new AccountsResolver({ accounts, directory, dataSource })],
    [ViewerAccountsResolver, new ViewerAccountsResolver({ accounts, directory, history })],
    [AuditResolver, new AuditResolver({ directory, dataSource, history })],
    [
      AuthResolver,
      new AuthResolver({
        apiKeys: parts.apiKeys,
        dataSource,
        pepper,
        findAccount: parts.findAccount,
        defaultSide: parts.isDemo ? 'sandbox' : 'live',
      }),
    ],
    [BudgetsResolver, createBudgets(parts, heavyReads)],
    [BudgetUsesResolver, new BudgetUsesResolver({ reader: pools.reads })],
    [CatalogResolver, new CatalogResolver({ catalog, reach, priceClock })],
    [BalanceResolver, createBalances(parts)],
    [ReservationResolver, new ReservationResolver()],
    [LedgerResolver, new LedgerResolver({ ledger, directory, catalog, history, quoteSecret, nextId: nextUuid })],
    [PricesResolver, createPrices(parts, heavyReads)],
    [LevelsResolver, new LevelsResolver({ ledger, directory, catalog, history, clock: parts.clock })],
    [LiveResolver, new LiveResolver({ live })],
    [ReadingResolver, new ReadingResolver({ live, accounts, directory, dataSource })],
    [MailResolver, createMail(parts, accounts)],
    [
      PlanChangeResolver,
      new PlanChangeResolver({ ledger, directory, reader: accountReader, catalog, history, nextId: nextUuid }),
    ],
    [PurchasesResolver, new PurchasesResolver(purchaseDeps(parts))],
    [TopUpResolver, new TopUpResolver({ ...purchaseDeps(parts), removals: parts.billing.removals })],
    [
      StatementsResolver,
      new StatementsResolver({
        accounts: accountReader,
        reader: pools.reads,
        reports: poolOf(pools.reports),
        heavyReads,
        clock: Date.now,
      }),
    ],
    [UsageResolver, new UsageResolver({ accounts: accountReader, dataSource: pools.reports, heavyReads })],
    [MembersResolver, new MembersResolver({ dataSource, seenMembers: parts.seenMembers })],
    [ForesightResolver, new ForesightResolver({ dataSource: pools.reports, heavyReads, reach })],
  ]) as ResolverInstances;
}

function createPrices({ pools, catalog, reach, accountReader }: ResolverParts, heavyReads: HeavyReads): PricesResolver {
  return new PricesResolver({
    dataSource: pools.entities,
    catalog,
    reach,
    priceClock: () => readPriceClock(pools.reads),
    accounts: accountReader,
    reports: poolOf(pools.reports),
    heavyReads,
  });
}

function createBudgets(
  { pools, ledger, directory, accountReader, catalog, history }: ResolverParts,
  heavyReads: HeavyReads,
): BudgetsResolver {
  return new BudgetsResolver({
    ledger,
    directory,
    accounts: accountReader,
    catalog,
    history,
    reader: pools.reads,
    reports: poolOf(pools.reports),
    heavyReads,
    nextId: nextUuid,
  });
}

function createMail({ pools, directory, clock, mails }: ResolverParts, accounts: LedgerAccounts): MailResolver {
  const wake = (): void => mails.wake();
  const { supportAddress } = mails;
  const dataSource = pools.entities;
  return new MailResolver({ accounts, dataSource, directory, nextId: nextUuid, clock, wake, supportAddress });
}

function purchaseDeps(parts: ResolverParts): PurchasesResolverDeps {
  const { pools, ledger, history, directory, accountReader, catalog, limits, publicUrl, allowedOrigins } = parts;
  return {
    ledger,
    directory,
    accounts: accountReader,
    reader: pools.reads,
    catalog,
    history,
    nextId: nextUuid,
    providers: parts.billing.providers,
    limits,
    publicUrl,
    allowedOrigins,
    onError: parts.onError,
  };
}

function createBalances({ pools, ledger, accountReader, catalog, reach, quoteSecret }: ResolverParts): BalanceResolver {
  return new BalanceResolver({
    accounts: accountReader,
    dataSource: pools.entities,
    reader: pools.reads,
    catalog,
    reach,
    quoteSecret,
    ledger,
    crossLevels,
  });
}
