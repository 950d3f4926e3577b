import { isDeepStrictEqual } from 'node:util';
import { CREDIT_TYPES, type CreditType } from '../../catalog/catalog.js';
import type { PastReader } from '../past/cut.js';
import { readCuts } from '../past/read-cuts.js';
import { readOwned } from '../past/read-owned.js';
import { readPeriods } from '../past/read-periods.js';
import { readMovements } from '../past/read-sums.js';
import { readUnspent } from '../past/read-unspent.js';
import { readVersions } from '../past/read-versions.js';
import type { ReplayedAccountPast } from './replay-account-past.js';
import { between } from './replay-past.js';

/** More periods than any account has. */
const ALL = 1_000_000;

const day = (at: number): string => new Date(at).toISOString();

/**
 * Asks for the past as the API does, of accounts whose journals were replayed, and notes what differs: the balance at some instants, the
 * statement of every month, every period, what was unspent of each purchase when each month began.
 *
 * @param reader  in the snapshot in which the journals were read
 */
export async function comparePast(reader: PastReader, accounts: readonly ReplayedAccountPast[]): Promise<void> {
  await compareBalances(reader, accounts);
  await compareStatements(reader, accounts);
  await compareUnspent(
    reader,
    accounts.filter(({ past }) => past.hasBought),
  );
  for (const account of accounts)
    for (const creditType of CREDIT_TYPES) await comparePeriods(reader, account, creditType);
}

async function compareBalances(reader: PastReader, accounts: readonly ReplayedAccountPast[]): Promise<void> {
  const asked = accounts.flatMap((account) => account.past.samples.map((sample) => ({ account, ...sample })));
  const versions = await readVersions(
    reader,
    asked.map(({ account, at }) => ({ accountId: account.head.id, before: at + 1 })),
  );
  for (const creditType of CREDIT_TYPES) {
    const owned = await readOwned(
      reader,
      asked.map(({ account, mark }) => ({ accountId: account.head.id, creditType, cut: mark.cut })),
    );
    for (const [index, { account, at, mark }] of asked.entries()) {
      const { available, held } = mark.credits[creditType];
      const read = owned[index];
      if (versions[index] !== mark.cut.version - 1)
        account.wrong(`balance at ${day(at)}: version ${versions[index]}, replayed ${mark.cut.version - 1}`);
      else if (read?.available !== available || read.held !== held)
        account.wrong(
          `balance at ${day(at)}: ${creditType} ${read?.available} free and ${read?.held} held, replayed ${available} and ${held}`,
        );
      else if (read.waiting > read.available)
        account.wrong(`balance at ${day(at)}: ${creditType} ${read.waiting} of ${available} wait`);
    }
  }
}

async function compareStatements(reader: PastReader, accounts: readonly ReplayedAccountPast[]): Promise<void> {
  const marks = accounts.flatMap((account) => account.past.months.map((mark) => ({ account, mark })));
  const cuts = await readCuts(
    reader,
    marks.map(({ account, mark }) => ({ accountId: account.head.id, at: mark.at })),
  );
  for (const [index, { account, mark }] of marks.entries())
    if (!isDeepStrictEqual(cuts[index], mark.cut))
      account.wrong(
        `the month from ${day(mark.at)} begins at ${cuts[index]?.version}.${cuts[index]?.ordinal}, replayed ${mark.cut.version}.${mark.cut.ordinal}`,
      );
  const months = accounts.flatMap((account) =>
    account.past.months.slice(1).flatMap((to, index) => {
      const from = account.past.months[index];
      return from ? CREDIT_TYPES.map((creditType) => ({ account, creditType, from, to })) : [];
    }),
  );
  const statements = await readMovements(
    reader,
    months.map(({ account, creditType, from, to }) => ({
      accountId: account.head.id,
      creditType,
      from: from.cut,
      to: to.cut,
    })),
  );
  for (const [index, { account, creditType, from, to }] of months.entries()) {
    const replayed = between(creditType, from, to);
    if (!isDeepStrictEqual(statements[index], replayed))
      account.wrong(
        `${creditType} statement from ${day(from.at)} to ${day(to.at)} is ${JSON.stringify(statements[index])}, replayed ${JSON.stringify(replayed)}`,
      );
  }
}

/** What `liability` sums up. */
async function compareUnspent(reader: PastReader, accounts: readonly ReplayedAccountPast[]): Promise<void> {
  const marks = accounts.flatMap((account) => account.past.months.map((mark) => ({ account, mark })));
  const read = await readUnspent(
    reader,
    marks.map(({ account, mark }) => ({ accountId: account.head.id, at: mark.at })),
  );
  for (const [index, { account, mark }] of marks.entries()) {
    const left = new Map(read[index]?.map(({ purchaseId, unspent }) => [purchaseId, unspent]));
    for (const purchaseId of new Set([...left.keys(), ...mark.unspent.keys()])) {
      const [mine, replayed] = [left.get(purchaseId) ?? 0, mark.unspent.get(purchaseId) ?? 0];
      if (mine !== replayed)
        account.wrong(`purchase ${purchaseId}: ${mine} unspent on ${day(mark.at)}, replayed ${replayed}`);
    }
  }
}

async function comparePeriods(reader: PastReader, account: ReplayedAccountPast, creditType: CreditType): Promise<void> {
  const { head, past, operations } = account;
  const periods = await readPeriods(reader, head, creditType, { before: ALL, count: ALL });
  const last = past.months.at(-1);
  const ends = last ? [...past.ends, last] : [];
  if (periods.length !== ends.length)
    return account.wrong(`${creditType}: ${periods.length} periods, replayed ${ends.length}`);
  for (const [index, period] of periods.toReversed().entries()) {
    const to = ends[index];
    if (!to) continue;
    const from = ends[index - 1] ?? null;
    const { period: which, plan: _, operations: counted, open: isOpen, forfeited, rolledOver, ...movements } = period;
    const end = past.ends[index];
    const done = (version: number): number => operations.before(version)[creditType];
    const rolled = end?.rolledOver[creditType] ?? 0;
    const replayed = {
      ...between(creditType, from, to),
      forfeited: (end?.forfeited[creditType] ?? 0) - rolled,
      rolledOver: rolled,
      operations: done(to.cut.version) - (from ? done(from.cut.version) : 0),
      open: end === undefined,
    };
    const shown = { ...movements, forfeited, rolledOver, operations: counted, open: isOpen };
    if (!isDeepStrictEqual(shown, replayed))
      account.wrong(
        `${creditType} period ${which.number} is ${JSON.stringify(shown)}, replayed ${JSON.stringify(replayed)}`,
      );
  }
}
