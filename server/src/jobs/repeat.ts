export interface Repeated {
  /** Resolves when the round under way has ended; no other begins. */
  stop(): Promise<void>;
}

export interface RepeatOptions {
  /** One round; resolves to how long the next one may wait, in ms. */
  readonly round: () => Promise<number>;
  readonly onError: (error: unknown) => void;
  /** The wait after a first failure; it doubles with each further one. */
  readonly retryAfterMs: number;
}

const RETRY_MS_MAX = 5_000;

/**
 * Runs rounds one after the other until it is stopped. A round that fails is reported and tried again, a little later
 * each time, at most 5 seconds.
 */
export function repeat({ round, onError, retryAfterMs }: RepeatOptions): Repeated {
  let isStopped = false;
  let wake: () => void = () => {};
  let failures = 0;

  async function next(): Promise<number> {
    try {
      const waitMs = await round();
      failures = 0;
      return waitMs;
    } catch (error) {
      failures += 1;
      onError(error);
      return Math.min(RETRY_MS_MAX, retryAfterMs * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
    }
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      const waitMs = await next();
      if (isStopped || waitMs <= 0) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  const running = run();
  return {
    async stop(): Promise<void> {
      isStopped = true;
      wake();
      await running;
    },
  };
}
