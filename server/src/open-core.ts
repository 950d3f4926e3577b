import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { AccountDirectory } from './accounts/account-directory.js';
import { AccountEntity, ExternalAccountEntity } from './accounts/account.entity.js';
import { AccountsResolver, ViewerAccountsResolver } from './accounts/accounts.resolver.js';
import { crossLevels } from './alerts/cross-levels.js';
import type { ResolverInstances } from './api/api-schema.js';
import type { ProcessMetrics } from './api/process-metrics.js';
import { ApiKeyEntity } from './auth/api-key.entity.js';
import { ApiKeys } from './auth/api-keys.js';
import { AuthResolver } from './auth/auth.resolver.js';
import type { FindAccount } from './auth/create-api-key.js';
import { HeavyReads } from './auth/heavy-reads.js';
import { KeyMakers } from './auth/key-makers.js';
import { readServerSecret } from './auth/server-secrets.js';
import type { Authenticate } from './auth/verify-token.js';
import { createAuthenticator } from './auth/verify-token.js';
import { catalogEntities } from './catalog/catalog-entities.js';
import { CatalogStore } from './catalog/catalog-store.js';
import { catalogAt } from './catalog/catalog.js';
import { CatalogResolver } from './catalog/catalog.resolver.js';
import { seedCatalog } from './catalog/seed-catalog.js';
import { connectionConfig, openPool } from './db/connect.js';
import { createDataSource, poolOf } from './db/data-source.js';
import type { Era } from './db/history.js';
import { History } from './db/history.js';
import { ledgerTypes } from './db/ledger-types.js';
import { sharePool } from './db/pool-shares.js';
import type { Readiness } from './db/readiness.js';
import { dropOnTurn, ServerTurns } from './db/server-turns.js';
import { READER_SETTINGS } from './db/session-settings.js';
import { createDecisionRules } from './decision-rules.js';
import type { Env } from './env.js';
import { nextUuid } from './kit/next-uuid.js';
import type { Unwinding } from './kit/unwinding.js';
import { BalanceResolver } from './ledger/graph/balance.resolver.js';
import { EntryEntity, GrantEntity, ReservationEntity, UsageEntity } from './ledger/rows/entities.js';
import { LedgerAccounts } from './ledger/graph/ledger-accounts.js';
import { LedgerResolver } from './ledger/graph/ledger.resolver.js';
import type { Ledger } from './ledger/core/ledger.js';
import { openLedger } from './ledger/writer/open-ledger.js';
import { AccountReader } from './ledger/graph/read-account.js';
import { Live } from './live/live.js';
import { LiveResolver } from './live/live.resolver.js';
import type { Notices } from './notices.js';
import { openReadiness } from './open-readiness.js';
import { UsageResolver } from './usage/usage.resolver.js';

/** Every table class. */
export const ENTITIES = [
  ...catalogEntities,
  AccountEntity,
  ExternalAccountEntity,
  ApiKeyEntity,
  GrantEntity,
  EntryEntity,
  ReservationEntity,
  UsageEntity,
];

/** The application behind its doors: what decides, keeps, reads and tells. */
export interface Core {
  readonly dataSource: DataSource;
  readonly ledger: Ledger;
  readonly live: Live;
  readonly apiKeys: ApiKeys;
  readonly readiness: Readiness;
  readonly authenticate: Authenticate;
  readonly resolvers: ResolverInstances;
  /** Signs the tokens of a demo. */
  readonly demoSecret: Buffer;
}

interface PoolOptions {
  readonly entities: EntityTarget<ObjectLiteral>[];
  readonly poolSize: number;
  /** Shown by the database beside each connection. */
  readonly name: string;
}

export interface CoreOptions {
  readonly env: Env;
  /** Migrated. */
  readonly databaseUrl: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly unwinding: Unwinding;
  readonly notices: Notices;
  readonly metrics: ProcessMetrics;
  /** Told that a new history of the database began, and why. */
  readonly onHistory: (era: Era, because: string) => void;
}

