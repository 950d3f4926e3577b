import { isDeepStrictEqual } from 'node:util';
import type { CreditType } from '../catalog/catalog.js';
import type { GrantSource } from '../ledger/core/state.js';
import { readCuts } from '../ledger/past/read-cuts.js';
import { readOwned } from '../ledger/past/read-owned.js';
import { readPeriods } from '../ledger/past/read-periods.js';
import { type Movements, readMovements } from '../ledger/past/read-sums.js';
import { readVersions } from '../ledger/past/read-versions.js';
import { ACCOUNT, toAccount } from '../ledger/rows/account-rows.js';
import type { Row } from '../ledger/wire/flight.js';
import type { History } from './test-history.js';
import type { JournalGroup } from './test-history-journal.js';
import { CREDIT_TYPES } from './test-history-replay.js';
import type { TestLedger } from './test-ledger.js';
import type { Model } from './test-model.js';

const DAY = 86_400_000;

/** A history with the model at each of its versions. */
export interface ModelledPast {
  readonly history: History;
  readonly groups: readonly JournalGroup[];
  readonly models: readonly Model[];
  /** Answers may have been lost: operations cannot be counted from them. */
  readonly lossy: boolean;
  readonly wrong: (what: string) => void;
}

/** Where the model is cut: after the group of a version; `resets`: that group ended a period, and what it granted is not in it yet. */
interface ModelCut {
  readonly version: number;
  readonly resets: boolean;
}

/**
 * Compares the past as it is read with the model: balances at instants, periods, and statements of days, of months and of all, each
 * recomputed from the model's states alone.
 */
export async function checkPast(books: TestLedger, past: ModelledPast): Promise<void> {
  await checkBalances(books, past);
  for (const creditType of CREDIT_TYPES) {
    await checkPeriods(books, past, creditType);
    await checkStatements(books, past, creditType);
  }
}

async function checkBalances(books: TestLedger, { history, groups, models, wrong }: ModelledPast): Promise<void> {
  const { accountId } = history;
  const instants = [...new Set([0, ...groups.flatMap(({ at }) => [at - 1, at, at + 1]), Date.UTC(2300, 0, 1)])];
  const versions = await readVersions(
    books.pool,
    instants.map((at) => ({ accountId, before: at + 1 })),
  );
  for (const [index, at] of instants.entries()) {
    const mine = groups.findLast((group) => group.at <= at)?.version ?? 0;
    if (versions[index] !== mine) wrong(`at ${at} its version was ${versions[index]}, in the model ${mine}`);
  }
  for (const creditType of CREDIT_TYPES) {
    const owned = await readOwned(
      books.pool,
      models.map((_, version) => ({ accountId, creditType, cut: { version: version + 1, ordinal: 0 } })),
    );
    for (const [version, model] of models.entries()) {
      const available = model.sum(creditType, 'available');
      const mine = { available, held: model.sum(creditType, 'held'), waiting: available - model.usable(creditType) };
      if (!isDeepStrictEqual(owned[version], mine))
        wrong(
          `${creditType} at ${version} was ${JSON.stringify(owned[version])}, in the model ${JSON.stringify(mine)}`,
        );
    }
  }
}

/** What came and went between two places, from the states that the model had there. */
function modelMovements({ models }: ModelledPast, creditType: CreditType, from: ModelCut, to: ModelCut): Movements {
  const had = (cut: ModelCut) => {
    const model = models[cut.version] as Model;
    const known = cut.resets ? (models[cut.version - 1] as Model).grants : model.grants;
    const grants = [...model.grants.values()].filter(({ id, type }) => type === creditType && known.has(id));
    const sum = (bucket: 'available' | 'held' | 'spent' | 'expired' | 'refunded' | 'revoked') =>
      grants.reduce((total, grant) => total + grant[bucket], 0);
    return {
      grants,
      owned: sum('available') + sum('held'),
      spent: sum('spent'),
      expired: sum('expired'),
      refunded: sum('refunded'),
      revoked: sum('revoked'),
    };
  };
  const [before, after] = [had(from), had(to)];
  const old = new Set(before.grants.map(({ id }) => id));
  const granted: Partial<Record<GrantSource, number>> = {};
  for (const { id, source, available, held, spent, expired, refunded, revoked } of after.grants)
    if (!old.has(id))
      granted[source] = (granted[source] ?? 0) + available + held + spent + expired + refunded + revoked;
  return {
    granted,
    expired: after.expired - before.expired,
    refunded: after.refunded - before.refunded,
    revoked: after.revoked - before.revoked,
    opening: before.owned,
    spent: after.spent - before.spent,
    closing: after.owned,
  };
}

const NOTHING: ModelCut = { version: 0, resets: false };
const RESETS: readonly string[] = ['reset-period', 'begin-plan'];
const resetsOf = (groups: readonly JournalGroup[]) => groups.filter(({ command }) => RESETS.includes(command));

