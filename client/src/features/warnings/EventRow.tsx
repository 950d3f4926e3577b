import { t } from '@lingui/core/macro';
import { useAccount } from '../../domain/account.js';
import { formatAgo, formatInstant, formatUtc } from '../../ui/time.js';
import { Way } from '../../ui/Way.js';
import { fateWords, wordsOf } from './event-words.js';
import type { Fate, Happened } from './events.js';
import styles from './EventRow.module.css';

type Props = {
  event: Happened;
  /** What was done about it; null: nothing yet, or nothing has to be. */
  fate: Fate | null;
  isUnread: boolean;
  /** Whether the address points at it. */
  isMeant?: boolean;
};

/** One event: what happened, the server's sentence with its numbers, and what was done about it. */
export function EventRow({ event, fate, isUnread, isMeant = false }: Props) {
  const { now } = useAccount();
  const { title, Icon, tone } = wordsOf(event);
  const at = Date.parse(event.at);
  return (
    <li
      className={styles.event}
      data-event={event.id}
      data-type={event.type}
      data-tone={tone}
      data-meant={isMeant ? '' : undefined}
      tabIndex={-1}
    >
      <span className={styles.icon} aria-hidden="true">
        <Icon size={18} />
      </span>
      <div className={styles.words}>
        <p className={styles.top}>
          <strong>{title}</strong>
          {isUnread && <span className={styles.unread}>{t`New`}</span>}
          <Way to={`/alerts?event=${event.id}`} className={styles.when}>
            <time dateTime={event.at} title={`${formatInstant(at)} · ${formatUtc(at)}`}>
              {now === null ? formatInstant(at) : formatAgo(at, now)}
            </time>
          </Way>
        </p>
        <p className={styles.message}>{event.message}</p>
        <Done event={event} fate={fate} />
      </div>
    </li>
  );
}

function Done({ event, fate }: { event: Happened; fate: Fate | null }) {
  if (fate !== null)
    return (
      <p className={styles.done} data-fate={fate.how}>
        {fateWords(fate)}
      </p>
    );
  if (event.budgetId !== null)
    return (
      <p className={styles.done}>
        <Way to={`/budgets?budget=${event.budgetId}`}>{t`See the budget`}</Way>
      </p>
    );
  if (event.type !== 'BALANCE_LOW') return null;
  return (
    <p className={styles.done} data-fate="open">
      {t`Still so.`}
    </p>
  );
}
