import { v7 } from 'uuid';
import { findPriceList, priceListAt, type CreditType, type PlanCode } from './catalog/catalog.js';
import type { QuotePayload } from './catalog/quote-token.js';
import type { Actor, Command, OperationLine } from './ledger/command.js';
import type { Outcome, Refusal } from './ledger/outcome.js';
import { type Row, toGrant, toReservation } from './ledger/rows.js';
import type { GrantSource } from './ledger/state.js';
import { verifyLedger } from './ledger/verify.js';
import { balanceOf } from './ledger/balance.js';
import { SERVICE, type TestLedger } from './test-ledger.js';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const OUTCOMES = ['SUCCEEDED', 'FAILED', 'BLOCKED', 'CANCELED'] as const;
const CREDIT_TYPES: readonly string[] = ['STANDARD', 'SCAN'];

/** `90s`, `24h`, `30d`, in milliseconds. */
function duration(text: string): number {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  if (!match) throw new Error(`not a duration: ${text}`);
  return Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
}

/** `image.short*2,image.mid`; a bare number is so many one-credit regenerations. */
function operations(text: string): OperationLine[] {
  if (/^\d+$/.test(text)) return [{ operation: 'regeneration.basic', quantity: Number(text) }];
  return text.split(',').map((line) => {
    const [operation = '', quantity = '1'] = line.split('*');
    return { operation, quantity: Number(quantity) };
  });
}

/** The words of a command: positional ones, and those that follow a name of an option. */
class Words {
  private readonly rest: string[];
  constructor(text: string) {
    this.rest = text.split(/\s+/).filter((word) => word !== '');
  }
  next(what: string): string {
    const word = this.rest.shift();
    if (word === undefined) throw new Error(`${what} is missing`);
    return word;
  }
  option(name: string): string | null {
    const index = this.rest.indexOf(name);
    if (index < 0) return null;
    const [, value] = this.rest.splice(index, 2);
    if (value === undefined) throw new Error(`${name} needs a value`);
    return value;
  }
  flag(...names: readonly string[]): string | null {
    const index = this.rest.findIndex((word) => names.includes(word));
    return index < 0 ? null : (this.rest.splice(index, 1)[0] ?? null);
  }
  number(): number | null {
    const index = this.rest.findIndex((word) => /^\d+$/.test(word));
    return index < 0 ? null : Number(this.rest.splice(index, 1)[0]);
  }
  finish(): void {
    if (this.rest.length > 0) throw new Error(`what is "${this.rest.join(' ')}"?`);
  }
}

/**
 * Plays a scenario table against a real ledger: one command a line, after the arrow what it must come to.
 *
 * ```
 * open PRO                            -> available 100
 * reserve R1 40 ttl 60s               -> available 60 held 40
 * commit R1 25                        -> available 75 held 0 ; R1 COMMITTED committed 25 released 15 ; events
 * release R1                          -> ReservationClosed COMMITTED
 * ```
 * Names stand for ids; a line that begins with `&` joins the batch of the line before. A reserve, spend or grant takes its name as its key,
 * so that saying it again repeats it; others take a fresh key unless `key` says one. After the last line the books are verified.
 */
export class Scenario {
  private readonly ids = new Map<string, string>();
  private readonly quotes = new Map<string, QuotePayload>();
  private accountId = '';
  private toldVersion = 0;

  constructor(private readonly books: TestLedger) {}

