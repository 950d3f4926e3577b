import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { Bell } from 'lucide-react';
import { Button } from '../../ui/Button.js';
import { Choice } from '../../ui/Choice.js';
import { formatCredits } from '../../ui/format.js';
import { Empty, Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { useSearchOf } from '../../ui/useSearchOf.js';
import { useWaiting } from '../../ui/waiting.js';
import { EventRow } from './EventRow.js';
import { LinkedEvent } from './LinkedEvent.js';
import { showNames } from './event-words.js';
import { fateOf } from './events.js';
import type { Known, Show } from './events.js';
import { historySearch } from './filters.js';
import { useHistory } from './useHistory.js';
import { unreadMax, useUnread } from './useUnread.js';
import styles from './History.module.css';

/** Everything that happened to the account, the newest first, live. */
export function History() {
  const [{ show, event }, choose] = useSearchOf(historySearch);
  return (
    <Section
      id="history-title"
      title={t`What happened`}
      aside={
        <Choice
          label={t`Which events`}
          names={showNames()}
          value={show}
          onChoose={(next) => choose({ show: next, event: '' })}
        />
      }
    >
      <Events key={show} show={show} meant={event} />
    </Section>
  );
}

function Events({ show, meant }: { show: Show; meant: string }) {
  const history = useHistory(show);
  return (
    <Part
      what={t`What happened`}
      of={history}
      height={320}
      isEmpty={({ events }) => events.length === 0}
      empty={
        <Empty icon={<Bell size={20} />} title={t`Nothing happened yet`} height={180}>
          {t`Warnings, renewals, payments and budgets that run out are kept here, with what was done about each.`}
        </Empty>
      }
    >
      {(known) => <List known={known} show={show} meant={meant} older={history.older} />}
    </Part>
  );
}

type ListProps = { known: Known; show: Show; meant: string; older: () => Promise<void> };

function List({ known, show, meant, older }: ListProps) {
  const { count, markUpTo } = useUnread();
  const waiting = useWaiting();
  const [isReading, setIsReading] = useState(false);
  const { events, hasOlder } = known;
  // The newest are the unread ones; of some kinds alone it is not known which.
  const unread = show === 'all' ? (count ?? 0) : 0;
  const isListed = events.some(({ id }) => id === meant);
  useGoTo(isListed ? meant : '');
  const readOn = async (): Promise<void> => {
    setIsReading(true);
    await older();
    setIsReading(false);
  };
  const [newest] = events;
  return (
    <>
      {meant !== '' && !isListed && <LinkedEvent id={meant} />}
      {unread > 0 && newest !== undefined && (
        <p className={styles.unread}>
          <span data-unread={unread}>{unreadWords(unread)}</span>{' '}
          <Button tone="quiet" onClick={() => void markUpTo(newest.id)} aria-disabled={waiting !== null}>
            {t`Mark all as read`}
          </Button>
        </p>
      )}
      <ol className={styles.list} data-history>
        {events.map((event, index) => (
          <EventRow
            key={event.id}
            event={event}
            fate={fateOf(events, index)}
            isUnread={index < unread}
            isMeant={event.id === meant}
          />
        ))}
      </ol>
      {hasOlder && (
        <div className={styles.more}>
          <Button onClick={() => void readOn()} aria-disabled={isReading || waiting !== null}>
            {isReading ? t`Reading` : t`Show older`}
          </Button>
        </div>
      )}
    </>
  );
}

function unreadWords(unread: number): string {
  const number = formatCredits(unread);
  return unread >= unreadMax ? t`${number} or more are new.` : t`New: ${number}`;
}

/** An address that means one event leads to its row, once. */
function useGoTo(id: string): void {
  useEffect(() => {
    if (id === '') return;
    const rows = [...document.querySelectorAll<HTMLElement>('[data-event]')];
    const row = rows.find(({ dataset }) => dataset['event'] === id);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'center' });
  }, [id]);
}
