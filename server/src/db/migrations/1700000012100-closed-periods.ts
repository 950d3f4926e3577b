import { Temporal } from 'temporal-polyfill';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ACCOUNTS_A_FETCH = 200;

/** An account that has had resets, as PostgreSQL answers it: bigint as text. */
interface AccountRow {
  readonly account_id: string;
  readonly plan: string;
  readonly time_zone: string;
  readonly anchor_ms: string;
  readonly anchor_period: number;
  readonly period_number: number;
}

/** A reset, with the first of its rows that is the new period's. */
interface ResetRow {
  readonly account_id: string;
  readonly version: string;
  readonly ordinal: number;
  readonly at_ms: string;
}

/** A group that committed something of a reservation. */
interface PartRow {
  readonly account_id: string;
  readonly version: string;
  readonly reservation_id: string;
  readonly credit_type: 'STANDARD' | 'SCAN';
  readonly lines: string;
  readonly input: string | null;
  readonly committed: string;
}

/**
 * Operations are counted on the account, and each period that ended has a row: where in the journal it ended, on which plan, and how
 * many operations had been done. Entries that sums are made of have an index; reserves, commits and releases are not in it.
 *
 * Periods that ended until now are found in the journal: resets alone ended them, and no account changed its plan. How many operations
 * had been done at a reset is told by the reservations, replayed where one was committed in parts.
 */
