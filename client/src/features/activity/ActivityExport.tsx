import { plural, t } from '@lingui/core/macro';
import { useRef, useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { Download } from 'lucide-react';
import { messageOf } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { formatCredits } from '../../ui/format.js';
import { localDate } from '../../ui/time.js';
import { Button } from '../../ui/Button.js';
import { saveFile } from '../../ui/save-file.js';
import type { FileKind } from '../../ui/save-file.js';
import { activityCsv, activityJson } from './activity-file.js';
import type { ActivityChosen } from './activity-search.js';
import { readAll } from './useActivity.js';
import type { Asked } from './useActivity.js';
import styles from './ActivityRoom.module.css';

/** Saves everything that the filters let through, also what is further back than the screen shows. */
export function ActivityExport({ asked, chosen }: { asked: Asked; chosen: ActivityChosen }) {
  const client = useApolloClient();
  const { details, now } = useAccount();
  const [count, setCount] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const isWanted = useRef(false);
  if (details === null || now === null) return null;
  const save = async (kind: FileKind): Promise<void> => {
    isWanted.current = true;
    setProblem(null);
    setCount(0);
    try {
      const rows = await readAll(client, asked, (read) => {
        setCount(read);
        return isWanted.current;
      });
      if (rows === null) return;
      const days = [chosen.from ?? 'start', chosen.to ?? localDate(now, details.timeZone)];
      const name = ['activity', details.name, details.id.slice(-6), ...days].join('-');
      saveFile(name, kind, [kind === 'csv' ? activityCsv(rows) : activityJson(details, rows)]);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setCount(null);
    }
  };
  if (count !== null) {
    const read = formatCredits(count);
    return (
      <p className={styles.tools}>
        <span role="status">{plural(count, { one: `${read} row read`, other: `${read} rows read` })}</span>
        <Button onClick={() => (isWanted.current = false)}>{t`Stop`}</Button>
      </p>
    );
  }
  return (
    <p className={styles.tools}>
      {problem !== null && <span>{problem}</span>}
      <Button onClick={() => void save('csv')} aria-label={t`Export as CSV`}>
        <Download size={16} aria-hidden="true" /> <span>{t`CSV`}</span>
      </Button>
      <Button onClick={() => void save('json')} aria-label={t`Export as JSON`}>
        <Download size={16} aria-hidden="true" /> <span>{t`JSON`}</span>
      </Button>
    </p>
  );
}
