import pg from 'pg';
import { v7 } from 'uuid';
import { refundIdOf } from '../billing/fulfil.js';
import { ledgerTypes } from '../db/ledger-types.js';
import { openConnection } from '../db/connect.js';
import { WRITER_SETTINGS } from '../ledger/writer/lane-connection.js';
import type { Command } from '../ledger/core/commands.js';
import type { Ledger } from '../ledger/core/ledger.js';
import {
  clock,
  commit,
  extend,
  grant,
  keyed,
  release,
  reserve,
  reservationIdOf,
  SERVICE,
  setBudget,
  type TestLedger,
} from './test-ledger.js';
import { paidFact, purchase, settle } from './test-purchases.js';

/** A statement as the ledger sent it. */
export interface SentStatement {
  readonly name: string;
  readonly text: string;
  /** In binary. */
  readonly values?: readonly Buffer[];
}

/** A writer's connection that remembers each statement it sends, once. */
export class RecordingClient extends pg.Client {
  constructor(config: pg.ClientConfig, sent: Map<string, SentStatement>) {
    super(config);
    const query = this.query.bind(this) as (argument: string | SentStatement) => Promise<pg.QueryResult>;
    this.query = ((argument: string | SentStatement) => {
      if (typeof argument !== 'string') sent.set(argument.text, argument);
      return query(argument);
    }) as typeof this.query;
  }
}

/**
 * Makes a writer send every statement it has, in every usual shape: single commands and batches, creations, repeats, refusals, ends.
 *
 * @returns the statements by their text, and the accounts that were used
 */
export async function recordStatements(
  books: TestLedger,
): Promise<{ readonly sent: ReadonlyMap<string, SentStatement>; readonly accounts: readonly string[] }> {
  const sent = new Map<string, SentStatement>();
  const accounts: string[] = [];
  for (const [sandbox, together] of [
    [true, false],
    [true, true],
    [false, false],
    [false, true],
  ] as const) {
    const ledger = books.another({ lanes: 1, connect: (config) => new RecordingClient(config, sent) });
    const one = await books.open('ENTERPRISE', { sandbox });
    const other = await books.open('PRO', { sandbox });
    accounts.push(one, other);
    const run = async (commands: readonly Command[]) => {
      if (together) return Promise.all(commands.map((command) => ledger.submit(command)));
      const outcomes = [];
      for (const command of commands) outcomes.push(await ledger.submit(command));
      return outcomes;
    };
    const holds = (
      await run(
        [one, other, one, other, one].flatMap((account) => [
          reserve(account, { 'image.short': 1 }),
          reserve(account, { 'content.generate': 1 }),
        ]),
      )
    ).map(reservationIdOf);
    const of = (index: number): string => holds[index] as string;
    await run([
      commit(one, of(0), { amount: 2, final: false }),
      commit(one, of(0)),
      commit(other, of(2), { key: 'again' }),
      commit(other, of(2), { key: 'again' }),
      release(one, of(4)),
      extend(other, of(6), 7200),
      grant(one, 20, { creditType: 'SCAN' }),
      grant(other, 20, { key: 'short', expiresAt: sandbox ? Date.UTC(2026, 0, 1, 1) : Date.UTC(2100, 0, 1) }),
      reserve(one, { deep_scan: 1 }, { spend: true, project: 'spring' }),
      reserve(other, { 'video.long': 50 }),
      {
        type: 'create',
        accountId: `${one.slice(0, -1)}${one.endsWith('0') ? '1' : '0'}`,
        actor: SERVICE,
        externalId: null,
        name: 'New',
        plan: 'FREE',
        timeZone: 'UTC',
        billingAnchor: null,
        sandbox,
        now: sandbox ? 0 : null,
      },
    ]);
    const bought = purchase(other, 'pack.200');
    await run([bought]);
    await run([settle(other, bought.purchaseId, paidFact({ priceMinor: 3200, currency: 'USD' }, 'pay_1'))]);
    await run([settle(other, bought.purchaseId, paidFact({ priceMinor: 3200, currency: 'USD' }, 'pay_2'))]);
    await run([{ type: 'send-refund', accountId: other, actor: SERVICE, refundId: refundIdOf('pay_2'), ref: 're_1' }]);
    const ordered = { id: v7(), provider: 'sandbox', returnUrl: null } as const;
    const asked = {
      type: 'change-plan',
      accountId: other,
      actor: SERVICE,
      plan: 'ENTERPRISE',
      payment: ordered,
    } as const;
    await run([{ ...asked, keyed: keyed('change-plan', ordered.id, { plan: asked.plan }) }]);
    const settled = { type: 'settle-plan', accountId: other, actor: SERVICE, planPaymentId: ordered.id } as const;
    await run([{ ...settled, fact: { is: 'canceled' }, refundId: ordered.id }]);
    await run([setBudget(one, v7(), { eachMember: true }), setBudget(other, v7())]);
    await run([reserve(one, { 'image.short': 1 }, { member: 'anna' }), reserve(other, { 'image.short': 1 })]);
    await run([reserve(one, { 'image.short': 1 }, { member: 'anna' }), reserve(one, { 'image.short': 1 })]);
    // Budgets and tallies come with accounts that another writer changed.
    await books.ledger.submit(reserve(one, { 'image.short': 1 }));
    const budgetId = v7();
    await run([setBudget(one, budgetId, { limit: 7 })]);
    for (const _ of ['removed', 'again'])
      await run([{ type: 'remove-budget', accountId: one, actor: SERVICE, budgetId }]);
    if (sandbox)
      await run([clock(one, Date.UTC(2026, 0, 1, 2)), clock(other, Date.UTC(2026, 2, 1)), commit(one, of(8))]);
    if (sandbox) await run([grant(other, 20, { key: 'short', expiresAt: Date.UTC(2026, 0, 1, 1) })]);
    await run([
      reserve(one, { 'regeneration.basic': 3 }, { spend: true }),
      reserve(other, { 'regeneration.basic': 3 }, { spend: true }),
    ]);
    if (sandbox && !together) await spendMuch(books, ledger);
    await ledger.close();
  }
  return { sent, accounts };
}

