import { t } from '@lingui/core/macro';
import type { ComponentProps, ReactNode } from 'react';
import type { ShownFreshness } from '../../apollo/freshness.js';
import { Instant } from '../../ui/Instant.js';
import { State } from '../../ui/State.js';
import { useShownFreshness } from './useFreshness.js';

type Look = Pick<ComponentProps<typeof State>, 'shape' | 'tone' | 'isPassing'>;

const looks: Readonly<Record<ShownFreshness['kind'], Look>> = {
  live: { shape: 'dot' },
  connecting: { shape: 'ring', isPassing: true },
  reconnecting: { shape: 'ring', tone: 'low', isPassing: true },
  offline: { shape: 'diamond', tone: 'low' },
  stale: { shape: 'diamond', tone: 'low' },
  paused: { shape: 'bars' },
};

/**
 * Shape and word: live, reconnecting, stale since when, paused.
 *
 * @param isLive  what is said while the number is current; left out: that it is
 */
export function FreshnessBadge({ isShort = false, isLive = null }: { isShort?: boolean; isLive?: ReactNode }) {
  const freshness = useShownFreshness();
  return (
    <span data-freshness={freshness.kind}>
      {freshness.kind === 'live' && isLive !== null ? (
        isLive
      ) : (
        <State {...looks[freshness.kind]}>{wording(freshness, isShort)}</State>
      )}
    </span>
  );
}

function wording(freshness: ShownFreshness, isShort: boolean) {
  switch (freshness.kind) {
    case 'live':
      return t`Live`;
    case 'connecting':
      return isShort ? t`Wait` : t`Connecting`;
    case 'reconnecting':
      // In the chip there is no room for more.
      return isShort ? t`Retrying` : t`Reconnecting`;
    case 'offline':
      return isShort ? t`Offline` : <Since words={t`Offline since`} at={freshness.since} />;
    case 'stale':
      return isShort ? t`Stale` : <Since words={t`Stale since`} at={freshness.since} />;
    case 'paused':
      return isShort ? t`Paused` : <Since words={t`Paused at`} at={freshness.since} />;
  }
}

function Since({ words, at }: { words: string; at: number }) {
  return (
    <>
      <span>{words}</span> <Instant at={at} show="time" />
    </>
  );
}
