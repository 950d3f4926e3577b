import { t } from '@lingui/core/macro';
import { useAccount } from '../domain/account.js';
import { useWatchedWish } from '../features/production/useWatchedWish.js';
import { useWish } from '../features/production/wish.js';
import type { Wish } from '../features/production/wish.js';
import { messages } from '../words/en/WatchedWish.po';
import { learn } from '../words/words.js';
import { DraftLink } from './DraftLink.js';

learn(messages);

/** Watches what somebody wants to make and cannot have yet, in every room. Shows nothing itself. */
export default function WatchedWish() {
  const wish = useWish(useAccount().accountId);
  return wish === null ? null : <Watching key={wish.code} wish={wish} />;
}

function Watching({ wish }: { wish: Wish }) {
  useWatchedWish(wish, <DraftLink code={wish.code}>{t`Make it`}</DraftLink>);
  return null;
}