async function checkPeriods(books: TestLedger, past: ModelledPast, creditType: CreditType): Promise<void> {
  const { history, groups, models, wrong } = past;
  const { rows } = await books.pool.query<Row>(
    `SELECT ${ACCOUNT.select('a')} FROM ledger_account a WHERE account_id = $1`,
    [history.accountId],
  );
  const state = ACCOUNT.read(rows).map(toAccount)[0];
  if (!state) return wrong('is not there');
  const read = await readPeriods(books.pool, state, creditType, { before: Infinity, count: 1_000 });
  const ends = [
    ...resetsOf(groups).map(({ version }): ModelCut => ({ version, resets: true })),
    { version: models.length - 1, resets: false },
  ];
  if (read.length !== ends.length) wrong(`has ${read.length} periods, in the model ${ends.length}`);
  for (const [index, one] of read.toReversed().entries()) {
    const [from, to] = [ends[index - 1] ?? NOTHING, ends[index] as ModelCut];
    const movements = modelMovements(past, creditType, from, to);
    const number = (models[to.version] as Model).period - (to.resets ? 1 : 0);
    // Nothing rolls over on the plans that there are: what a reset lets expire is forfeited.
    const before = models[to.version - 1] as Model;
    const forfeited = to.resets
      ? (models[to.version] as Model).sum(creditType, 'expired') - before.sum(creditType, 'expired')
      : 0;
    const operations = operationsBy(history, creditType, to) - operationsBy(history, creditType, from);
    const mine = {
      ...movements,
      number,
      plan: (to.resets ? before : (models[to.version] as Model)).plan,
      open: !to.resets,
      forfeited,
      rolledOver: 0,
    };
    const { period, operations: counted, ...rest } = one;
    const shown = { ...rest, number: period.number };
    if (!isDeepStrictEqual(shown, mine))
      wrong(`period ${number} ${creditType} is ${JSON.stringify(shown)}, in the model ${JSON.stringify(mine)}`);
    if (!past.lossy && counted !== operations)
      wrong(`period ${number} ${creditType} has ${counted} operations, its callers were told ${operations}`);
  }
}

/** Operations that callers were told to be done, of the reservations as they were answered up to a place. */
function operationsBy({ steps }: History, creditType: CreditType, { version }: ModelCut): number {
  const done = new Map<string, { readonly version: number; readonly done: number }>();
  for (const { outcome } of steps) {
    if (outcome?.kind !== 'reservation' || outcome.reservation.creditType !== creditType) continue;
    const { reservation } = outcome;
    const known = done.get(reservation.id);
    if (reservation.version > version || (known && known.version > reservation.version)) continue;
    const sum = reservation.lines.reduce((total, line) => total + line.done, 0);
    done.set(reservation.id, { version: reservation.version, done: sum });
  }
  return [...done.values()].reduce((total, one) => total + one.done, 0);
}

async function checkStatements(books: TestLedger, past: ModelledPast, creditType: CreditType): Promise<void> {
  const { history, groups, wrong } = past;
  const { accountId } = history;
  const days = [...new Set(groups.map(({ at }) => Math.floor(at / DAY)))];
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0];
  const months = [...new Set(groups.map(({ at }) => new Date(at).toISOString().slice(0, 7)))].map((month) => {
    const [year, number] = month.split('-').map(Number) as [number, number];
    return [Date.UTC(year, number - 1, 1) / DAY, Date.UTC(year, number, 1) / DAY] as const;
  });
  const spans = [
    [first - 400, first] as const,
    [first, last + 1] as const,
    [last + 1, last + 400] as const,
    ...days.map((day) => [day, day + 1] as const),
    ...months,
  ];
  const cuts = await readCuts(
    books.pool,
    spans.flat().map((day) => ({ accountId, at: day * DAY })),
  );
  const asked = spans.map((_, index) => ({
    accountId,
    creditType,
    from: cuts[2 * index] ?? { version: 0, ordinal: 0 },
    to: cuts[2 * index + 1] ?? { version: 0, ordinal: 0 },
  }));
  const read = await readMovements(books.pool, asked);
  const cutOf = (day: number): ModelCut => {
    const reset = resetsOf(groups).find(({ at }) => at === day * DAY);
    if (reset) return { version: reset.version, resets: true };
    return { version: groups.findLast(({ at }) => at < day * DAY)?.version ?? 0, resets: false };
  };
  for (const [index, [from, to]] of spans.entries()) {
    const mine = modelMovements(past, creditType, cutOf(from), cutOf(to));
    if (!isDeepStrictEqual(read[index], mine))
      wrong(
        `${creditType} from day ${from} to ${to} is ${JSON.stringify(read[index])}, in the model ${JSON.stringify(mine)}`,
      );
  }
}
