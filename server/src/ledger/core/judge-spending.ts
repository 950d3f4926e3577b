import { CREDIT_TYPES, type CreditType } from '../../catalog/catalog.js';
import { changedAccount } from './changed-state.js';
import type { Told } from './crossed-levels.js';
import { type Needing, needs } from './decision.js';
import { eventsOf } from './events-of.js';
import type { Group } from './group.js';
import {
  hourOf,
  isAnomaly,
  keptHours,
  mayTellAgain,
  type SpendAnomaly,
  type SpendingHour,
  type SpendingState,
  topSpender,
  usualBefore,
} from './spending.js';
import type { AccountState, LoadedAccount } from './state.js';

type Found = Omit<SpendAnomaly, 'member' | 'project' | 'operation'> & { readonly creditType: CreditType };

/**
 * Closes the hour in which an account spent last, by the first commit after it, and tells of it where far more was spent than usual.
 *
 * Within an hour nothing is summed and nothing written: what was spent in it follows from what was spent in all. So a commit looks at the hour, and
 * one an hour writes. Pure.
 *
 * @param account  before the group
 * @returns the group as it is to be written, or what has to be loaded first: the hours before; and, to tell who spent most, the commits of that hour
 * Source: docs/domain.md, Thresholds, events, notifications; docs/decisions/spending.md
 */
export function judgeSpending(account: LoadedAccount, group: Group): Group | Needing {
  const { head } = account;
  if (!hasSpent(head, group.head)) return group;
  const hour = hourOf(group.at);
  const last = head.spending;
  if (last !== null && hour <= last.hour) return group;
  const { STANDARD, SCAN } = head.credits;
  const { version } = group.head;
  const begun = {
    hour,
    version,
    before: { STANDARD: STANDARD.spent, SCAN: SCAN.spent },
    since: last?.since ?? version,
  };
  if (last === null) return begin(group, begun);
  const row = account.spendings.get(head.id);
  if (row === undefined) return needs({ rows: { spendings: [head.id] } });
  const found = CREDIT_TYPES.flatMap((creditType) => findAnomaly(head, last, row, group, creditType));
  if (found.length > 0 && account.commits?.since !== last.version) return needs({ commitsSince: last.version });
  return closeHour(account, group, begun, last, row, found);
}

function hasSpent(before: AccountState, after: AccountState): boolean {
  return (
    before.credits.STANDARD.spent !== after.credits.STANDARD.spent ||
    before.credits.SCAN.spent !== after.credits.SCAN.spent
  );
}

/** The first hour of an account. */
function begin(group: Group, begun: SpendingHour): Group {
  const { id } = group.head;
  const row: SpendingState = {
    accountId: id,
    id,
    hours: [],
    toldStandardAt: null,
    toldScanAt: null,
    changedAt: group.at,
  };
  return {
    ...group,
    head: changedAccount(group.head, { spending: begun }),
    rows: { ...group.rows, spendings: new Map([[id, row]]) },
    newIds: [...group.newIds, id],
  };
}

function spentIn({ before }: SpendingHour, { credits }: AccountState, creditType: CreditType): number {
  return credits[creditType].spent - before[creditType];
}

function findAnomaly(
  head: AccountState,
  last: SpendingHour,
  row: SpendingState,
  group: Group,
  creditType: CreditType,
): readonly Found[] {
  const credits = spentIn(last, head, creditType);
  const usual = usualBefore(row.hours, last.hour, creditType);
  const toldAt = creditType === 'STANDARD' ? row.toldStandardAt : row.toldScanAt;
  if (usual === null || !isAnomaly(credits, usual, group.head.credits[creditType].allowance)) return [];
  return mayTellAgain(toldAt, group.at) ? [{ creditType, hour: last.hour, credits, usual }] : [];
}

function closeHour(
  account: LoadedAccount,
  group: Group,
  begun: SpendingHour,
  last: SpendingHour,
  row: SpendingState,
  found: readonly Found[],
): Group {
  const { head, commits } = account;
  const over = { hour: last.hour, STANDARD: spentIn(last, head, 'STANDARD'), SCAN: spentIn(last, head, 'SCAN') };
  const isTold = (type: CreditType) => found.some(({ creditType }) => creditType === type);
  const next: SpendingState = {
    accountId: row.accountId,
    id: row.id,
    hours: [...keptHours(row.hours, begun.hour), over],
    toldStandardAt: isTold('STANDARD') ? group.at : row.toldStandardAt,
    toldScanAt: isTold('SCAN') ? group.at : row.toldScanAt,
    changedAt: group.at,
  };
  const told = found.map(({ creditType, ...anomaly }): Told => {
    const top = commits === null ? { member: null, project: null, operation: null } : topSpender(commits, creditType);
    return { type: 'SPEND_ANOMALY', creditType, facts: { anomaly: { ...anomaly, ...top } } };
  });
  return {
    ...group,
    head: changedAccount(group.head, { spending: begun }),
    rows: { ...group.rows, spendings: new Map([[next.id, next]]) },
    events: told.length === 0 ? group.events : [...group.events, ...eventsOf(told, group.head, group.events.length)],
  };
}
