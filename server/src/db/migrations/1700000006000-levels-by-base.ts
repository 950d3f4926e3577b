import type { MigrationInterface, QueryRunner } from 'typeorm';

const CREDIT_TYPES = ['STANDARD', 'SCAN'] as const;

/** A column of one credit type, as `standard_levels`. */
const of = (creditType: string, column: string): string => `${creditType.toLowerCase()}_${column}`;

/** The most that available + held of an account `a` has been since its last reset or its birth, at the ends of entry groups. */
function baseOf(creditType: string): string {
  const entries = `FROM journal j WHERE j.account_id = a.account_id AND j.credit_type = '${creditType}' AND j.kind IS NOT NULL`;
  const start = `(SELECT max(s.version) FROM journal s WHERE s.account_id = a.account_id AND s.command IN ('open', 'reset-period'))`;
  return `greatest(
    coalesce((SELECT j.available_after + j.held_after ${entries} AND j.version <= ${start} ORDER BY j.version DESC, j.ordinal DESC LIMIT 1), 0),
    coalesce((SELECT max(g.total) FROM (SELECT DISTINCT ON (j.version) j.available_after + j.held_after AS total ${entries}
      AND j.version > ${start} ORDER BY j.version, j.ordinal DESC) g), 0))`;
}

/** Rules as text with the base that SQL says, and the threshold at which each that has fired did so: by the base it had until now. */
function levelsWith(levels: string, base: string): string {
  const part = (place: number): string => `split_part(r.rule, ',', ${place})`;
  const firedAt = `CASE WHEN ${part(5)} <> '1' THEN '' WHEN ${part(2)} <> ''
    THEN floor(${part(4)}::numeric * ${part(2)}::numeric / 100)::bigint::text ELSE ${part(3)} END`;
  return `coalesce((SELECT string_agg(concat_ws(',', ${part(1)}, ${part(2)}, ${part(3)}, ${base}, ${part(5)}, ${firedAt}), '|' ORDER BY r.place)
    FROM unnest(string_to_array(${levels}, '|')) WITH ORDINALITY AS r(rule, place)), '')`;
}

/** What is left of bonuses of a credit type. */
const bonusOf = (creditType: string): string =>
  `coalesce((SELECT sum(g.available) FROM credit_grant g WHERE g.account_id = a.account_id AND g.is_open
    AND g.source = 'BONUS' AND g.credit_type = '${creditType}'), 0)`;

/** Accounts whose balance reads otherwise from now on: a bonus changes its place, or EMPTY had fired and something is there. */
const READS_OTHERWISE = `EXISTS (SELECT FROM credit_grant g WHERE g.account_id = a.account_id AND g.is_open AND g.available > 0 AND g.source = 'BONUS')
  OR ${CREDIT_TYPES.map(
    (creditType) =>
      `(a.${of(creditType, 'available')} > a.${of(creditType, 'waiting')} AND a.${of(creditType, 'levels')} ~ '(^|[|])E,[^,|]*,[^,|]*,[^,|]*,1(,|[|]|$)')`,
  ).join(' OR ')}`;

/**
 * Low-balance rules by one base: the most that available + held has been since the last reset, and where each fired rule had fired.
 * Bonuses of operators move from `purchased` to `promotional`.
 *
 * No two different balances share a version: an account whose balance reads otherwise takes a version, an empty entry group. What has
 * fired stays fired until the next start or rise.
 */
export class LevelsByBase1700000006000 implements MigrationInterface {
  name = 'LevelsByBase1700000006000';

  async up(runner: QueryRunner): Promise<void> {
    await takeVersions(runner, READS_OTHERWISE);
    await runner.query(`
      UPDATE ledger_account a SET ${CREDIT_TYPES.map(
        (creditType) => `${of(creditType, 'levels')} = b.${of(creditType, 'levels')}`,
      ).join(', ')}
      FROM (SELECT a.account_id, ${CREDIT_TYPES.map(
        (creditType) =>
          `${levelsWith(`a.${of(creditType, 'levels')}`, baseOf(creditType))} AS ${of(creditType, 'levels')}`,
      ).join(', ')} FROM ledger_account a) b
      WHERE b.account_id = a.account_id`);
    await moveBonus(runner, 'purchased', 'promotional');
  }

  async down(runner: QueryRunner): Promise<void> {
    await takeVersions(runner, READS_OTHERWISE);
    await runner.query(`
      UPDATE ledger_account SET ${CREDIT_TYPES.map((creditType) => {
        const levels = of(creditType, 'levels');
        return `${levels} = regexp_replace(${levels}, '([01]),[0-9]*(?=[|]|$)', '\\1', 'g')`;
      }).join(', ')}`);
    await moveBonus(runner, 'promotional', 'purchased');
  }
}

/** An empty entry group for each account of a condition on `a`. */
async function takeVersions(runner: QueryRunner, condition: string): Promise<void> {
  await runner.query(`
    WITH changed AS (UPDATE ledger_account a SET version = version + 1 WHERE ${condition}
      RETURNING a.account_id, a.version, a.changed_at)
    INSERT INTO journal (account_id, version, ordinal, command, actor, at)
      SELECT account_id, version, 0, 'migrate', 'system', changed_at FROM changed ORDER BY account_id`);
}

async function moveBonus(runner: QueryRunner, from: string, to: string): Promise<void> {
  for (const creditType of CREDIT_TYPES)
    await runner.query(`
      UPDATE ledger_account a SET ${of(creditType, from)} = a.${of(creditType, from)} - b.bonus,
        ${of(creditType, to)} = a.${of(creditType, to)} + b.bonus
      FROM (SELECT a.account_id, ${bonusOf(creditType)} AS bonus FROM ledger_account a) b
      WHERE b.account_id = a.account_id AND b.bonus > 0`);
}
