import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROWS_A_FETCH = 5_000;

interface KeptRow {
  readonly account_id: string;
  readonly scope: string;
  readonly key: string;
  readonly input: string;
  readonly outcome: string;
  readonly reservation_id: string | null;
}

function mix(hash: number, text: string): number {
  let mixed = hash;
  for (let index = 0; index < text.length; index++) mixed = Math.imul(mixed ^ text.charCodeAt(index), 16_777_619);
  return Math.imul(mixed ^ 0x1_0000, 16_777_619);
}

/** As the ledger's `digestOfKept` was when this was written. */
function digestOf({ scope, key, input, outcome, reservation_id: reservationId }: KeptRow): number {
  return mix(mix(mix(mix(mix(-2_128_831_035, scope), key), input), outcome), reservationId ?? '');
}

/** An account's digest of the answers that it keeps under its keys, so that one that is lost shows. */
export class KeptDigest1700000006100 implements MigrationInterface {
  name = 'KeptDigest1700000006100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger_account ADD COLUMN kept_digest integer NOT NULL DEFAULT 0');
    // Whoever still writes waits, so that every answer is in the digest.
    await runner.query('LOCK TABLE ledger_account, journal IN SHARE ROW EXCLUSIVE MODE');
    await runner.query(`
      DECLARE kept NO SCROLL CURSOR FOR SELECT account_id, scope, idempotency_key AS key, input, outcome, reservation_id
      FROM journal WHERE idempotency_key IS NOT NULL ORDER BY account_id`);
    const digests = new Map<string, number>();
    for (;;) {
      const rows = (await runner.query(`FETCH ${ROWS_A_FETCH} FROM kept`)) as KeptRow[];
      for (const row of rows) digests.set(row.account_id, (digests.get(row.account_id) ?? 0) ^ digestOf(row));
      // The last account's answers may go on behind this fetch.
      const last = rows.at(-1)?.account_id;
      await write(
        runner,
        [...digests].filter(([id]) => id !== last),
      );
      const open = last === undefined ? undefined : digests.get(last);
      digests.clear();
      if (last === undefined || open === undefined) break;
      digests.set(last, open);
    }
    await runner.query('CLOSE kept');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger_account DROP COLUMN kept_digest');
  }
}

async function write(runner: QueryRunner, digests: readonly (readonly [id: string, digest: number])[]): Promise<void> {
  if (digests.length === 0) return;
  await runner.query(
    `UPDATE ledger_account a SET kept_digest = u.digest FROM unnest($1::uuid[], $2::integer[]) AS u(account_id, digest)
      WHERE a.account_id = u.account_id`,
    [digests.map(([id]) => id), digests.map(([, digest]) => digest)],
  );
}
