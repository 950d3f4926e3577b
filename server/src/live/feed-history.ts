import type { History } from '../db/history.js';
import type { FeedPage } from './event-store.js';

/**
 * Whether a page of the feed was read in another history than the one this process is in, so that it has to be read again once this process has
 * found out about the other.
 *
 * @param position  the place after which it was read, which the feed had reached before
 */
export async function isOfAnother(
  history: Pick<History, 'present' | 'look' | 'saw' | 'wentBack'>,
  { head, historyId }: FeedPage,
  position: number,
): Promise<boolean> {
  const era = history.present;
  if (historyId !== era.id) await history.look();
  else if (head < position) await history.wentBack(era.id, 'the feed of events went back');
  else {
    history.saw(head);
    return false;
  }
  return true;
}
