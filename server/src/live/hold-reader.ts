import type pg from 'pg';
import { ledgerTypes } from '../db/ledger-types.js';
import type { ReservationState } from '../ledger/core/state.js';
import { ACCOUNT_VERSION } from '../ledger/rows/account-rows.js';
import { RESERVATION, toReservation } from '../ledger/rows/reservation-rows.js';
import type { Row } from '../ledger/wire/flight.js';

const VERSIONS = {
  name: 'live_hold_versions',
  text: `/* live.hold_versions */ SELECT ${ACCOUNT_VERSION.select('a')} FROM ledger_account a WHERE a.account_id = ANY ($1::uuid[])`,
  types: ledgerTypes,
};
/** The open holds of an account, in the order in which they changed last. */
const OPEN = {
  name: 'live_open_holds',
  text: `/* live.open_holds */ SELECT ${RESERVATION.select('r')} FROM reservation r WHERE r.account_id = $1::uuid AND r.status = 'HELD'`,
  types: ledgerTypes,
};
/** The reservations that groups of accounts name, each as it is now: the journal finds them, since no index is of what changes in their rows. */
const CHANGED = {
  name: 'live_changed_holds',
  text: `/* live.changed_holds */ SELECT ${RESERVATION.select('r')}
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS u(account_id, after, until), LATERAL (
      SELECT DISTINCT j.reservation_id FROM journal j
      WHERE j.account_id = u.account_id AND j.version > u.after AND j.version <= u.until AND j.ordinal = 0 AND j.reservation_id IS NOT NULL
    ) c, LATERAL (
      SELECT * FROM reservation s WHERE s.account_id = u.account_id AND s.reservation_id = c.reservation_id LIMIT 1) r`,
  types: ledgerTypes,
};

/** A span of an account's versions: after the first, up to the last. */
export interface Span {
  readonly accountId: string;
  readonly after: number;
  readonly until: number;
}

/** Reads reservations of accounts that are watched. It only reads: what is due is closed by whoever closes it. */
export class HoldReader {
  constructor(private readonly pool: Pick<pg.Pool, 'query'>) {}

  async #read(query: typeof OPEN, values: readonly unknown[]): Promise<readonly ReservationState[]> {
    const { rows } = await this.pool.query<Row>({ ...query, values: [...values] });
    return RESERVATION.read(rows)
      .map(toReservation)
      .sort((a, b) => a.version - b.version);
  }

  /** The versions of accounts; one that is not there is left out. */
  async versions(accountIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.pool.query<Row>({ ...VERSIONS, values: [accountIds] });
    return new Map(ACCOUNT_VERSION.read(rows).map(({ id, version }) => [id, version]));
  }

  /**
   * The open holds of an account, and a version: all that happened after it is still to be told.
   *
   * The version is read first. So what opened or closed a hold between the two looks has a later one.
   */
  async open(accountId: string): Promise<{ readonly version: number; readonly holds: readonly ReservationState[] }> {
    const version = (await this.versions([accountId])).get(accountId) ?? 0;
    return { version, holds: await this.#read(OPEN, [accountId]) };
  }

  /** The reservations that changed within spans, each as it is now, the one that changed first in front. */
  async changed(spans: readonly Span[]): Promise<readonly ReservationState[]> {
    return this.#read(CHANGED, [
      spans.map(({ accountId }) => accountId),
      spans.map(({ after }) => after),
      spans.map(({ until }) => until),
    ]);
  }
}
