import { t } from '@lingui/core/macro';
import { csvOf } from '../../ui/csv.js';
import { formatUtc } from '../../ui/time.js';
import type { ActivityRow } from './rows.js';

/** A line for each row, with its reason; instants in UTC, as spreadsheets of every country read them. */
export function activityCsv(rows: readonly ActivityRow[]): string {
  const columns = [
    t`When`,
    t`What for`,
    t`What happened`,
    t`Credits`,
    t`Change of what is left`,
    t`Left after`,
    t`On hold after`,
    t`Which credits`,
    t`Project`,
    t`Member`,
    t`Reference`,
    t`Why`,
    t`Entry`,
  ];
  return csvOf(
    columns,
    rows.map(({ id, at, thing, what, change, entry }) => [
      formatUtc(Date.parse(at)),
      thing,
      what,
      entry.amount,
      change,
      entry.availableAfter,
      entry.heldAfter,
      entry.creditType === 'SCAN' ? t`Scan credits` : t`Credits`,
      entry.reservation?.project ?? null,
      entry.reservation?.member ?? null,
      entry.reservation?.reference ?? null,
      entry.explanation,
      id,
    ]),
  );
}

/** The same for programs, as the API has it. */
export function activityJson(account: { id: string; name: string }, rows: readonly ActivityRow[]): string {
  return `${JSON.stringify({ account, entries: rows.map(({ entry }) => entry) }, null, 2)}\n`;
}