/** Twenty-five hours of spend, the last of them far above the usual, and a commit after it. */
async function spendMuch(books: TestLedger, ledger: Ledger): Promise<void> {
  const account = await books.open('FREE', { now: 0 });
  await ledger.submit(grant(account, 10_000, { key: 'hours' }));
  for (const [hour, quantity] of [...Array<number>(24).fill(1), 100, 1].entries()) {
    await ledger.submit(clock(account, hour * 3_600_000));
    await ledger.submit(reserve(account, { 'regeneration.basic': quantity }, { spend: true }));
  }
}

interface PathNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PathNode[];
}

async function explain(client: pg.Client, how: string, statement: Pick<SentStatement, 'text'>): Promise<PathNode> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: PathNode }[] }>(
    `EXPLAIN (${how}, FORMAT JSON) ${statement.text}`,
  );
  const found = rows[0]?.['QUERY PLAN'][0];
  if (!found) throw new Error(`no explanation of ${statement.text}`);
  return found.Plan;
}

function* nodes(node: PathNode): Generator<PathNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodes(child);
}

const LED_BY_ACCOUNT = /account_id|idempotency_key/;
const ACCOUNT_TABLES: ReadonlySet<string> = new Set([
  'account',
  'ledger_account',
  'credit_grant',
  'reservation',
  'journal',
  'event',
  'usage_day',
  'account_due',
  'waiting_credits',
  'audit_entry',
  'closed_period',
  'budget',
  'budget_tally',
  'spending',
]);

/**
 * Explains every statement as a writer's connection would, without looking at values, and finds those that would read more than the
 * rows of the accounts they are about: whatever reads a table of accounts must do so by an index that the account or the key leads.
 */
