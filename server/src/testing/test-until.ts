import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 10;
/** A busy machine takes its time; what never comes is told before the test itself is given up. */
const WAIT_MS_MAX = 50_000;

/**
 * Waits until a condition holds. It is looked at every few milliseconds, and only its own time limit fails it.
 *
 * @param told  what else explains that it does not hold, as a log or what was seen last
 * @returns how long that took, milliseconds
 * @throws Error with the condition as it is written, and what is told
 */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  withinMs = WAIT_MS_MAX,
  told?: () => string,
): Promise<number> {
  const startedAt = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedAt > withinMs) {
      const condition = String(isSo).replace(/\s+/g, ' ');
      throw new Error(`not within ${withinMs} ms: ${condition}${told === undefined ? '' : `\n${told()}`}`);
    }
    await sleep(LOOK_MS);
  }
  return performance.now() - startedAt;
}
