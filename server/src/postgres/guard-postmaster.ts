import type { PostgresHome } from './postgres-home.js';
import { isAlive, type Postmaster } from './postmaster.js';

const LOOK_MS = 1_000;
/** After a start that failed. */
const REST_MS = 15_000;

/**
 * Starts a server that died again, while it is used: its users only have to connect anew.
 *
 * Any number of processes may guard one server; whoever is first starts it.
 *
 * @param start  starts a server, or finds the one that somebody else has started
 * @param say  told in a sentence what happened
 */
export function guardPostmaster(
  first: Postmaster,
  home: PostgresHome,
  start: () => Promise<{ readonly postmaster: Postmaster }>,
  say: (message: string) => void,
): { stop(): Promise<void> } {
  let postmaster = first;
  let starting: Promise<void> | null = null;
  let restUntil = 0;
  const startAgain = async (): Promise<void> => {
    say('The embedded database is gone: starting it again.');
    try {
      ({ postmaster } = await start());
      if (postmaster.port !== first.port)
        say(`Its port was taken meanwhile, it is at ${postmaster.port} now: restart whatever uses it.`);
    } catch (error) {
      restUntil = Date.now() + REST_MS;
      say(error instanceof Error ? error.message : String(error));
    }
  };
  const timer = setInterval(() => {
    if (starting !== null || Date.now() < restUntil || isAlive(postmaster, home)) return;
    starting = startAgain().finally(() => {
      starting = null;
    });
  }, LOOK_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await starting;
    },
  };
}
