import { t } from '@lingui/core/macro';
import { formatCredits } from '../../ui/format.js';
import { formatDate } from '../../ui/time.js';
import type { Day } from './days.js';
import styles from './DayTable.module.css';

/** The chart's numbers as a table, newest day first; its total is the total on screen. */
export function DayTable({ days, total }: { days: readonly Day[]; total: number }) {
  const operations = days.reduce((sum, day) => sum + day.operations, 0);
  return (
    // What scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.frame} tabIndex={0} role="region" aria-label={t`Spend by day, table`}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t`Day`}</th>
            <th scope="col">{t`Credits`}</th>
            <th scope="col">{t`Operations`}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day) => (
            <tr key={day.day}>
              <th scope="row">{formatDate(day.day, { weekday: 'short', day: 'numeric', month: 'short' })}</th>
              <td>{formatCredits(day.credits)}</td>
              <td>{formatCredits(day.operations)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t`Total`}</th>
            <td>{formatCredits(total)}</td>
            <td>{formatCredits(operations)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
