import type pg from 'pg';
import type { CommittedWork } from '../core/spending.js';
import type { LoadedAccount } from '../core/state.js';
import { COMMITTED } from '../rows/journal-rows.js';
import { RESERVATION, toReservation } from '../rows/reservation-rows.js';
import { all, type Row, run } from '../wire/flight.js';
import { Parameters } from '../wire/parameters.js';
import { COMMITS, COMMITTED_RESERVATIONS } from './load-statements.js';

/** Loads the commits of an account from a version on, to tell who spent most of an hour. What the batch itself has decided is not among them. */
export async function loadCommits(client: pg.Client, account: LoadedAccount, since: number): Promise<void> {
  const wanted = new Parameters()
    .column('uuid', [account], ({ head }) => head.id)
    .column('bigint', [since], (version) => version)
    .values();
  const [commits, rows] = await all<[Row[], Row[]]>([
    run(client, COMMITS, wanted),
    run(client, COMMITTED_RESERVATIONS, wanted),
  ]);
  const reservations = new Map<string, CommittedWork>();
  for (const row of RESERVATION.read(rows)) reservations.set(row.id, toReservation(row));
  const entries = COMMITTED.read(commits).flatMap(({ reservationId, creditType, amount }) =>
    reservationId === null || creditType === null || amount === null ? [] : [{ reservationId, creditType, amount }],
  );
  account.commits = { since, entries, reservations };
}