/** Opens the application over a database, and has it closed again by `unwinding`. */
export async function openCore(options: CoreOptions): Promise<Core> {
  const { env, databaseUrl, clock, unwinding, notices, metrics, onHistory } = options;
  const report = (error: unknown, what?: string): void => notices.failed(error, what);
  const turns = new ServerTurns();
  const shares = sharePool(env.poolSize);
  const openEntities = async ({ name, ...settings }: PoolOptions): Promise<DataSource> => {
    const pool = await createDataSource({ url: databaseUrl, applicationName: name, turns, ...settings }).initialize();
    unwinding.push(() => pool.destroy());
    dropOnTurn(poolOf(pool), turns);
    return pool;
  };
  const dataSource = await openEntities({ entities: ENTITIES, poolSize: shares.entities, name: 'credits' });
  const reader = openPool({
    databaseUrl,
    applicationName: 'credits reads',
    settings: READER_SETTINGS,
    turns,
    types: ledgerTypes,
    max: shares.reads,
    answerMs: 8_000,
  });
  reader.on('error', (error) => report(error, 'read pool'));
  unwinding.push(() => reader.end());
  // Pools of their own: whoever signs in waits for no list, and no list waits for a report.
  const signIn = await openEntities({ entities: [ApiKeyEntity], poolSize: shares.signIn, name: 'credits sign-in' });
  const heavy = await openEntities({ entities: [UsageEntity], poolSize: shares.reports, name: 'credits reports' });

  const history = await History.open({
    pool: reader,
    nextId: nextUuid,
    clock,
    onBegun: onHistory,
  });
  await seedCatalog(dataSource);
  const catalogStore = await CatalogStore.open(dataSource, { onError: (error) => report(error, 'catalogue') });
  unwinding.push(() => catalogStore.close());
  /** As it is now, to be shown; decisions choose by their own instants. */
  const catalog = () => catalogAt(catalogStore.current, clock());
  const reach = (version: number) => catalogStore.reach(version);

  const ledger = openLedger({
    connection: connectionConfig(databaseUrl, 'credits ledger'),
    rules: createDecisionRules(() => catalogStore.current, reach),
    lanes: env.lanes,
    turns,
    onError: report,
    history,
    wrote: (commands, milliseconds) => metrics.batchWritten(commands, milliseconds),
  });
  unwinding.push(() => ledger.close());

  const secretOf = (name: Parameters<typeof readServerSecret>[1]) => readServerSecret(dataSource, name);
  const [pepper, quoteSecret, cursorSecret, demoSecret] = await Promise.all([
    secretOf('api-key-pepper'),
    secretOf('quote-signing'),
    secretOf('cursor-sealing'),
    secretOf('demo-jwt'),
  ]);
  const apiKeys = new ApiKeys({ dataSource: signIn, pepper, clock });
  apiKeys.start();
  unwinding.push(() => apiKeys.stop());
  const keyMakers = new KeyMakers({ dataSource: signIn, apiKeys, onError: (error) => report(error, 'makers of keys') });
  unwinding.push(() => keyMakers.close());
  const { authenticate } = createAuthenticator({
    apiKeys,
    clock,
    jwtSecret: env.auth.jwtSecret === null ? undefined : new TextEncoder().encode(env.auth.jwtSecret),
    jwksUrl: env.auth.jwksUrl === null ? undefined : new URL(env.auth.jwksUrl),
    issuer: env.auth.issuer ?? undefined,
    audience: env.auth.audience ?? undefined,
    onVerified: (caller) => keyMakers.see(caller),
    operatorSubjects: env.auth.operatorSubjects ?? undefined,
    demoSecret: env.demo ? demoSecret : undefined,
    onRefused: (reason) => notices.signInRefused(reason),
    onKeySetFailure: (error) => notices.keySetFailed(error),
  });

  const directory = new AccountDirectory(dataSource);
  unwinding.push(
    history.onChange(() => {
      directory.forget();
      catalogStore.refresh().catch((error: unknown) => report(error, 'catalogue'));
    }),
  );
  const findAccount: FindAccount = (caller, accountId) => directory.findFor(caller, accountId);
  const accountReader = new AccountReader({ reader, ledger, history });
  const accounts = new LedgerAccounts({
    dataSource,
    directory,
    reader: accountReader,
    ledger,
    catalog,
    history,
    nextId: nextUuid,
  });
  const live = new Live({
    ledger,
    pool: reader,
    history,
    cursorSecret,
    databaseUrl,
    turns,
    findAccount,
    readAccount: async (accountId) => {
      const [snapshot] = await accountReader.readAll([accountId]);
      if (snapshot === undefined) throw new Error(`Account ${accountId} was watched but is not there`);
      return snapshot.state;
    },
    onError: (error) => report(error, 'live'),
    onHeard: (reconnects) => notices.heard(reconnects),
    onPushed: (milliseconds) => metrics.pushed(milliseconds),
  });
  metrics.watch({
    lanes: ledger.lanes,
    pools: { entities: poolOf(dataSource), reads: reader, sign_in: poolOf(signIn), reports: poolOf(heavy) },
    doorbell: live.doorbell,
    askDatabase: () => reader.query('SELECT 1'),
  });
  await live.start();
  unwinding.push(() => live.close());

  const resolvers: ResolverInstances = new Map<unknown, unknown>([
    [AccountsResolver, new AccountsResolver({ accounts, directory, dataSource })],
    [ViewerAccountsResolver, new ViewerAccountsResolver({ accounts, directory, history })],
    [
      AuthResolver,
      new AuthResolver({ apiKeys, dataSource, pepper, findAccount, defaultSide: env.demo ? 'sandbox' : 'live' }),
    ],
    [CatalogResolver, new CatalogResolver({ catalog, clock })],
    [
      BalanceResolver,
      new BalanceResolver({ accounts: accountReader, dataSource, catalog, reach, quoteSecret, crossLevels }),
    ],
    [LedgerResolver, new LedgerResolver({ ledger, directory, catalog, history, quoteSecret, nextId: nextUuid })],
    [LiveResolver, new LiveResolver({ live })],
    [UsageResolver, new UsageResolver({ accounts: accountReader, dataSource: heavy, heavyReads: new HeavyReads() })],
  ]) as ResolverInstances;
  const readiness = openReadiness({ databaseUrl, dataSource, turns, unwinding, report });
  return { dataSource, ledger, live, apiKeys, readiness, authenticate, resolvers, demoSecret };
}
