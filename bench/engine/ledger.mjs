/** The product's ledger in this process, put together as the server does it, and its commands as the API makes them. */
import { randomUUID } from 'node:crypto';
import { catalogEntities } from '../../server/dist/catalog/catalog-entities.js';
import { CatalogStore } from '../../server/dist/catalog/catalog-store.js';
import { seedCatalog } from '../../server/dist/catalog/seed-catalog.js';
import { createDataSource } from '../../server/dist/db/data-source.js';
import { migrate } from '../../server/dist/db/migrate.js';
import { migrations } from '../../server/dist/db/migrations.js';
import { createDecisionRules } from '../../server/dist/decision-rules.js';
import { openLedger } from '../../server/dist/ledger/writer/open-ledger.js';
import { operationsFor } from '../load.mjs';

/** Ids as the product makes them. */
const { nextId } = createDecisionRules(() => null);

const ACTOR = { name: 'service:bench', member: 'bench', closesAny: true };
const SEED = { name: 'operator:bench', member: 'bench', closesAny: true };
const YEAR_MS = 365 * 86_400_000;

/** Opens the ledger over a database; `prepare` migrates it and seeds the catalogue first. */
export async function openEngine({ connectionString, prepare, connect }) {
  if (prepare) await migrate(connectionString, migrations);
  const source = await createDataSource({ url: connectionString, entities: catalogEntities }).initialize();
  if (prepare) await seedCatalog(source);
  const catalog = await CatalogStore.open(source);
  const ledger = openLedger({
    connection: { connectionString },
    rules: createDecisionRules(() => catalog.current),
    // On a busy machine what is seeded waits long, and may.
    deadlineMs: 60_000,
    onError: (error, what) => process.stderr.write(`${what}: ${error instanceof Error ? error.stack : error}\n`),
    ...(connect ? { connect } : {}),
  });
  return {
    ledger,
    async close() {
      await ledger.close();
      catalog.close();
      await source.destroy();
    },
  };
}

/**
 * Creates live accounts and returns their ids.
 *
 * @param of  what each of them is made with instead of the usual: ENTERPRISE, anchored now
 */
export async function createAccounts(ledger, count, of = () => ({})) {
  const ids = Array.from({ length: count }, () => nextId());
  await inSlices(ids, (accountId, at) =>
    submitTo(ledger, {
      type: 'create',
      accountId,
      actor: SEED,
      externalId: null,
      name: `Bench ${at}`,
      plan: 'ENTERPRISE',
      timeZone: 'UTC',
      billingAnchor: null,
      sandbox: false,
      now: null,
      ...of(at),
    }),
  );
  return ids;
}

async function submitTo(ledger, command) {
  const outcome = await ledger.submit(command);
  if (outcome.kind === 'refused' || outcome.kind === 'notFound') throw new Error(JSON.stringify(outcome));
}

/** Creates accounts on ENTERPRISE and grants them what the peers' accounts have; returns their ids. */
export async function seedAccounts(ledger, count) {
  const ids = await createAccounts(ledger, count);
  for (const [source, credits, expiresAt] of [
    ['PROMOTION', 1_000_000_000, Date.now() + YEAR_MS],
    ['BONUS', 1_000, null],
  ]) {
    await inSlices(ids, (accountId) => {
      const input = { accountId, source, credits };
      return submitTo(ledger, {
        type: 'grant',
        accountId,
        actor: SEED,
        keyed: { key: randomUUID(), scope: 'grant|server', input },
        grantId: nextId(),
        credits,
        creditType: 'STANDARD',
        source,
        expiresAt,
        reason: 'Bench.',
      });
    });
  }
  return ids;
}

/** More at once would overrun the ledger's queue, which is bounded. */
async function inSlices(ids, work) {
  for (let from = 0; from < ids.length; from += 2_000)
    await Promise.all(ids.slice(from, from + 2_000).map((id, at) => work(id, from + at)));
}

/** Reserve, then commit, as the API would submit them. */
export async function pairOn(ledger, accountId, halfway) {
  const operations = operationsFor();
  const reservationId = nextId();
  const input = {
    accountId,
    quoteToken: null,
    operations,
    ttlSeconds: 900,
    project: 'bench',
    member: null,
    reference: null,
  };
  expectReservation(
    await ledger.submit({
      type: 'reserve',
      accountId,
      actor: ACTOR,
      keyed: { key: randomUUID(), scope: 'reserve|server', input },
      reservationId,
      quote: null,
      operations,
      ttlSeconds: 900,
      project: 'bench',
      member: null,
      reference: null,
      spend: false,
    }),
  );
  halfway();
  const commit = { reservationId, amount: null, operations: null, final: true, outcome: 'SUCCEEDED', policy: 'REJECT' };
  expectReservation(
    await ledger.submit({
      type: 'commit',
      accountId,
      actor: ACTOR,
      keyed: { key: randomUUID(), scope: 'commit|server', input: commit },
      ...commit,
    }),
  );
}
function expectReservation(outcome) {
  if (outcome.kind !== 'reservation' || outcome.replayed) throw new Error(JSON.stringify(outcome));
}
