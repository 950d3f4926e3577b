/**
 * Peer (b): the same rules by hand with `pg`. A pool, one transaction a request, the account row locked first, named
 * (prepared) statements, one statement per table written.
 */
import pg from 'pg';
import {
  advance,
  answerRepeated,
  canonicalCommit,
  canonicalReserve,
  decideCommit,
  decideReserve,
  newOutput,
  parseReservationId,
  priceLines,
} from '../rules.mjs';

const INT8 = 20;
const types = { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) };

export function openPgPeer({ connectionString, poolSize }) {
  const pool = new pg.Pool({ connectionString, max: poolSize, types });

  async function transaction(work) {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const answer = await work(client);
      await client.query('COMMIT');
      client.release();
      return answer;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      client.release(error);
      throw error;
    }
  }

  return {
    pool,
    close: () => pool.end(),

    async reserveCredits(input) {
      const priced = priceLines(input);
      if (priced.refusal) return priced.refusal;
      const kept = canonicalReserve(input);
      return transaction(async (client) => {
        const account = await lockAccount(client, input.accountId);
        const repeated = await findKey(client, account.id, 'reserve', input.idempotencyKey);
        if (repeated) return answerRepeated(repeated, kept);
        const now = new Date();
        const out = newOutput();
        const due = await findDueHolds(client, account.id, now);
        const grants = await run(client, READ_GRANTS, [account.id]);
        advance(account, grants, due, now, out);
        const { reservation, answer } = decideReserve(account, grants, input, priced, now, out);
        await store(client, account, due, out);
        if (reservation) await run(client, INSERT_RESERVATION, reservationValues(reservation));
        await run(client, INSERT_KEY, [
          account.id,
          'reserve',
          input.idempotencyKey,
          JSON.stringify(kept),
          JSON.stringify(answer),
          now,
        ]);
        return answer;
      });
    },

    async commitReservation(input) {
      const { accountId, uuid } = parseReservationId(input.reservationId);
      const kept = canonicalCommit(input);
      return transaction(async (client) => {
        const account = await lockAccount(client, accountId);
        const repeated = await findKey(client, account.id, 'commit', input.idempotencyKey);
        if (repeated) return answerRepeated(repeated, kept);
        const now = new Date();
        const out = newOutput();
        const due = await findDueHolds(client, account.id, now);
        const grants = await run(client, READ_GRANTS, [account.id]);
        advance(account, grants, due, now, out);
        const reservation =
          due.find((hold) => hold.id === uuid) ?? (await run(client, READ_RESERVATION, [account.id, uuid]))[0];
        if (!reservation) throw new Error('NOT_FOUND');
        const { answer } = decideCommit(account, grants, reservation, input, now, out);
        await store(client, account, [...due.filter((hold) => hold !== reservation), reservation], out);
        await run(client, INSERT_KEY, [
          account.id,
          'commit',
          input.idempotencyKey,
          JSON.stringify(kept),
          JSON.stringify(answer),
          now,
        ]);
        return answer;
      });
    },
  };
}

const run = async (client, statement, values) => (await client.query({ ...statement, values })).rows;
const findDueHolds = (client, accountId, now) => run(client, READ_DUE, [accountId, now]);
const findKey = async (client, ...values) => (await run(client, READ_KEY, values))[0];
async function lockAccount(client, id) {
  const [account] = await run(client, LOCK_ACCOUNT, [id]);
  if (!account) throw new Error('NOT_FOUND');
  return account;
}

/** Writes what changed: one statement a table. */
async function store(client, account, reservations, out) {
  await run(client, UPDATE_ACCOUNT, [
    account.id,
    account.version,
    account.periodNumber,
    account.periodStart,
    account.periodEnd,
    account.standardGranted,
    account.standardAvailable,
    account.standardHeld,
    account.standardSpent,
    account.standardExpired,
    account.scanGranted,
    account.scanAvailable,
    account.scanHeld,
    account.scanSpent,
    account.scanExpired,
    JSON.stringify(account.levels),
  ]);
  for (const grant of out.newGrants)
    await run(client, INSERT_GRANT, [
      grant.id,
      grant.accountId,
      grant.creditType,
      grant.source,
      grant.priority,
      grant.granted,
      grant.available,
      grant.held,
      grant.spent,
      grant.expired,
      grant.effectiveAt,
      grant.expiresAt,
      grant.createdAt,
    ]);
  const touched = [...out.touchedGrants];
  if (touched.length)
    await run(
      client,
      UPDATE_GRANTS,
      ['id', 'available', 'held', 'spent', 'expired'].map((name) => touched.map((grant) => grant[name])),
    );
  for (const reservation of reservations)
    await run(client, UPDATE_RESERVATION, [
      reservation.id,
      reservation.status,
      reservation.held,
      reservation.committed,
      reservation.released,
      JSON.stringify(reservation.lines),
      JSON.stringify(reservation.draws),
      reservation.outcome,
      reservation.version,
      reservation.closedAt,
    ]);
  if (out.entries.length)
    await run(
      client,
      INSERT_ENTRIES,
      ENTRY_FIELDS.map((name) => out.entries.map((entry) => entry[name])),
    );
  if (out.usage.length)
    await run(
      client,
      INSERT_USAGE,
      USAGE_FIELDS.map((name) => out.usage.map((row) => row[name])),
    );
  for (const event of out.events)
    await run(client, INSERT_EVENT, [
      event.id,
      event.accountId,
      event.version,
      event.type,
      JSON.stringify(event.data),
      event.createdAt,
    ]);
}
const reservationValues = (r) => [
  r.id,
  r.accountId,
  r.creditType,
  r.status,
  r.reserved,
  r.held,
  r.committed,
  r.released,
  JSON.stringify(r.lines),
  JSON.stringify(r.draws),
  r.priceListVersion,
  r.project,
  r.member,
  r.reference,
  r.version,
  r.createdAt,
  r.expiresAt,
];

