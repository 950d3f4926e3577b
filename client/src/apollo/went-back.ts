import type { FreshnessStore } from './freshness.js';

type Counted = { id: string; version: number; history: string };

export type BackWatch = {
  /** The link told this value, in this order. */
  told: (item: Counted) => void;
  stop: () => void;
};

/**
 * Notices that the server's numbers went back although it does not say that it is in another history: its database was put back
 * to an earlier state behind its back.
 *
 * The first value after a loss of the link is what is so now. A lower version than one told before the loss, in the same history,
 * cannot be: what was known is then not true any more.
 *
 * @param onBack  called once for each time that happens
 */
export function watchForBack(freshness: Pick<FreshnessStore, 'read' | 'subscribe'>, onBack: () => void): BackWatch {
  const last = new Map<string, Counted & { isBeforeLoss: boolean }>();
  const stop = freshness.subscribe(() => {
    if (freshness.read().phase !== 'lost') return;
    for (const [id, item] of last) last.set(id, { ...item, isBeforeLoss: true });
  });
  return {
    told: (item) => {
      const before = last.get(item.id);
      const isBack =
        before !== undefined && before.isBeforeLoss && before.history === item.history && item.version < before.version;
      last.set(item.id, { id: item.id, version: item.version, history: item.history, isBeforeLoss: false });
      if (isBack) onBack();
    },
    stop,
  };
}
