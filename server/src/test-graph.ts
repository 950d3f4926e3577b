import pg from 'pg';
import { v7 } from 'uuid';
import { formatId } from '@aibc/shared/ids';
import { AccountDirectory } from './accounts/account-directory.js';
import { AccountEntity, ExternalAccountEntity } from './accounts/account.entity.js';
import { AccountsResolver, ViewerAccountsResolver } from './accounts/accounts.resolver.js';
import { crossLevels } from './alerts/cross-levels.js';
import { buildApiSchema } from './api/api-schema.js';
import type { ResolverInstances } from './api/api-schema.js';
import { GraphQLEngine } from './api/graphql-engine.js';
import { maskError } from './api/mask-error.js';
import { ApiKeyEntity } from './auth/api-key.entity.js';
import { SCOPES } from './auth/caller.js';
import type { Caller, Role } from './auth/caller.js';
import { CatalogResolver } from './catalog/catalog.resolver.js';
import { createDataSource } from './db/data-source.js';
import { ledgerTypes } from './db/ledger-types.js';
import { BalanceResolver } from './ledger/balance.resolver.js';
import { CreditGrantEntity } from './ledger/credit-grant.entity.js';
import { JournalEntity } from './ledger/journal.entity.js';
import { LedgerAccounts } from './ledger/ledger-accounts.js';
import { LedgerResolver } from './ledger/ledger.resolver.js';
import { AccountReader } from './ledger/read-account.js';
import { ReservationEntity } from './ledger/reservation.entity.js';
import { createTestLedger } from './test-ledger.js';
import type { TestLedger } from './test-ledger.js';
import { UsageDayEntity } from './usage/usage-day.entity.js';
import { UsageResolver } from './usage/usage.resolver.js';

const ENTITIES = [
  AccountEntity,
  ExternalAccountEntity,
  ApiKeyEntity,
  CreditGrantEntity,
  JournalEntity,
  ReservationEntity,
  UsageDayEntity,
];

/** An answer's data, loosely typed, and the errors as callers see them. */
export interface Answer {
  // What a test asks for it knows the shape of.
  readonly data: Record<string, never> | null;
  readonly errors: readonly { code: unknown; field: unknown; path: string | undefined }[];
}

/** The API's schema and resolvers over a real ledger and database, asked without a door in between. For tests. */
export interface TestGraph extends TestLedger {
  ask(caller: Caller | null, document: string, variables?: Record<string, unknown>): Promise<Answer>;
}

/** A service that sees every account of the sandbox. */
export const PLATFORM = callerOf('service', 'platform', 'all');
export const OPERATOR = callerOf('operator', 'olga', 'all');

export function userOf(id: string, accounts: Record<string, Role>): Caller {
  return callerOf('user', id, new Map(Object.entries(accounts)));
}

export function callerOf(kind: Caller['kind'], id: string, accounts: Caller['accounts']): Caller {
  return {
    kind,
    id,
    name: id,
    scopes: new Set(SCOPES),
    accounts,
    sides: kind === 'operator' ? ['sandbox', 'live'] : ['sandbox'],
    keyId: null,
    expiresAt: null,
  };
}

export const accountIdOf = (uuid: string): string => formatId('acct', uuid);

export async function createTestGraph(): Promise<TestGraph> {
  const test = await createTestLedger();
  const dataSource = await createDataSource({ url: test.url, entities: ENTITIES }).initialize();
  const reader = new pg.Pool({
    connectionString: test.url,
    types: ledgerTypes,
    options: '-c TimeZone=UTC -c statement_timeout=5000',
  });
  const { ledger } = test;
  const catalog = () => test.catalog;
  const quoteSecret = Buffer.alloc(32, 7);
  const directory = new AccountDirectory(dataSource);
  const accountReader = new AccountReader({ reader, ledger });
  const accounts = new LedgerAccounts({ dataSource, directory, reader: accountReader, ledger, catalog, nextId: v7 });
  const instances: ResolverInstances = new Map<never, never>([
    [AccountsResolver, new AccountsResolver({ accounts, directory, dataSource })],
    [ViewerAccountsResolver, new ViewerAccountsResolver({ accounts, directory })],
    [CatalogResolver, new CatalogResolver({ catalog, clock: Date.now })],
    [BalanceResolver, new BalanceResolver({ accounts: accountReader, dataSource, catalog, quoteSecret, crossLevels })],
    [LedgerResolver, new LedgerResolver({ ledger, directory, catalog, quoteSecret, nextId: v7 })],
    [UsageResolver, new UsageResolver({ accounts: accountReader, dataSource })],
  ] as never);
  const engine = new GraphQLEngine(await buildApiSchema(instances));
  return {
    ...test,
    async ask(caller, source, variables = {}) {
      const prepared = engine.prepare({ document: engine.parse(source), variables, mayIntrospect: true });
      const result =
        'errors' in prepared ? prepared : await engine.execute(prepared.ready, { caller, requestId: 'request' });
      const errors = (result.errors ?? []).map((error) => {
        const { formatted, isInternal } = maskError(error, 'request');
        if (isInternal) throw error.originalError ?? error;
        return {
          code: formatted.extensions?.['code'],
          field: formatted.extensions?.['field'],
          path: formatted.path?.join('.'),
        };
      });
      return { data: 'data' in result ? ((result.data ?? null) as never) : null, errors };
    },
    async close() {
      await dataSource.destroy();
      await reader.end();
      await test.close();
    },
  };
}
