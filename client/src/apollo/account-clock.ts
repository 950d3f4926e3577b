/** What the server said of an account's time; epoch ms. */
export type ToldClock = {
  now: number;
  /** The server's wall clock at the same moment. */
  wallClock: number;
  /** Whether it runs on by itself: a live account's. A sandbox account's stands between moves. */
  runs: boolean;
};

/** The account's time as every age, countdown and day on the page reads it. */
export type ShownClock = {
  /** Epoch ms; null until it is known. */
  now: number | null;
  /** Whether a test clock was moved ahead of the server's wall clock; it then stands still. */
  isAhead: boolean;
};

export type AccountClock = {
  /** The same object until what is shown changes. */
  read: () => ShownClock;
  /** The live link said so: it is believed, also when it is earlier. */
  tell: (told: ToldClock) => void;
  /** An answer or a balance carries this instant: the clock is there or later. */
  atLeast: (now: number, runs: boolean) => void;
  subscribe: (listener: () => void) => () => void;
};

/** What is shown moves in steps of this: no age or countdown on the page is finer than a minute. */
export const stepMs = 10_000;
/** Less than this is no test clock, only two clocks. */
const aheadMs = 5 * 60_000;

/** Monotonic time and a repeating timer; said by tests. */
export type Ticks = { now: () => number; every: (ms: number, run: () => void) => () => void };

const realTicks: Ticks = {
  now: () => performance.now(),
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};

/**
 * One clock for all that counts time on the account's side. It is the server's, whatever the viewer's machine believes:
 * a live account's runs on from what was told last, a sandbox account's stands until the server tells of a move.
 */
export function createAccountClock(ticks: Ticks = realTicks): AccountClock {
  let known: { now: number; wallClock: number; runs: boolean; readAt: number } | null = null;
  let shown: ShownClock = { now: null, isAhead: false };
  const listeners = new Set<() => void>();
  let stop: (() => void) | null = null;

  const present = (): number | null =>
    known === null ? null : known.runs ? known.now + (ticks.now() - known.readAt) : known.now;
  const show = (): void => {
    const now = present();
    const isAhead = known !== null && !known.runs && known.now - known.wallClock > aheadMs;
    const isStep = shown.now === null || now === null || now < shown.now || now - shown.now >= stepMs;
    if (!isStep && isAhead === shown.isAhead) return;
    shown = { now, isAhead };
    for (const listener of listeners) listener();
  };
  return {
    read: () => shown,
    tell: (told) => {
      known = { ...told, readAt: ticks.now() };
      show();
    },
    atLeast: (now, runs) => {
      const before = present();
      if (before !== null && before >= now) return;
      known = { now, wallClock: known?.wallClock ?? Date.now(), runs, readAt: ticks.now() };
      show();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      stop ??= ticks.every(stepMs, show);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = null;
      };
    },
  };
}
