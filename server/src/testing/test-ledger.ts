import { v7 } from 'uuid';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { appendPriceList } from '../catalog/append-price-list.js';
import { catalogEntities } from '../catalog/catalog-entities.js';
import { loadCatalog } from '../catalog/load-catalog.js';
import { seedCatalog } from '../catalog/seed-catalog.js';
import type { Catalog, CreditType, PlanCode } from '../catalog/catalog.js';
import { createDataSource } from '../db/data-source.js';
import { ISO_IN_UTC, ledgerTypes } from '../db/ledger-types.js';
import { createTestDatabase } from '../db/test-database.js';
import { createDecisionRules } from '../decision-rules.js';
import type { Actor, Keyed } from '../ledger/core/command.js';
import type { CommitCommand } from '../ledger/core/commands/commit.js';
import type { BudgetAsked, SetBudgetCommand } from '../ledger/core/commands/set-budget.js';
import type { ReserveCommand } from '../ledger/core/commands/reserve.js';
import type { Ledger } from '../ledger/core/ledger.js';
import { type LedgerOptions, openLedger } from '../ledger/writer/open-ledger.js';
import type { Outcome } from '../ledger/core/outcome.js';

export const SERVICE: Actor = { name: 'service:test', member: 'test', closesAny: true };

/** A ledger over a database of its own, with the seeded catalogue and short ways to say commands. For tests. */
export interface TestLedger {
  readonly url: string;
  readonly ledger: Ledger;
  readonly catalog: Catalog;
  readonly pool: pg.Pool;
  /** A second writer over the same database, as another process would be. */
  another(options?: Partial<LedgerOptions>): Ledger;
  open(
    plan: PlanCode,
    options?: { sandbox?: boolean; now?: number; billingAnchor?: number; timeZone?: string },
  ): Promise<string>;
  close(): Promise<void>;
}

export function keyed(scope: string, key: string, input: Record<string, unknown>): Keyed {
  return { key, scope: `${scope}|server`, input };
}

type ReserveOptions = Partial<Omit<ReserveCommand, 'type' | 'keyed' | 'accountId' | 'operations'>> & { key?: string };

/** `reserve(account, {'image.short': 2})`: a reserve command at today's prices. */
export function reserve(
  accountId: string,
  operations: Record<string, number>,
  options: ReserveOptions = {},
): ReserveCommand {
  const { key = v7(), ...rest } = options;
  const lines = Object.entries(operations).map(([operation, quantity]) => ({ operation, quantity }));
  const spend = options.spend ?? false;
  return {
    type: 'reserve',
    accountId,
    actor: SERVICE,
    keyed: keyed(spend ? 'spend' : 'reserve', key, { operations: lines, ttlSeconds: options.ttlSeconds ?? 900 }),
    reservationId: v7(),
    quote: null,
    operations: lines,
    ttlSeconds: 900,
    project: null,
    member: null,
    reference: null,
    spend,
    ...rest,
  };
}

type CommitOptions = Partial<Omit<CommitCommand, 'type' | 'keyed' | 'accountId' | 'reservationId'>> & { key?: string };

export function commit(accountId: string, reservationId: string, options: CommitOptions = {}): CommitCommand {
  const { key = v7(), ...rest } = options;
  return {
    type: 'commit',
    accountId,
    actor: SERVICE,
    keyed: keyed('commit', key, { reservationId, ...rest }),
    reservationId,
    amount: null,
    operations: null,
    final: true,
    outcome: 'SUCCEEDED',
    policy: 'REJECT',
    ...rest,
  };
}

export function add(
  accountId: string,
  reservationId: string,
  lines: Readonly<Record<string, number>>,
  key: string = v7(),
) {
  const operations = Object.entries(lines).map(([operation, quantity]) => ({ operation, quantity }));
  return {
    type: 'add',
    accountId,
    actor: SERVICE,
    keyed: keyed('add', key, { reservationId, quoteToken: null, operations }),
    reservationId,
    quote: null,
    operations,
  } as const;
}

export function release(accountId: string, reservationId: string, key: string = v7()) {
  return {
    type: 'release',
    accountId,
    actor: SERVICE,
    keyed: keyed('release', key, { reservationId }),
    reservationId,
  } as const;
}

