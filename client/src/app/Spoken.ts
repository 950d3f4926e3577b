import { t } from '@lingui/core/macro';
import { useEffect, useRef } from 'react';
import { useAccount } from '../domain/account.js';
import { balanceSentence } from '../domain/balance.js';
import { waitingWords } from '../features/live/outage.js';
import { useShownFreshness } from '../features/live/useFreshness.js';
import { useAnnouncer } from '../ui/Announce.js';

/** Tells screen readers at once that the page waits for the server or for a network. Shows nothing. */
export function SpokenOutage(): null {
  const freshness = useShownFreshness();
  const announcer = useAnnouncer();
  const words =
    freshness.kind === 'stale' || freshness.kind === 'offline'
      ? waitingWords({ cause: freshness.kind === 'offline' ? 'offline' : 'server' })
      : null;
  useEffect(() => {
    if (words !== null) announcer.now(t`${words} The numbers on this page may be out of date.`);
  }, [words, announcer]);
  return null;
}

/** Tells screen readers each change of the balance, when they are idle. Shows nothing. */
export function SpokenBalance(): null {
  const { standard } = useAccount();
  const announcer = useAnnouncer();
  const said = useRef<string | null>(null);
  const sentence = standard === null ? null : balanceSentence(standard);
  useEffect(() => {
    if (sentence === null || sentence === said.current) return;
    // The first balance is read on the page; only what changes is spoken.
    if (said.current !== null && !document.hidden) announcer.later(sentence);
    said.current = sentence;
  }, [sentence, announcer]);
  return null;
}
