/** A step that takes longer than this is no longer waited for. */
const STEP_MS_MAX = 2_000;
/** Every step has at least so long, also when the time for all of them is up. */
const STEP_MS_LEAST = 150;
const CLOSE_MS_MAX = 8_000;

interface Step {
  readonly close: () => Promise<unknown> | void;
  readonly msMax: number;
}

/** What has been opened, to be closed in reverse. */
export class Unwinding {
  readonly #steps: Step[] = [];
  #closing: Promise<void> | null = null;

  /** @param onError  told of a step that failed or was left behind; the steps before it are taken all the same */
  constructor(private readonly onError: (error: unknown) => void) {}

  /**
   * Adds what closes the thing just opened.
   *
   * @param msMax  how long it may take; a database that does not answer must not hold the end of the process
   */
  push(close: Step['close'], msMax = STEP_MS_MAX): void {
    this.#steps.push({ close, msMax });
  }

  /**
   * Closes everything, the last first; calling it again waits for the first call.
   *
   * @param msMax  how long all of it may take
   */
  close(msMax = CLOSE_MS_MAX): Promise<void> {
    this.#closing ??= this.#unwind(performance.now() + msMax);
    return this.#closing;
  }

  async #unwind(until: number): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      const leftMs = Math.max(STEP_MS_LEAST, Math.min(step.msMax, until - performance.now()));
      try {
        await within(leftMs, step.close());
      } catch (error) {
        this.onError(error);
      }
    }
  }
}

async function within(ms: number, closing: Promise<unknown> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`was not closed within ${Math.round(ms)} ms and is left behind`)), ms);
  });
  try {
    await Promise.race([closing, late]);
  } finally {
    clearTimeout(timer);
  }
}
