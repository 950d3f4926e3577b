import { ensureProgram } from './system-program.mjs';

/** PgBouncer for the proof of poolers. @returns its path, or null after saying how to get one */
export const ensurePgBouncer = () =>
  ensureProgram({
    name: 'PgBouncer',
    places: ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'],
    packages: ['pgbouncer'],
    purpose: 'the proof of poolers',
    variable: 'PGBOUNCER_PATH',
  });
