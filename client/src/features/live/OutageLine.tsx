import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CloudOff, RotateCw, WifiOff } from 'lucide-react';
import { tryNow } from '../../apollo/socket.js';
import type { Outage } from '../../apollo/freshness.js';
import { Button } from '../../ui/Button.js';
import { Instant } from '../../ui/Instant.js';
import { waitingWords } from './outage.js';
import styles from './OutageLine.module.css';

/** One line for one outage, whatever waits for it: its cause, how old the numbers are, and that asking goes on. */
export function OutageLine({ outage }: { outage: Outage }) {
  const Shape = outage.cause === 'offline' ? WifiOff : CloudOff;
  return (
    <section className={styles.line} aria-label={t`Connection`} data-outage={outage.cause}>
      <div className={styles.inner}>
        <Shape size={16} aria-hidden="true" />
        <p>
          <b>{waitingWords(outage)}</b>{' '}
          <span>
            <Trans>
              Numbers are from <Instant at={outage.since} show="time" />.
            </Trans>
          </span>{' '}
          <span className={styles.more}>{t`This page asks again by itself.`}</span>
        </p>
        <Button tone="quiet" onClick={tryNow} className={styles.now}>
          <RotateCw size={14} aria-hidden="true" /> {t`Try now`}
        </Button>
      </div>
    </section>
  );
}
