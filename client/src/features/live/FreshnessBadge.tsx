import { t } from '@lingui/core/macro';
import type { ShownFreshness } from '../../apollo/freshness.js';
import { Instant } from '../../ui/Instant.js';
import { useShownFreshness } from './useFreshness.js';
import styles from './FreshnessBadge.module.css';

/** Dot and word: live, reconnecting, stale since when, paused. The dot's shape differs too. */
export function FreshnessBadge({ isShort = false }: { isShort?: boolean }) {
  const freshness = useShownFreshness();
  return (
    <span className={styles.badge} data-kind={freshness.kind} data-freshness={freshness.kind}>
      <i aria-hidden="true" />
      <span>{wording(freshness, isShort)}</span>
    </span>
  );
}

function wording(freshness: ShownFreshness, isShort: boolean) {
  switch (freshness.kind) {
    case 'live':
      return t`Live`;
    case 'connecting':
      return t`Connecting`;
    case 'reconnecting':
      // Beside the name of the page on a phone there is no room for more.
      return isShort ? t`Retrying` : t`Reconnecting`;
    case 'offline':
      return isShort ? (
        t`Offline`
      ) : (
        <>
          <span>{t`Offline since`}</span> <Instant at={freshness.since} show="time" />
        </>
      );
    case 'stale':
      return isShort ? (
        t`Stale`
      ) : (
        <>
          <span>{t`Stale since`}</span> <Instant at={freshness.since} show="time" />
        </>
      );
    case 'paused':
      return isShort ? (
        t`Paused`
      ) : (
        <>
          <span>{t`Paused at`}</span> <Instant at={freshness.since} show="time" />
        </>
      );
  }
}
