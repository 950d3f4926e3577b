import type { CreditType } from '../catalog/catalog.js';
import { balanceOf } from '../ledger/core/balance.js';
import type { Outcome, Refusal } from '../ledger/core/outcome.js';
import { GRANT, toGrant } from '../ledger/rows/grant-rows.js';
import { RESERVATION, toReservation } from '../ledger/rows/reservation-rows.js';
import type { Row } from '../ledger/wire/flight.js';
import type { ScenarioAccount } from './test-scenario-account.js';
import { CREDIT_TYPES } from './test-scenario-words.js';

/** Shows what the clauses behind the arrows ask for, and remembers up to which version events were shown. */
export class ScenarioAnswers {
  private toldVersion = 0;

  constructor(private readonly scene: ScenarioAccount) {}

  /** What a clause says, as it really is: the same words with the figures of now. */
  async show(clause: string, outcome: Outcome): Promise<string> {
    const [first = '', ...rest] = clause.split(' ');
    if (first === 'replayed' || first === 'fresh')
      return 'replayed' in outcome ? (outcome.replayed ? 'replayed' : 'fresh') : outcome.kind;
    if (first === 'ok' || first === 'forbidden' || first === 'notFound')
      return outcome.kind === 'forbidden' || outcome.kind === 'notFound'
        ? outcome.kind
        : outcome.kind === 'refused'
          ? outcome.refusal.kind
          : 'ok';
    if (first === 'events') return ['events', ...(await this.events())].join(' ');
    if (first === 'marks') return ['marks', ...(await this.marks())].join(' ');
    if (first === 'entries') return ['entries', ...(await this.entries())].join(' ');
    if (/^[A-Z][a-z]/.test(first))
      return outcome.kind === 'refused' ? this.showRefusal(outcome.refusal, rest) : `${outcome.kind}, not refused`;
    if (first === 'at') return `at ${new Date((await this.scene.head()).now).toISOString()}`;
    if (first === 'resets') return `resets ${new Date((await this.scene.head()).account.period.end).toISOString()}`;
    if (first === 'plan') {
      const { plan, nextPlan } = (await this.scene.head()).account;
      return `plan ${plan} next ${nextPlan ?? '-'}`;
    }
    if (first === 'since')
      return outcome.kind === 'plan' ? `since ${new Date(outcome.effectiveAt).toISOString()}` : outcome.kind;
    if (first === 'period') return `period ${(await this.scene.head()).account.period.number}`;
    if (this.scene.has(first)) return [first, ...pairs(await this.row(first), rest)].join(' ');
    const { account } = await this.scene.head();
    const isNamed = CREDIT_TYPES.includes(first);
    const balance = balanceOf(account, (isNamed ? first : 'STANDARD') as CreditType);
    return [...(isNamed ? [first] : []), ...pairs({ ...balance }, isNamed ? rest : [first, ...rest])].join(' ');
  }

  private showRefusal(refusal: Refusal, rest: readonly string[]): string {
    switch (refusal.kind) {
      case 'IdempotencyConflict':
        return [refusal.kind, ...refusal.fields].join(' ');
      case 'ReservationClosed':
        return `${refusal.kind} ${refusal.reservation.status}`;
      case 'QuoteNotValid':
        return `${refusal.kind} ${refusal.reason}`;
      case 'InvalidAmount':
        return `${refusal.kind} ${refusal.field}`;
      case 'InsufficientCredits': {
        const { holds, alternatives, smallestPack, ...figures } = refusal;
        const shown = {
          ...figures,
          holds: holds.map(({ id }) => this.scene.nameOf(id)).join(','),
          alternatives: alternatives.map(({ code }) => code).join(','),
          pack: smallestPack?.id ?? '-',
          upgrade: refusal.upgrade ?? '-',
        };
        return [refusal.kind, ...pairs(shown, rest)].join(' ');
      }
      default:
        return [refusal.kind, ...pairs({ ...refusal }, rest)].join(' ');
    }
  }

  private async row(name: string): Promise<Record<string, unknown>> {
    const values = [this.scene.accountId, this.scene.id(name)];
    const { pool } = this.scene.books;
    const reservations = await pool.query<Row>(
      `SELECT ${RESERVATION.select('r')} FROM reservation r WHERE account_id = $1 AND reservation_id = $2`,
      values,
    );
    const [reservation] = RESERVATION.read(reservations.rows);
    if (reservation) {
      const { status, draws, ...state } = toReservation(reservation);
      const from = draws.map((draw) => `${this.scene.nameOf(draw.grantId)}:${draw.credits}`).join(',');
      const lines = state.lines.map((line) => `${line.operation}:${line.committed}:${line.done}`).join(',');
      return {
        ...state,
        [status]: '',
        from,
        lines,
        outcome: state.outcome ?? '-',
        expires: new Date(state.expiresAt).toISOString(),
      };
    }
    const grants = await pool.query<Row>(
      `SELECT ${GRANT.select('g')} FROM credit_grant g WHERE account_id = $1 AND grant_id = $2`,
      values,
    );
    const [grant] = GRANT.read(grants.rows);
    return grant ? { ...toGrant(grant) } : {};
  }

  /** Balance events since the last events that were asked for, with their thresholds. */
  private async marks(): Promise<string[]> {
    const { rows } = await this.scene.books.pool.query<{ type: string; level: string; threshold: string }>(
      `SELECT type, facts::json ->> 'level' AS level, facts::json ->> 'threshold' AS threshold FROM event
       WHERE account_id = $1 AND version > $2 AND facts::json ->> 'level' IS NOT NULL ORDER BY version, ordinal`,
      [this.scene.accountId, this.toldVersion],
    );
    this.toldVersion = (await this.scene.head()).account.version;
    return rows.map(({ type, level, threshold }) => `${type}:${level}:${threshold}`);
  }

  /** Events since the last that were asked for. */
  private async events(): Promise<string[]> {
    const { rows } = await this.scene.books.pool.query<{
      type: string;
      level: string | null;
    }>(
      `SELECT type, facts::json ->> 'level' AS level FROM event WHERE account_id = $1 AND version > $2 ORDER BY version, ordinal`,
      [this.scene.accountId, this.toldVersion],
    );
    this.toldVersion = (await this.scene.head()).account.version;
    return rows.map(({ type, level }) => (level === null ? type : `${type}:${level}`));
  }

  /** Entries of the last group. */
  private async entries(): Promise<string[]> {
    const { rows } = await this.scene.books.pool.query<{ kind: string; amount: number; grant_id: string }>(
      `SELECT kind, amount, grant_id FROM journal WHERE account_id = $1 AND kind IS NOT NULL
         AND version = (SELECT max(version) FROM journal WHERE account_id = $1) ORDER BY ordinal`,
      [this.scene.accountId],
    );
    return rows.map(({ kind, amount, grant_id }) => `${kind}:${amount}:${this.scene.nameOf(grant_id)}`);
  }
}

/** `available 60 held 40` as it is; a status word stands alone. */
function pairs(values: Record<string, unknown>, words: readonly string[]): string[] {
  const shown: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    if (/^[A-Z]+$/.test(word)) {
      shown.push(Object.keys(values).find((name) => /^[A-Z]+$/.test(name)) ?? 'none');
      continue;
    }
    index++;
    const value = values[word];
    shown.push(
      word,
      value === undefined || value === null || value === ''
        ? '-'
        : value instanceof Date
          ? value.toISOString()
          : String(value),
    );
  }
  return shown;
}