  /** @returns the table as expected and as it came to be, line by line, to be compared */
  async play(table: string): Promise<{ readonly expected: readonly string[]; readonly actual: readonly string[] }> {
    const expected: string[] = [];
    const actual: string[] = [];
    const lines = table
      .split('\n')
      .map((line) => line.replace(/#.*$/, '').trim())
      .filter((line) => line !== '');
    for (let index = 0; index < lines.length;) {
      const batch = [lines[index++] as string];
      while (lines[index]?.startsWith('&')) batch.push((lines[index++] as string).slice(1).trim());
      const commands: Command[] = [];
      for (const line of batch) commands.push(await this.commandOf((line.split('->')[0] ?? '').trim()));
      const outcomes = await Promise.all(commands.map((command) => this.books.ledger.submit(command)));
      for (const [position, line] of batch.entries()) {
        const [command = '', clauses = ''] = line.split('->');
        const said = clauses
          .split(';')
          .map((clause) => clause.trim().replace(/\s+/g, ' '))
          .filter((clause) => clause !== '');
        const shown: string[] = [];
        for (const clause of said) shown.push(await this.show(clause, outcomes[position] as Outcome));
        const what = command.trim().replace(/\s+/g, ' ');
        expected.push(`${what} -> ${said.join(' ; ')}`);
        actual.push(`${what} -> ${shown.join(' ; ')}`);
      }
    }
    const { problems } = await verifyLedger({ ...this.books, accountIds: [this.accountId] });
    return {
      expected: [...expected, 'the books are right'],
      actual: [...actual, ...(problems.length === 0 ? ['the books are right'] : problems)],
    };
  }

  private id(name: string): string {
    let id = this.ids.get(name);
    if (!id) this.ids.set(name, (id = v7()));
    return id;
  }

  private nameOf(id: string | null): string {
    for (const [name, known] of this.ids) if (known === id) return name;
    return id === null ? '-' : 'allowance';
  }

  private async head() {
    const outcome = await this.books.ledger.submit({ type: 'advance', accountId: this.accountId, actor: SERVICE });
    if (outcome.kind !== 'account') throw new Error('no account is open');
    return outcome;
  }

  private async commandOf(text: string): Promise<Command> {
    const words = new Words(text);
    const type = words.next('command');
    const by = words.option('by');
    const actor: Actor = by === null ? SERVICE : { name: `user:${by}`, member: by, closesAny: false };
    const key = words.option('key');
    const keyed = (scope: string, given: string, input: Record<string, unknown>) => ({
      key: given,
      scope: `${scope}|${by === null ? 'server' : actor.name}`,
      input,
    });
    const command = await this.build(type, words, actor, key, keyed);
    words.finish();
    return command;
  }

  private async build(
    type: string,
    words: Words,
    actor: Actor,
    key: string | null,
    keyed: (
      scope: string,
      key: string,
      input: Record<string, unknown>,
    ) => { key: string; scope: string; input: Record<string, unknown> },
  ): Promise<Command> {
    if (type === 'open') {
      this.accountId = v7();
      const at = words.option('at');
      const anchor = words.option('anchor');
      return {
        type,
        accountId: this.accountId,
        actor,
        externalId: null,
        name: 'Scenario',
        timeZone: words.option('zone') ?? 'UTC',
        billingAnchor: anchor === null ? null : Date.parse(anchor),
        sandbox: true,
        now: Date.parse(at ?? '2026-01-01T00:00:00Z'),
        plan: words.next('plan') as PlanCode,
      };
    }
    const { accountId } = this;
    if (type === 'read') return { type: 'advance', accountId, actor };
    const { account, now } = await this.head();
    const instant = (word: string): number => {
      const [, anchorWord = '', sign, offset = '0ms'] =
        /^(now|boundary|[^+-]*\d{4}-\d\d-\d\d[^+]*?)?(?:([+-])(\d+\w+))?$/.exec(word) ?? [];
      const base =
        anchorWord === 'boundary'
          ? account.period.end
          : anchorWord === '' || anchorWord === 'now'
            ? now
            : Date.parse(anchorWord);
      return base + (sign === '-' ? -1 : 1) * duration(offset);
    };
    if (type === 'clock') return { type, accountId, actor, to: instant(words.next('instant')) };
    if (type === 'quote') {
      const name = words.next('name');
      const expires = words.option('expires');
      const unit = words.option('unit');
      const list = priceListAt(this.books.catalog, now);
      const lines = operations(words.next('operations')).map(({ operation, quantity }): [string, number, number] => [
        operation,
        quantity,
        unit === null ? (list.operations.get(operation)?.credits ?? 0) : Number(unit),
      ]);
      const creditType = list.operations.get(lines[0]?.[0] ?? '')?.creditType ?? 'STANDARD';
      const total = words.flag('courtesy')
        ? 0
        : lines.reduce((sum, [, quantity, credits]) => sum + quantity * credits, 0);
      this.quotes.set(name, {
        accountId: words.flag('foreign') ? v7() : accountId,
        priceListVersion: findPriceList(this.books.catalog, list.version)?.version ?? 1,
        creditType,
        lines,
        total,
        expiresAt: expires === null ? now + 600_000 : instant(expires),
      });
      return { type: 'advance', accountId, actor };
    }
    const name = words.next('name');
    if (type === 'reserve' || type === 'spend') {
      const quote = words.option('quote');
      const ttlSeconds = duration(words.option('ttl') ?? '15m') / 1000;
      const [project, member, reference] = [words.option('project'), words.option('member'), words.option('reference')];
      const lines = quote === null ? operations(words.next('operations')) : [];
      // Said again, it is another request with the same key: it would open another id, if it opened one.
      const isAgain = this.ids.has(name);
      return {
        type: 'reserve',
        accountId,
        actor,
        keyed: keyed(type, key ?? name, {
          quoteToken: quote,
          operations: lines,
          ttlSeconds,
          project,
          member,
          reference,
        }),
        reservationId: isAgain ? v7() : this.id(name),
        quote: quote === null ? null : { payload: this.quotes.get(quote) ?? null },
        operations: lines,
        ttlSeconds,
        project,
        member,
        reference,
        spend: type === 'spend',
      };
    }
    const reservationId = this.id(name);
    switch (type) {
      case 'commit': {
        const done = words.option('done');
        const outcome = (words.flag(...OUTCOMES) ?? 'SUCCEEDED') as (typeof OUTCOMES)[number];
        const rest = {
          amount: words.number(),
          operations: done === null ? null : operations(done),
          final: words.flag('part') === null,
          outcome,
          policy: (words.flag('IF_AVAILABLE') ?? 'REJECT') as 'REJECT' | 'IF_AVAILABLE',
        };
        return {
          type,
          accountId,
          actor,
          keyed: keyed('commit', key ?? v7(), { reservationId, ...rest }),
          reservationId,
          ...rest,
        };
      }
      case 'release':
        return { type, accountId, actor, keyed: keyed('release', key ?? v7(), { reservationId }), reservationId };
      case 'extend': {
        const ttlSeconds = duration(words.option('ttl') ?? '15m') / 1000;
        return {
          type,
          accountId,
          actor,
          keyed: keyed('extend', key ?? v7(), { reservationId, ttlSeconds }),
          reservationId,
          ttlSeconds,
        };
      }
      case 'grant': {
        const expires = words.option('expires');
        const source = (words.option('source') ?? 'PROMOTION') as GrantSource;
        const input = {
          credits: words.number() ?? 0,
          creditType: (words.flag(...CREDIT_TYPES) ?? 'STANDARD') as CreditType,
          source,
          expiresAt: expires === null ? null : instant(expires),
          reason: 'scenario',
        };
        return { type, accountId, actor, keyed: keyed('grant', key ?? name, input), grantId: reservationId, ...input };
      }
      default:
        throw new Error(`there is no command ${type}`);
    }
  }

  /** What a clause says, as it really is: the same words with the figures of now. */
  private async show(clause: string, outcome: Outcome): Promise<string> {
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
    if (first === 'entries') return ['entries', ...(await this.entries())].join(' ');
    if (/^[A-Z][a-z]/.test(first))
      return outcome.kind === 'refused' ? this.showRefusal(outcome.refusal, rest) : `${outcome.kind}, not refused`;
    if (first === 'at') return `at ${new Date((await this.head()).now).toISOString()}`;
    if (first === 'resets') return `resets ${new Date((await this.head()).account.period.end).toISOString()}`;
    if (first === 'period') return `period ${(await this.head()).account.period.number}`;
    if (this.ids.has(first)) return [first, ...pairs(await this.row(first), rest)].join(' ');
    const { account } = await this.head();
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
          holds: holds.map(({ id }) => this.nameOf(id)).join(','),
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
    const values = [this.accountId, this.ids.get(name)];
    const { pool } = this.books;
    const [reservation] = (
      await pool.query<Row>('SELECT * FROM reservation WHERE account_id = $1 AND reservation_id = $2', values)
    ).rows;
    if (reservation) {
      const { status, draws, ...state } = toReservation(reservation);
      const from = draws.map((draw) => `${this.nameOf(draw.grantId)}:${draw.credits}`).join(',');
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
    const [grant] = (
      await pool.query<Row>('SELECT * FROM credit_grant WHERE account_id = $1 AND grant_id = $2', values)
    ).rows;
    return grant ? { ...toGrant(grant) } : {};
  }

  /** Events since the last that were asked for. */
  private async events(): Promise<string[]> {
    const { rows } = await this.books.pool.query<{
      version: number;
      type: string;
      level: string | null;
      credits: number | null;
    }>(
      'SELECT version, type, level, credits FROM event WHERE account_id = $1 AND version > $2 ORDER BY version, ordinal',
      [this.accountId, this.toldVersion],
    );
    this.toldVersion = (await this.head()).account.version;
    return rows.map(({ type, level }) => (level === null ? type : `${type}:${level}`));
  }

  /** Entries of the last group. */
  private async entries(): Promise<string[]> {
    const { rows } = await this.books.pool.query<{ kind: string; amount: number; grant_id: string }>(
      `SELECT kind, amount, grant_id FROM journal WHERE account_id = $1 AND kind IS NOT NULL
         AND version = (SELECT max(version) FROM journal WHERE account_id = $1) ORDER BY ordinal`,
      [this.accountId],
    );
    return rows.map(({ kind, amount, grant_id }) => `${kind}:${amount}:${this.nameOf(grant_id)}`);
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
