import { t } from '@lingui/core/macro';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { ListChecks } from 'lucide-react';
import { useAccount } from '../../domain/account.js';
import { Button } from '../../ui/Button.js';
import { Empty, Part } from '../../ui/Part.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { useSearchOf } from '../../ui/useSearchOf.js';
import { messages } from '../../words/en/ActivityRoom.po';
import { learn } from '../../words/words.js';
import { ActivityExport } from './ActivityExport.js';
import { ActivityFilters, isNarrowed } from './ActivityFilters.js';
import { ActivityItem } from './ActivityItem.js';
import { activityRoomSearch } from './activity-search.js';
import { creditTypes } from './filters.js';
import { filterOf } from './rows.js';
import type { ActivityRow } from './rows.js';
import { useActivity } from './useActivity.js';
import type { Asked } from './useActivity.js';
import styles from './ActivityRoom.module.css';

learn(messages);

const height = 720;

/** Every movement of credits with its reason, newest first and live, of what the address asks for. */
export default function ActivityRoom() {
  const { accountId } = useAccount();
  const [chosen, choose] = useSearchOf(activityRoomSearch);
  const asked: Asked = { accountId, creditType: creditTypes[chosen.credits], filter: filterOf(chosen) };
  return (
    <div className={styles.room}>
      <div className={styles.top}>
        <ActivityFilters chosen={chosen} choose={choose} />
        <ActivityExport asked={asked} chosen={chosen} />
      </div>
      <Movements
        key={JSON.stringify(asked)}
        asked={asked}
        open={chosen.entry}
        onOpen={(entry) => choose({ entry })}
        isNarrowed={isNarrowed(chosen)}
      />
    </div>
  );
}

type MovementsProps = {
  asked: Asked;
  /** The entry that is shown whole; null: none. */
  open: string | null;
  onOpen: (entry: string | null) => void;
  isNarrowed: boolean;
};

function Movements({ asked, open, onOpen, isNarrowed: isPart }: MovementsProps) {
  const { standard, scan } = useAccount();
  const { rows, more, isAsking, problem } = useActivity(asked);
  const version = standard === null ? null : `${standard.version} ${scan?.version ?? ''}`;
  useOnChange(version, 1_000, () => void rows.again());
  return (
    <Part
      what={t`Activity`}
      of={rows}
      height={height}
      isEmpty={(list) => list.length === 0 && more === null}
      empty={
        <Empty icon={<ListChecks size={20} />} title={t`Nothing has moved here`} height={320}>
          {isPart
            ? t`Other days, kinds, projects or members may have something: clear the filters.`
            : t`Every credit that is added, held, used or given back appears here with its reason.`}
        </Empty>
      }
    >
      {(list) => (
        <>
          <List rows={list} open={open} onOpen={onOpen} more={more} isAsking={isAsking} />
          {problem !== null && <p className={styles.problem}>{problem}</p>}
          {more !== null && (
            <div className={styles.more}>
              <Button onClick={more} aria-disabled={isAsking}>
                {isAsking ? t`Asking for earlier ones` : t`Show earlier ones`}
              </Button>
            </div>
          )}
        </>
      )}
    </Part>
  );
}

/** So many rows are looked through for one that the address names. */
const lookedThrough = 500;

type ListProps = {
  rows: readonly ActivityRow[];
  open: string | null;
  onOpen: (entry: string | null) => void;
  more: (() => void) | null;
  isAsking: boolean;
};

function List({ rows, open, onOpen, more, isAsking }: ListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [above, seeNewest] = useKeptPlace(list, rows);
  const isThere = open === null || rows.some(({ id }) => id === open);
  const looksOn = !isThere && more !== null && !isAsking && rows.length < lookedThrough;
  useEffect(() => {
    if (looksOn) more?.();
  }, [looksOn, more]);
  // A link to a row leads to it, once.
  const [linked] = useState(open);
  const isLinkedThere = linked !== null && rows.some(({ id }) => id === linked);
  useEffect(() => {
    if (!isLinkedThere || linked === null) return;
    list.current?.querySelector(`[data-entry="${CSS.escape(linked)}"]`)?.scrollIntoView({ block: 'center' });
  }, [isLinkedThere, linked]);
  return (
    <>
      {!isThere && (more === null || rows.length >= lookedThrough) && (
        <p
          className={styles.problem}
        >{t`The row of this link is not among what is shown: it may be of other days or of another account.`}</p>
      )}
      {above > 0 && (
        <Button className={styles.above} onClick={seeNewest}>
          {t`${above} new above`}
        </Button>
      )}
      <ol ref={list} className={styles.list} data-movements>
        {rows.map((row) => (
          <ActivityItem
            key={row.id}
            row={row}
            isOpen={row.id === open}
            onOpen={() => onOpen(row.id === open ? null : row.id)}
          />
        ))}
      </ol>
    </>
  );
}

/**
 * Keeps what is read where it is while new rows come above it: whoever has scrolled down is moved by as much as they take.
 *
 * @returns how many came above since, and how to go to them
 */
function useKeptPlace(list: React.RefObject<HTMLOListElement | null>, rows: readonly ActivityRow[]) {
  const [above, setAbove] = useState(0);
  const first = useRef(rows[0]?.id ?? null);
  useLayoutEffect(() => {
    const before = first.current;
    first.current = rows[0]?.id ?? null;
    if (list.current === null || before === null || before === first.current) return;
    const row = list.current.querySelector(`[data-entry="${CSS.escape(before)}"]`);
    const top = list.current.getBoundingClientRect().top;
    if (row === null || top >= 0) return;
    const added = row.getBoundingClientRect().top - top;
    scrollBy({ top: added, behavior: 'instant' });
    setAbove((count) => count + rows.findIndex(({ id }) => id === before));
  }, [rows, list]);
  useEffect(() => {
    if (above === 0) return;
    const look = (): void => {
      if ((list.current?.getBoundingClientRect().top ?? 0) >= 0) setAbove(0);
    };
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  }, [above, list]);
  const seeNewest = (): void => {
    setAbove(0);
    scrollTo({ top: 0, behavior: 'smooth' });
  };
  return [above, seeNewest] as const;
}
