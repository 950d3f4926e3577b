import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import type { PubSub } from 'type-graphql';
import { LevelsResolver } from '../alerts/levels.resolver.js';
import { AuditResolver } from '../accounts/audit.resolver.js';
import { AccountsResolver, ViewerAccountsResolver } from '../accounts/accounts.resolver.js';
import { AuthResolver } from '../auth/auth.resolver.js';
import { PurchasesResolver } from '../billing/purchases.resolver.js';
import { BudgetsResolver, BudgetUsesResolver } from '../budgets/budgets.resolver.js';
import { TopUpResolver } from '../billing/top-up.resolver.js';
import { CatalogResolver } from '../catalog/catalog.resolver.js';
import { PlanChangeResolver } from '../billing/plan-change.resolver.js';
import { BalanceResolver } from '../ledger/graph/balance.resolver.js';
import { LedgerResolver } from '../ledger/graph/ledger.resolver.js';
import { ReservationResolver } from '../ledger/graph/reservation.resolver.js';
import { LiveResolver } from '../live/live.resolver.js';
import { ReadingResolver } from '../live/reading.resolver.js';
import { MailResolver } from '../mail/mail.resolver.js';
import { PricesResolver } from '../prices/prices.resolver.js';
import { StatementsResolver } from '../statements/statements.resolver.js';
import { ForesightResolver } from '../usage/foresight.resolver.js';
import { MembersResolver } from '../usage/members.resolver.js';
import { UsageResolver } from '../usage/usage.resolver.js';

/** Every resolver class of the API. */
const RESOLVERS = [
  AccountsResolver,
  ViewerAccountsResolver,
  AuditResolver,
  AuthResolver,
  BudgetsResolver,
  BudgetUsesResolver,
  CatalogResolver,
  BalanceResolver,
  LedgerResolver,
  ReservationResolver,
  LevelsResolver,
  PricesResolver,
  LiveResolver,
  ReadingResolver,
  MailResolver,
  PlanChangeResolver,
  PurchasesResolver,
  TopUpResolver,
  StatementsResolver,
  UsageResolver,
  MembersResolver,
  ForesightResolver,
] as const;

type ResolverClass = (typeof RESOLVERS)[number];

/** The resolvers of one application, each made with what it needs. */
export type ResolverInstances = ReadonlyMap<ResolverClass, InstanceType<ResolverClass>>;

/** type-graphql requires a bus for events. It is never used: `live/` feeds the subscriptions. */
const UNUSED_BUS: PubSub = {
  publish: () => {
    throw new Error('Nothing is published here');
  },
  subscribe: () => {
    throw new Error('Subscriptions have feeds of their own');
  },
};

/**
 * The schema of the API, with resolvers that answer from `instances`; without them it can be read, not asked.
 *
 * Arguments are checked by the schema's types and by the use cases, not by decorators. That the schema is sound, a test says
 * (`emit-schema.test.ts`), so that no start spends a fifth of a second of processor time on it.
 */
export function buildApiSchema(instances: ResolverInstances = new Map()): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [...RESOLVERS],
    container: {
      get: (type: ResolverClass) => {
        const found = instances.get(type);
        if (found === undefined) throw new Error(`There is no ${type.name} in this application`);
        return found;
      },
    },
    pubSub: UNUSED_BUS,
    validate: false,
    skipCheck: true,
    nullableByDefault: false,
  });
}