export class ClosedPeriods1700000012100 implements MigrationInterface {
  name = 'ClosedPeriods1700000012100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger_account ADD COLUMN standard_operations bigint NOT NULL DEFAULT 0 CHECK (standard_operations >= 0),
        ADD COLUMN scan_operations bigint NOT NULL DEFAULT 0 CHECK (scan_operations >= 0)`);
    await runner.query('LOCK TABLE ledger_account, journal IN SHARE ROW EXCLUSIVE MODE');
    await runner.query(`
      UPDATE ledger_account a SET standard_operations = u.standard, scan_operations = u.scan
      FROM (SELECT account_id, coalesce(sum(operations) FILTER (WHERE credit_type = 'STANDARD'), 0) AS standard,
        coalesce(sum(operations) FILTER (WHERE credit_type = 'SCAN'), 0) AS scan FROM usage_day GROUP BY account_id) u
      WHERE u.account_id = a.account_id`);
    await runner.query(`
      CREATE TABLE closed_period (
        account_id uuid NOT NULL,
        number integer NOT NULL,
        start_at timestamptz NOT NULL,
        end_at timestamptz NOT NULL CHECK (end_at >= start_at),
        plan text NOT NULL,
        version bigint NOT NULL,
        ordinal integer NOT NULL CHECK (ordinal >= 0),
        standard_operations bigint NOT NULL CHECK (standard_operations >= 0),
        scan_operations bigint NOT NULL CHECK (scan_operations >= 0),
        PRIMARY KEY (account_id, number)
      )`);
    await fill(runner);
    await runner.query(`
      CREATE TRIGGER closed_period_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON closed_period
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    await runner.query(`
      CREATE INDEX journal_summed ON journal (account_id, credit_type, version, ordinal) INCLUDE (kind, amount, grant_id)
        WHERE kind IN ('GRANT', 'EXPIRE', 'REFUND', 'REVOKE')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX journal_summed');
    await runner.query('DROP TABLE closed_period');
    await runner.query('ALTER TABLE ledger_account DROP COLUMN standard_operations, DROP COLUMN scan_operations');
  }
}

async function fill(runner: QueryRunner): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const accounts = (await runner.query(
      `SELECT a.account_id, a.plan, a.time_zone, a.anchor_period, a.period_number,
          (extract(epoch FROM a.anchor_at) * 1000)::bigint::text AS anchor_ms
        FROM ledger_account a WHERE a.account_id > $1
          AND EXISTS (SELECT FROM journal j WHERE j.account_id = a.account_id AND j.command = 'reset-period')
        ORDER BY a.account_id LIMIT ${ACCOUNTS_A_FETCH}`,
      [after],
    )) as AccountRow[];
    const last = accounts.at(-1);
    if (last === undefined) return;
    after = last.account_id;
    await fillFor(runner, accounts);
  }
}

async function fillFor(runner: QueryRunner, accounts: readonly AccountRow[]): Promise<void> {
  const ids = accounts.map(({ account_id }) => account_id);
  const resets = (await runner.query(
    `SELECT j.account_id, j.version::text, (extract(epoch FROM min(j.at)) * 1000)::bigint::text AS at_ms,
        coalesce(min(j.ordinal) FILTER (WHERE j.kind = 'GRANT'), count(j.kind)::integer) AS ordinal
      FROM journal j WHERE j.account_id = ANY($1::uuid[]) AND j.command = 'reset-period'
      GROUP BY j.account_id, j.version ORDER BY j.account_id, j.version`,
    [ids],
  )) as ResetRow[];
  const parts = (await runner.query(
    `SELECT j.account_id, j.version::text, j.reservation_id, r.credit_type, r.lines, j.input,
        (SELECT coalesce(sum(c.amount), 0) FROM journal c
          WHERE c.account_id = j.account_id AND c.version = j.version AND c.kind = 'COMMIT')::text AS committed
      FROM journal j JOIN reservation r ON r.account_id = j.account_id AND r.reservation_id = j.reservation_id
      WHERE j.account_id = ANY($1::uuid[]) AND j.version IS NOT NULL AND j.ordinal = 0 AND j.command IN ('commit', 'spend')
      ORDER BY j.account_id, j.version`,
    [ids],
  )) as PartRow[];
  const resetsOf = groupBy(resets);
  const partsOf = groupBy(parts);
  const rows = accounts.flatMap((account) =>
    closedPeriods(account, resetsOf.get(account.account_id) ?? [], partsOf.get(account.account_id) ?? []),
  );
  await runner.query(
    `INSERT INTO closed_period (account_id, number, start_at, end_at, plan, version, ordinal, standard_operations, scan_operations)
      SELECT account_id, number, to_timestamp(start_ms / 1000.0), to_timestamp(end_ms / 1000.0), plan, version, ordinal, standard, scan
      FROM json_to_recordset($1) AS r(account_id uuid, number integer, start_ms numeric, end_ms numeric, plan text, version bigint,
        ordinal integer, standard bigint, scan bigint)`,
    [JSON.stringify(rows)],
  );
}

function groupBy<Item extends { readonly account_id: string }>(items: readonly Item[]): Map<string, Item[]> {
  const grouped = new Map<string, Item[]>();
  for (const item of items) {
    const known = grouped.get(item.account_id);
    if (known) known.push(item);
    else grouped.set(item.account_id, [item]);
  }
  return grouped;
}

/** The rows of the periods that an account's resets ended, the oldest first. */
function closedPeriods(account: AccountRow, resets: readonly ResetRow[], parts: readonly PartRow[]): object[] {
  const done = doneByGroup(parts);
  let next = 0;
  const operations = { STANDARD: 0, SCAN: 0 };
  const anchor = Temporal.Instant.fromEpochMilliseconds(Number(account.anchor_ms)).toZonedDateTimeISO(
    account.time_zone,
  );
  return resets.map((reset, index) => {
    for (; next < done.length && (done[next]?.version ?? 0) < Number(reset.version); next++) {
      const group = done[next] as Done;
      operations[group.creditType] += group.operations;
    }
    const number = account.period_number - resets.length + index;
    const before = resets[index - 1];
    return {
      account_id: account.account_id,
      number,
      start_ms: before
        ? Number(before.at_ms)
        : anchor.add({ months: number - account.anchor_period }).epochMilliseconds,
      end_ms: Number(reset.at_ms),
      plan: account.plan,
      version: Number(reset.version),
      ordinal: reset.ordinal,
      standard: operations.STANDARD,
      scan: operations.SCAN,
    };
  });
}

interface Done {
  readonly version: number;
  readonly creditType: 'STANDARD' | 'SCAN';
  readonly operations: number;
}

/** A line as `reservation.lines` has it: operation, name, feature, type, quantity, unit cost, cost, committed, done. */
type LineTuple = [string, string, string, string, number, number, number, number, number];

interface Line {
  readonly operation: string;
  readonly quantity: number;
  readonly unit: number;
  readonly credits: number;
  committed: number;
  done: number;
}

/** How many operations each group did, in the order of versions. What the last part of a reservation did is what its lines have in all. */
function doneByGroup(parts: readonly PartRow[]): Done[] {
  const lasts = new Map(parts.map(({ reservation_id, version }) => [reservation_id, version]));
  const lines = new Map<string, Line[]>();
  return parts.map((part) => {
    const tuples = (JSON.parse(part.lines) as (LineTuple | number)[]).filter((item) => typeof item !== 'number');
    let mine = lines.get(part.reservation_id);
    if (!mine) {
      mine = tuples.map(([operation, , , , quantity, unit, credits]) => ({
        operation,
        quantity,
        unit: credits === 0 ? 0 : unit,
        credits,
        committed: 0,
        done: 0,
      }));
      lines.set(part.reservation_id, mine);
    }
    const before = doneIn(mine);
    const isLast = lasts.get(part.reservation_id) === part.version;
    if (!isLast) fillLines(mine, Number(part.committed), part.input);
    const after = isLast ? tuples.reduce((sum, tuple) => sum + tuple[8], 0) : doneIn(mine);
    return { version: Number(part.version), creditType: part.credit_type, operations: after - before };
  });
}

const doneIn = (lines: readonly Line[]): number => lines.reduce((sum, { done }) => sum + done, 0);

/** A part that did not end its reservation: an amount fills the lines in order, operations fill their own. */
function fillLines(lines: readonly Line[], committed: number, input: string | null): void {
  const told =
    input === null ? null : (JSON.parse(input) as { operations?: { operation: string; quantity?: number }[] | null });
  let rest = committed;
  if (!told?.operations) {
    lines.forEach((line, index) => {
      const part = index === lines.length - 1 ? rest : Math.min(rest, Math.max(0, line.credits - line.committed));
      rest -= part;
      line.committed += part;
      if (line.unit > 0 && part > 0)
        line.done = Math.max(line.done, Math.min(line.quantity, Math.ceil(line.committed / line.unit)));
    });
    return;
  }
  for (const { operation, quantity = 1 } of told.operations) {
    const own = lines.filter((line) => line.operation === operation);
    let operations = quantity;
    own.forEach((line, index) => {
      const count =
        index === own.length - 1 ? operations : Math.min(operations, Math.max(0, line.quantity - line.done));
      const part = Math.min(rest, count * line.unit);
      operations -= count;
      rest -= part;
      line.done += count;
      line.committed += part;
    });
  }
}
