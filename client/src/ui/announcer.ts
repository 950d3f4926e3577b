/** Passive changes are spoken at most this often. */
export const quietBetweenMs = 30_000;

export type Announcer = {
  /** The viewer's own result, or a threshold: spoken at once. */
  now: (sentence: string) => void;
  /** A passive change: at most one in 30 s, the latest wins, none that was just said. */
  later: (sentence: string) => void;
  stop: () => void;
};

/**
 * One voice for the whole page: whole sentences into one status region.
 *
 * @param speak  puts a sentence into the region
 * @param clock  time and timers, said by tests
 */
export function createAnnouncer(
  speak: (sentence: string) => void,
  clock: { now: () => number; after: (ms: number, run: () => void) => () => void },
): Announcer {
  let saidAt = Number.NEGATIVE_INFINITY;
  let said = '';
  let pending: string | null = null;
  let cancel: (() => void) | null = null;

  const say = (sentence: string): void => {
    saidAt = clock.now();
    said = sentence;
    speak(sentence);
  };
  const flush = (): void => {
    cancel = null;
    const sentence = pending;
    pending = null;
    if (sentence !== null && sentence !== said) say(sentence);
  };
  return {
    now: (sentence) => {
      // What was waiting is older than this; the next passive change starts a new wait.
      cancel?.();
      cancel = null;
      pending = null;
      say(sentence);
    },
    later: (sentence) => {
      pending = sentence;
      if (cancel !== null) return;
      const wait = saidAt + quietBetweenMs - clock.now();
      if (wait <= 0) flush();
      else cancel = clock.after(wait, flush);
    },
    stop: () => cancel?.(),
  };
}
