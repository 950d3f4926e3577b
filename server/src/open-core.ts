import type { DataSource } from 'typeorm';
import { AccountDirectory } from './accounts/account-directory.js';
import type { ResolverInstances } from './api/api-schema.js';
import type { ProcessMetrics } from './api/process-metrics.js';
import type { ApiKeys } from './auth/api-keys.js';
import type { FindAccount } from './auth/create-api-key.js';
import { readServerSecret } from './auth/server-secrets.js';
import type { RateLimits } from './auth/rate-limits.js';
import type { IdentityProvider } from './auth/identity-provider.js';
import type { Authenticate } from './auth/verify-token.js';
import { CatalogStore } from './catalog/catalog-store.js';
import { catalogAt } from './catalog/catalog.js';
import { seedCatalog } from './catalog/seed-catalog.js';
import { createResolvers } from './create-resolvers.js';
import { connectionConfig } from './db/connect.js';
import type { Era } from './db/history.js';
import { History } from './db/history.js';
import type { Readiness } from './db/readiness.js';
import { ServerTurns } from './db/server-turns.js';
import { createDecisionRules } from './decision-rules.js';
import type { Env } from './env.js';
import { nextUuid } from './kit/next-uuid.js';
import type { Unwinding } from './kit/unwinding.js';
import type { Ledger } from './ledger/core/ledger.js';
import { AccountReader } from './ledger/graph/read-account.js';
import { openLedger } from './ledger/writer/open-ledger.js';
import type { Mails } from './mail/mails.js';
import type { Notices } from './notices.js';
import type { Billing } from './open-billing.js';
import { openBilling } from './open-billing.js';
import { type Feeds, openLive } from './open-live.js';
import { openMails } from './open-mails.js';
import { openPools } from './open-pools.js';
import { openReadiness } from './open-readiness.js';
import { openSignIn } from './open-sign-in.js';

type Secret = 'pepper' | 'quoteSecret' | 'cursorSecret' | 'demoSecret' | 'mailSecret';

/** The application behind its doors: what decides, keeps, reads and tells. */
export interface Core extends Feeds {
  readonly dataSource: DataSource;
  /** Told when the database is another server than before. */
  readonly turns: ServerTurns;
  readonly ledger: Ledger;
  readonly apiKeys: ApiKeys;
  readonly readiness: Readiness;
  readonly authenticate: Authenticate;
  /** Signs people in; null: they bring a token. */
  readonly provider: IdentityProvider | null;
  readonly resolvers: ResolverInstances;
  readonly billing: Billing;
  readonly mails: Mails;
  /** Signs the tokens of a demo. */
  readonly demoSecret: Buffer;
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
  readonly limits: RateLimits;
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
  /** Origins whose pages may call this server or be led back to, its own among them. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** Told that a new history of the database began, and why. */
  readonly onHistory: (era: Era, because: string) => void;
}

/** Opens the application over a database, and has it closed again by `unwinding`. */
export async function openCore(options: CoreOptions): Promise<Core> {
  const { env, databaseUrl, clock, unwinding, notices, metrics, publicUrl, onHistory } = options;
  const report = (error: unknown, what?: string): void => notices.failed(error, what);
  const turns = new ServerTurns();
  const pools = await openPools({ databaseUrl, poolSize: env.poolSize, turns, unwinding, onError: report });
  const dataSource = pools.entities;
  const history = await History.open({ pool: pools.reads, nextId: nextUuid, clock, onBegun: onHistory });
  await seedCatalog(dataSource);
  const catalogStore = await CatalogStore.open(dataSource, { onError: (error) => report(error, 'catalogue') });
  unwinding.push(() => catalogStore.close());
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

  const { pepper, quoteSecret, cursorSecret, demoSecret, mailSecret } = await readSecrets(dataSource);
  const { apiKeys, authenticate, provider, seenMembers } = openSignIn({
    env,
    dataSource: pools.signIn,
    pepper,
    demoSecret,
    clock,
    unwinding,
    notices,
  });

  const directory = new AccountDirectory(dataSource);
  unwinding.push(
    history.onChange(() => {
      directory.forget();
      catalogStore.refresh().catch((error: unknown) => report(error, 'catalogue'));
    }),
  );
  const findAccount: FindAccount = (caller, accountId) => directory.findFor(caller, accountId);
  const accountReader = new AccountReader({ reader: pools.reads, ledger, history });
  const catalog = () => catalogAt(catalogStore.current, clock());
  const watched = { ledger, history, turns, cursorSecret, pools, findAccount, accountReader, catalog };
  const feeds = await openLive(options, { ...watched, catalogStore, quoteSecret });

  const reads = { dataSource, reader: pools.reads, accounts: accountReader };
  const billing = openBilling({ ...reads, ledger, publicUrl, onError: report, stripe: env.stripe, clock });
  const sent = { ...reads, env, history, secret: mailSecret, publicUrl, clock, unwinding, onError: report };
  const mails = await openMails(sent);
  const kept = { seenMembers, pepper, quoteSecret, catalog };
  const parts = { pools, ledger, live: feeds.live, history, directory, accountReader, apiKeys, findAccount, reach };
  const resolvers = createResolvers({
    ...parts,
    ...kept,
    onError: report,
    isDemo: env.demo,
    billing,
    mails,
    clock,
    limits: options.limits,
    publicUrl,
    allowedOrigins: options.allowedOrigins,
  });
  const readiness = openReadiness({ databaseUrl, dataSource, turns, unwinding, report });
  const core = { dataSource, turns, ledger, apiKeys, authenticate, provider, billing, mails, demoSecret };
  return { ...core, ...feeds, readiness, resolvers };
}

/** What this deployment signs and seals with, kept in the database. */
async function readSecrets(dataSource: DataSource): Promise<Record<Secret, Buffer>> {
  const secretOf = (name: Parameters<typeof readServerSecret>[1]) => readServerSecret(dataSource, name);
  const [pepper, quoteSecret, cursorSecret, demoSecret, mailSecret] = await Promise.all([
    secretOf('api-key-pepper'),
    secretOf('quote-signing'),
    secretOf('cursor-sealing'),
    secretOf('demo-jwt'),
    secretOf('mail-links'),
  ]);
  return { pepper, quoteSecret, cursorSecret, demoSecret, mailSecret };
}