export function extend(accountId: string, reservationId: string, ttlSeconds: number, key: string = v7()) {
  return {
    type: 'extend',
    accountId,
    actor: SERVICE,
    keyed: keyed('extend', key, { reservationId, ttlSeconds }),
    reservationId,
    ttlSeconds,
  } as const;
}

export function grant(
  accountId: string,
  credits: number,
  options: { expiresAt?: number; creditType?: CreditType; key?: string } = {},
) {
  const { expiresAt = null, creditType = 'STANDARD', key = v7() } = options;
  return {
    type: 'grant',
    accountId,
    actor: { name: 'operator:test', member: 'test', closesAny: true },
    keyed: keyed('grant', key, { credits, creditType, expiresAt }),
    grantId: v7(),
    credits,
    creditType,
    source: 'PROMOTION',
    expiresAt,
    reason: 'test',
  } as const;
}

/** A hard budget of the whole account for its period, unless said otherwise. */
export function setBudget(
  accountId: string,
  newId: string,
  { key = v7(), changes = null, ...terms }: Partial<BudgetAsked> & { key?: string; changes?: string | null } = {},
): SetBudgetCommand {
  const budget: BudgetAsked = {
    name: 'test',
    creditType: 'STANDARD',
    project: null,
    member: null,
    eachMember: false,
    feature: null,
    type: null,
    window: 'PERIOD',
    limit: 1_000,
    hard: true,
    setAside: false,
    ...terms,
  };
  return {
    type: 'set-budget',
    accountId,
    actor: SERVICE,
    keyed: keyed('set-budget', key, { id: changes, ...budget }),
    changes,
    newId,
    budget,
  };
}

export function clock(accountId: string, to: number) {
  return { type: 'clock', accountId, actor: SERVICE, to } as const;
}

export function advance(accountId: string) {
  return { type: 'advance', accountId, actor: SERVICE } as const;
}

/** The reservation's id of a receipt; throws for any other answer. */
export function reservationIdOf(outcome: Outcome): string {
  if (outcome.kind !== 'reservation') throw new Error(`no reservation: ${JSON.stringify(outcome)}`);
  return outcome.reservation.id;
}

/** Price list 2, in force from 2190 on: image.short at 4 credits, for quotes that were made on another list than the one in force. */
async function publishCheaperList(dataSource: DataSource): Promise<void> {
  const { priceLists } = await loadCatalog(dataSource);
  const prices = new Map([...(priceLists[0]?.operations ?? [])].map(([code, { credits }]) => [code, credits]));
  const list = { version: 2, effectiveAt: Date.UTC(2190, 0, 1), prices: prices.set('image.short', 4) };
  await dataSource.transaction((manager) => appendPriceList(manager, list));
}

export async function createTestLedger(options: Partial<LedgerOptions> = {}): Promise<TestLedger> {
  const database = await createTestDatabase();
  const dataSource = await createDataSource({ url: database.url, entities: catalogEntities }).initialize();
  await seedCatalog(dataSource);
  await publishCheaperList(dataSource);
  const catalog = await loadCatalog(dataSource);
  await dataSource.destroy();
  const pool = new pg.Pool({ connectionString: database.url, types: ledgerTypes, options: ISO_IN_UTC, max: 4 });
  const opened: Ledger[] = [];
  const another = (more: Partial<LedgerOptions> = {}): Ledger => {
    const ledger = openLedger({
      connection: { connectionString: database.url },
      rules: createDecisionRules(() => catalog),
      onError: (error, what) =>
        process.stderr.write(`${what}: ${error instanceof Error ? error.stack : String(error)}\n`),
      ...options,
      ...more,
    });
    opened.push(ledger);
    return ledger;
  };
  const ledger = another();
  return {
    url: database.url,
    ledger,
    catalog,
    pool,
    another,
    async open(plan, { sandbox = true, now, billingAnchor, timeZone = 'UTC' } = {}) {
      const accountId = v7();
      const outcome = await ledger.submit({
        type: 'create',
        accountId,
        actor: SERVICE,
        externalId: null,
        name: 'Test',
        plan,
        timeZone,
        billingAnchor: billingAnchor ?? null,
        sandbox,
        now: sandbox ? (now ?? Date.UTC(2026, 0, 1)) : null,
      });
      if (outcome.kind !== 'account') throw new Error(`not opened: ${JSON.stringify(outcome)}`);
      return accountId;
    },
    async close() {
      await Promise.all(opened.map((one) => one.close()));
      await pool.end();
      await database.drop();
    },
  };
}