export async function findBadPaths(url: string, sent: ReadonlyMap<string, SentStatement>): Promise<readonly string[]> {
  const { client } = await openConnection({
    databaseUrl: url,
    applicationName: 'access paths',
    settings: WRITER_SETTINGS,
    types: ledgerTypes,
  });
  const bad: string[] = [];
  try {
    for (const statement of sent.values()) {
      for (const node of nodes(await explain(client, 'GENERIC_PLAN', statement))) {
        const table = node['Relation Name'];
        if (node['Node Type'] === 'ModifyTable' || table === undefined || !ACCOUNT_TABLES.has(table)) continue;
        // A bitmap heap scan's condition stands at the index scan below it.
        const condition =
          node['Index Cond'] ?? [...nodes(node)].map((below) => below['Index Cond']).find(Boolean) ?? '';
        if (node['Node Type'] === 'Seq Scan' || !LED_BY_ACCOUNT.test(condition))
          bad.push(`${statement.name}: ${node['Node Type']} of ${table} by (${condition})`);
      }
    }
  } finally {
    await client.end();
  }
  return bad;
}

/** Blocks that each reading statement really touches, with the values it was sent with. */
export async function countBlocks(
  url: string,
  sent: ReadonlyMap<string, SentStatement>,
): Promise<ReadonlyMap<string, number>> {
  const { client } = await openConnection({
    databaseUrl: url,
    applicationName: 'access paths',
    settings: WRITER_SETTINGS,
    types: ledgerTypes,
  });
  const blocks = new Map<string, number>();
  try {
    for (const { name, text, values = [] } of sent.values()) {
      if (text.includes('ledger.write') || text.includes('feed_lock')) continue;
      await client.query('BEGIN');
      const types = new Map([...text.matchAll(/\$(\d+)::(\w+\[\])/g)].map(([, at, type]) => [Number(at), type ?? '']));
      const typeOf = (index: number): string => types.get(index + 1) ?? 'text';
      const given: string[] = [];
      for (const [index, value] of values.entries()) {
        const read = `SELECT ($1::${typeOf(index)})::text AS literal`;
        const { rows } = await client.query<{ literal: string }>(read, [value]);
        given.push(pg.escapeLiteral(rows[0]?.literal ?? ''));
      }
      const inBrackets = (inside: readonly string[]) => (inside.length > 0 ? `(${inside.join(', ')})` : '');
      await client.query(`PREPARE asked${inBrackets(values.map((_, index) => typeOf(index)))} AS ${text}`);
      const node = await explain(client, 'ANALYZE, BUFFERS', { text: `EXECUTE asked${inBrackets(given)}` });
      blocks.set(name, (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0));
      await client.query('DEALLOCATE asked');
      await client.query('ROLLBACK');
    }
  } finally {
    await client.end();
  }
  return blocks;
}

/**
 * Fills the tables with copies of an account under other ids, until the largest have about so many rows, and gathers statistics.
 */
export async function multiplyAccount(url: string, accountId: string, rows: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Copies of right rows are right; what guards rows from people need not look at a million of them.
    await client.query(`SET session_replication_role = replica; SET synchronous_commit = off`);
    for (const table of ACCOUNT_TABLES) {
      const { rows: counted } = await client.query<{ n: string }>(
        `SELECT count(*) AS n FROM ${table} WHERE account_id = $1`,
        [accountId],
      );
      const own = Number(counted[0]?.n);
      if (own === 0) continue;
      const { rows: columns } = await client.query<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 AND column_name <> 'account_id'`,
        [table],
      );
      const names = columns.map(({ name }) => name).join(', ');
      await client.query(
        `INSERT INTO ${table} (account_id, ${names}) SELECT lpad(to_hex(n), 32, '0')::uuid, ${names} FROM ${table} t, generate_series(1, ${Math.ceil(rows / own)}) n WHERE t.account_id = '${accountId}'`,
      );
    }
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}