const ENTRY_FIELDS = [
  'id',
  'accountId',
  'version',
  'ordinal',
  'kind',
  'creditType',
  'amount',
  'availableBefore',
  'availableAfter',
  'heldBefore',
  'heldAfter',
  'grantId',
  'reservationId',
  'actor',
  'at',
  'explanation',
];
const USAGE_FIELDS = [
  'id',
  'accountId',
  'reservationId',
  'day',
  'feature',
  'type',
  'operation',
  'project',
  'member',
  'credits',
  'operations',
];

const ACCOUNT_COLUMNS = `id, plan, version, period_number AS "periodNumber", period_start AS "periodStart", period_end AS "periodEnd",
  standard_granted AS "standardGranted", standard_available AS "standardAvailable", standard_held AS "standardHeld", standard_spent AS "standardSpent", standard_expired AS "standardExpired",
  scan_granted AS "scanGranted", scan_available AS "scanAvailable", scan_held AS "scanHeld", scan_spent AS "scanSpent", scan_expired AS "scanExpired", levels`;
const RESERVATION_COLUMNS = `id, account_id AS "accountId", credit_type AS "creditType", status, reserved, held, committed, released, lines, draws, project, member, outcome, version, created_at AS "createdAt", expires_at AS "expiresAt", closed_at AS "closedAt"`;
const GRANT_COLUMNS = `id, account_id AS "accountId", credit_type AS "creditType", source, priority, granted, available, held, spent, expired, effective_at AS "effectiveAt", expires_at AS "expiresAt", created_at AS "createdAt"`;

const LOCK_ACCOUNT = { name: 'lock_account', text: `SELECT ${ACCOUNT_COLUMNS} FROM account WHERE id = $1 FOR UPDATE` };
const READ_KEY = {
  name: 'read_key',
  text: 'SELECT input, answer FROM idempotency_key WHERE account_id = $1 AND scope = $2 AND key = $3',
};
const READ_DUE = {
  name: 'read_due',
  text: `SELECT ${RESERVATION_COLUMNS} FROM reservation WHERE account_id = $1 AND status = 'HELD' AND expires_at <= $2 ORDER BY expires_at`,
};
const READ_GRANTS = {
  name: 'read_grants',
  text: `SELECT ${GRANT_COLUMNS} FROM credit_grant WHERE account_id = $1 AND (available > 0 OR held > 0)`,
};
const READ_RESERVATION = {
  name: 'read_reservation',
  text: `SELECT ${RESERVATION_COLUMNS} FROM reservation WHERE account_id = $1 AND id = $2`,
};
const UPDATE_ACCOUNT = {
  name: 'update_account',
  text: `UPDATE account SET version = $2, period_number = $3, period_start = $4, period_end = $5, standard_granted = $6, standard_available = $7, standard_held = $8, standard_spent = $9,
         standard_expired = $10, scan_granted = $11, scan_available = $12, scan_held = $13, scan_spent = $14, scan_expired = $15, levels = $16 WHERE id = $1`,
};
const INSERT_GRANT = {
  name: 'insert_grant',
  text: 'INSERT INTO credit_grant VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
};
const UPDATE_GRANTS = {
  name: 'update_grants',
  text: `UPDATE credit_grant g SET available = u.available, held = u.held, spent = u.spent, expired = u.expired
         FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS u (id, available, held, spent, expired) WHERE g.id = u.id`,
};
const INSERT_RESERVATION = {
  name: 'insert_reservation',
  text: `INSERT INTO reservation (id, account_id, credit_type, status, reserved, held, committed, released, lines, draws, price_list_version, project, member, reference, version, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
};
const UPDATE_RESERVATION = {
  name: 'update_reservation',
  text: 'UPDATE reservation SET status = $2, held = $3, committed = $4, released = $5, lines = $6, draws = $7, outcome = $8, version = $9, closed_at = $10 WHERE id = $1',
};
const INSERT_ENTRIES = {
  name: 'insert_entries',
  text: `INSERT INTO journal SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::int[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],
         $12::uuid[], $13::uuid[], $14::text[], $15::timestamptz[], $16::text[])`,
};
const INSERT_USAGE = {
  name: 'insert_usage',
  text: 'INSERT INTO usage_entry SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::int[])',
};
const INSERT_EVENT = { name: 'insert_event', text: 'INSERT INTO event VALUES ($1, $2, $3, $4, $5, $6)' };
const INSERT_KEY = { name: 'insert_key', text: 'INSERT INTO idempotency_key VALUES ($1, $2, $3, $4, $5, $6)' };
