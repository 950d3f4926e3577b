import type { FreshnessStore } from './freshness.js';

type Counted = { id: string; version: number; history: string };

export type BackWatch = {
  /** The link told this value, in this order. */
  told: (item: Counted) => void;
};

/**
 * Notices that the server's numbers went back although it does not say that it is in another history: its database was put back
 * to an earlier state behind its back.
 *
 * The first value after an end of the link (a loss, or a pause) is what is so now. A lower version than one told before it, in the
 * same history, cannot be: what was known is then not true any more. One watch serves a session, so that it knows across pauses.
 *
 * @param onBack  called once for each time that happens
 */
export function watchForBack(freshness: Pick<FreshnessStore, 'read'>, onBack: () => void): BackWatch {
  const last = new Map<string, Counted & { epoch: number }>();
  return {
    told: ({ id, version, history }) => {
      const { epoch } = freshness.read();
      const before = last.get(id);
      last.set(id, { id, version, history, epoch });
      if (before === undefined || before.epoch === epoch) return;
      if (before.history === history && version < before.version) onBack();
    },
  };
}
