import { crossLevels } from './alerts/cross-levels.js';
import type { Catalog } from './catalog/catalog.js';
import type { CatalogStore } from './catalog/catalog-store.js';
import type { ProcessMetrics } from './api/process-metrics.js';
import type { FindAccount } from './auth/create-api-key.js';
import { poolOf } from './db/data-source.js';
import type { History } from './db/history.js';
import type { ServerTurns } from './db/server-turns.js';
import type { Unwinding } from './kit/unwinding.js';
import type { AccountReader } from './ledger/graph/read-account.js';
import type { OpenLedger } from './ledger/writer/open-ledger.js';
import { Live } from './live/live.js';
import { LiveQuotes } from './live/live-quotes.js';
import { LiveHolds, type LiveHoldsOptions } from './live/live-holds.js';
import type { Notices } from './notices.js';
import type { Pools } from './open-pools.js';

/** What subscribers are told, from memory and by other processes. */
export interface Feeds {
  readonly live: Live;
  readonly liveHolds: LiveHolds;
  readonly liveQuotes: LiveQuotes;
}

/** What it is opened for. */
interface LiveOwner {
  /** Migrated. */
  readonly databaseUrl: string;
  readonly unwinding: Unwinding;
  readonly notices: Notices;
  readonly metrics: ProcessMetrics;
}

interface LiveParts {
  readonly ledger: OpenLedger;
  readonly history: History;
  readonly turns: ServerTurns;
  readonly cursorSecret: Buffer;
  readonly pools: Pools;
  readonly findAccount: FindAccount;
  readonly accountReader: AccountReader;
  readonly catalog: () => Catalog;
  readonly catalogStore: CatalogStore;
  readonly quoteSecret: Buffer;
}

/** Live delivery, which listens to other processes from now on, and the figures of all that runs. */
export async function openLive(
  { databaseUrl, unwinding, notices, metrics }: LiveOwner,
  parts: LiveParts,
): Promise<Feeds> {
  const { ledger, history, turns, cursorSecret, pools, findAccount, accountReader, catalog, catalogStore } = parts;
  const shared: Omit<LiveHoldsOptions, 'catalog'> = {
    pool: pools.reads,
    history,
    findAccount,
    readAccount: async (accountId) => {
      const [snapshot] = await accountReader.readAll([accountId]);
      if (snapshot === undefined) throw new Error(`Account ${accountId} was watched but is not there`);
      return snapshot.state;
    },
    onError: (error) => notices.failed(error, 'live'),
  };
  const live = new Live({
    ...shared,
    ledger,
    cursorSecret,
    databaseUrl,
    turns,
    onHeard: (reconnects) => notices.heard(reconnects),
    onPushed: (milliseconds) => metrics.pushed(milliseconds),
  });
  const { entities, reads, signIn, reports } = pools;
  metrics.watch({
    lanes: ledger.lanes,
    pools: { entities: poolOf(entities), reads, sign_in: poolOf(signIn), reports: poolOf(reports) },
    doorbell: live.doorbell,
    askDatabase: () => reads.query('SELECT 1'),
  });
  const liveHolds = new LiveHolds({ ...shared, catalog });
  live.follow(liveHolds.holds);
  const liveQuotes = new LiveQuotes({
    ...shared,
    ledger,
    catalog,
    crossLevels,
    accounts: accountReader,
    quoteSecret: parts.quoteSecret,
    reach: (version) => catalogStore.reach(version),
  });
  live.follow(liveQuotes.quotes);
  unwinding.push(catalogStore.onChange(() => liveQuotes.quotes.catalogChanged()));
  await live.start();
  unwinding.push(() => live.close());
  return { live, liveHolds, liveQuotes };
}
