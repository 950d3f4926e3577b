import { formatPlaceId, parsePlaceId } from '@aibc/shared/ids';
import type { CreditType } from '../catalog/catalog.js';
import { type Connection, foreignCursor, malformedCursor, pageOf, type PageRequest } from '../kit/page.js';
import type { AccountState } from '../ledger/core/state.js';
import type { PastReader } from '../ledger/past/cut.js';
import { type PeriodSums, readPeriods } from '../ledger/past/read-periods.js';
import { type Sums, SOURCES } from '../ledger/past/read-sums.js';
import type { PeriodReport, SourceCredits } from './statements.types.js';

/** More than any account has. */
const AFTER_ALL = 2_147_483_647;

/** What was granted, source by source, without sources of nothing. */
export function showGranted(granted: Sums['granted']): SourceCredits[] {
  return SOURCES.flatMap((source) => (granted[source] ? [{ source, credits: granted[source] }] : []));
}

function showPeriod(read: PeriodSums): PeriodReport {
  const { granted } = read;
  return {
    period: read.period,
    plan: read.plan,
    allowance: (granted.ALLOWANCE ?? 0) + (granted.UPGRADE ?? 0),
    granted: showGranted(granted),
    spent: read.spent,
    expired: read.expired,
    forfeited: read.forfeited,
    rolledOver: read.rolledOver,
    refunded: read.refunded,
    revoked: read.revoked,
    operations: read.operations,
    open: read.open,
  };
}

/**
 * Periods of an account, newest first, the present one included.
 *
 * @param state  as it was read, with nothing due: the present period is as of its version
 * @throws BAD_USER_INPUT `after` when malformed, NOT_FOUND when it is not of this account
 * Source: docs/domain.md, The past
 */
export async function listPeriods(
  reader: PastReader,
  state: AccountState,
  creditType: CreditType,
  page: PageRequest,
): Promise<Connection<PeriodReport>> {
  const after = page.after === null ? null : parsePlaceId('period', page.after);
  if (page.after !== null && after === null) throw malformedCursor();
  if (after !== null && after.accountId !== state.id) throw foreignCursor();
  const before = Math.min(after?.version ?? AFTER_ALL, AFTER_ALL);
  const periods = await readPeriods(reader, state, creditType, { before, count: page.first + 1 });
  return pageOf(page, periods, showPeriod, ({ period }) =>
    formatPlaceId('period', { accountId: state.id, version: period.number, ordinal: 0 }),
  );
}
