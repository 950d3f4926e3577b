import type { CreditType, PlanCode } from '../../catalog/catalog.js';
import type { ClosedPeriod } from '../core/past.js';
import type { AccountState, Period } from '../core/state.js';
import { CLOSED_PERIOD } from '../rows/closed-period-rows.js';
import type { Row } from '../wire/flight.js';
import { ledgerTypes } from '../../db/ledger-types.js';
import type { Cut, PastReader } from './cut.js';
import { type Movements, readMovements, readSums, type TypeSpan } from './read-sums.js';

/** A period of an account, as far as it has come. */
export interface PeriodSums extends Movements {
  readonly period: Period;
  readonly plan: PlanCode;
  /** What its end let expire, the part that rolled over left out. */
  readonly forfeited: number;
  /** What its end carried over into the next. */
  readonly rolledOver: number;
  readonly operations: number;
  readonly open: boolean;
}

/** Which periods: those with a smaller number than `before`, the newest first, at most `count`. */
export interface PeriodPage {
  readonly before: number;
  readonly count: number;
}

const CLOSED_PERIODS = {
  name: 'past_closed_periods',
  text: `/* past.closed_periods */ SELECT ${CLOSED_PERIOD.select('c')} FROM closed_period c
    WHERE c.account_id = $1::uuid AND c.number < $2::integer ORDER BY c.number DESC LIMIT $3::integer`,
};

/** A period and the places of the journal between which it lies. */
interface Lying extends Pick<PeriodSums, 'period' | 'plan' | 'open'> {
  readonly to: Cut;
  /** Operations done until its end, since the account was created. */
  readonly done: number;
}

/** Before everything. */
const BEGINNING: Cut = { version: 1, ordinal: 0 };

/**
 * Periods of an account, the newest first, the present one included, as of the version that the account was read at.
 *
 * A period lies between the place at which its predecessor ended and the place at which it ended itself; both are in `closed_period`.
 * Source: docs/domain.md, The past
 */
export async function readPeriods(
  reader: PastReader,
  state: AccountState,
  creditType: CreditType,
  { before, count }: PeriodPage,
): Promise<readonly PeriodSums[]> {
  const newest = Math.min(before, state.period.number);
  const { rows } = await reader.query<Row>({
    ...CLOSED_PERIODS,
    values: [state.id, newest, count + 1],
    types: ledgerTypes,
  });
  const doneBy = (closed: ClosedPeriod) =>
    creditType === 'STANDARD' ? closed.standardOperations : closed.scanOperations;
  const lying = CLOSED_PERIOD.read(rows).map((closed): Lying => ({
    period: { number: closed.number, start: closed.start, end: closed.end },
    plan: closed.plan,
    open: false,
    to: { version: closed.version, ordinal: closed.ordinal },
    done: doneBy(closed),
  }));
  const open: Lying = {
    period: state.period,
    plan: state.plan,
    open: true,
    to: { version: state.version + 1, ordinal: 0 },
    done: state.operations[creditType],
  };
  const all = before > state.period.number ? [open, ...lying] : lying;
  return sumUp(reader, state.id, creditType, all, count);
}

async function sumUp(
  reader: PastReader,
  accountId: string,
  creditType: CreditType,
  lying: readonly Lying[],
  count: number,
): Promise<readonly PeriodSums[]> {
  const asked = lying.slice(0, count);
  const span = (from: Cut, to: Cut): TypeSpan => ({ accountId, creditType, from, to });
  const movements = await readMovements(
    reader,
    asked.map(({ to }, index) => span(lying[index + 1]?.to ?? BEGINNING, to)),
  );
  // What the group that ended it let expire, and what it granted.
  const ends = await readSums(
    reader,
    asked.flatMap(({ to }) => [
      span({ version: to.version, ordinal: 0 }, to),
      span(to, { version: to.version + 1, ordinal: 0 }),
    ]),
  );
  return asked.flatMap(({ period, plan, open, done }, index) => {
    const own = movements[index];
    if (!own) return [];
    const rolledOver = open ? 0 : (ends[2 * index + 1]?.granted.ROLLOVER ?? 0);
    const forfeited = open ? 0 : (ends[2 * index]?.expired ?? 0) - rolledOver;
    const operations = done - (lying[index + 1]?.done ?? 0);
    return [{ ...own, period, plan, open, forfeited, rolledOver, operations }];
  });
}
