/** `npm start` with a database of its own, ended in every way that npm can be: server and database end, in order. */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endNpm, makeCheckout, NPM_ENDINGS } from '../server/dist/testing/test-npm.js';

export async function prove({ check }) {
  const checkout = mkdtempSync(join(realpathSync(tmpdir()), 'aibc-credits-signals-'));
  // The embedded database's own user has to be able to enter.
  chmodSync(checkout, 0o755);
  try {
    makeCheckout(checkout);
    for (const ending of NPM_ENDINGS) check(ending.name, (await endNpm(checkout, ending)).join('; '));
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
}
