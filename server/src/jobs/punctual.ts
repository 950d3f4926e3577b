import type { DataSource } from 'typeorm';
import { SYSTEM } from '../ledger/core/system.js';
import type { AdvanceCommand } from '../ledger/core/commands/advance.js';
import { type Ledger, LedgerUnavailable } from '../ledger/core/ledger.js';
import { repeat, type Repeated } from './repeat.js';

export interface PunctualOptions {
  readonly ledger: Pick<Ledger, 'submit' | 'submitted'>;
  /** A pool for the look-ups; the ledger writes on its own connections. */
  readonly dataSource: Pick<DataSource, 'query'>;
  readonly onError: (error: unknown, what: string) => void;
  /** How long a newly opened hold may stay unseen; none lives shorter than a second. */
  readonly lookEveryMs?: number;
}

/**
 * Accounts with something that ends before the next look, soonest first. `now()` and not `clock_timestamp()`: only a
 * stable value is looked up in the index.
 */
const FIND_DUE = `/* punctual.find_due */
  SELECT account_id AS "accountId",
         (extract(epoch FROM due_at) * 1000)::float8 AS "dueAt", (extract(epoch FROM now()) * 1000)::float8 AS now
    FROM account_due
   WHERE due_at <= now() + $1::integer * interval '1 millisecond' AND account_id <> ALL ($2::uuid[])
   ORDER BY due_at LIMIT $3`;

interface DueAccount {
  readonly accountId: string;
  readonly dueAt: number;
  readonly now: number;
}

const LOOK_EVERY_MS = 250;
/** So many accounts are under way at once; the rest of what is due waits for its turn. */
const IN_FLIGHT_MAX = 256;
/** And so many while callers ask: each of them waits behind what is under way. Source: docs/decisions/storms.md */
const IN_FLIGHT_BESIDE_CALLERS = 32;
/** Callers who asked so lately are taken to ask on. */
const CALLERS_MS = 1_000;
/** An account that cannot be advanced is logged for a person to look at; the others go on. */
const SET_ASIDE_MS = 60_000;

/**
 * Closes what is due on time although no caller touches the account: it submits `advance` for live accounts whose hold, grant or period has
 * ended. The ledger decides what that does.
 *
 * Any number of processes may run one: an account that another was quicker with has nothing due any more. Few accounts are under way at
 * once, and fewer while callers ask, so that a storm of ends leaves room for them; while the ledger or the database is away it waits a
 * little longer each time. Sandbox accounts are not its own: their clocks move by commands alone.
 * Source: docs/domain.md, Periods and resets
 */
export function startPunctual(options: PunctualOptions): Repeated {
  const punctual = new Punctual(options);
  return repeat({
    round: () => punctual.look(),
    onError: (error) => options.onError(error, 'punctual'),
    retryAfterMs: options.lookEveryMs ?? LOOK_EVERY_MS,
  });
}

class Punctual {
  readonly #options: PunctualOptions;
  readonly #lookEveryMs: number;
  /** Accounts that failed for another reason than a busy ledger, until when (`performance.now`). */
  readonly #aside = new Map<string, number>();
  /** The last round's accounts, with the database's time at its look-up: nothing of theirs ends before it any more. */
  #settled = new Map<string, number>();
  /** Commands that the ledger had been given by the last round, and those that are this worker's own. */
  #submitted: number;
  #own = 0;
  /** When a command of somebody else was last seen, `performance.now`. */
  #callersAt = -Infinity;

  constructor(options: PunctualOptions) {
    this.#options = options;
    this.#submitted = options.ledger.submitted;
    this.#lookEveryMs = options.lookEveryMs ?? LOOK_EVERY_MS;
  }

  /** Advances what is due by now; returns how long nothing else is, in ms. */
  async look(): Promise<number> {
    const aside = this.#listAside();
    const soon: DueAccount[] = await this.#options.dataSource.query(FIND_DUE, [
      this.#lookEveryMs,
      aside,
      this.#inFlightMax(),
    ]);
    const due = soon.filter((row) => row.dueAt <= row.now);
    if (due.length === 0) {
      const [next] = soon;
      return next ? Math.max(1, Math.ceil(next.dueAt - next.now)) : this.#lookEveryMs;
    }
    const stale = due.filter(({ accountId, dueAt }) => dueAt <= (this.#settled.get(accountId) ?? -Infinity));
    for (const { accountId } of stale)
      this.#setAside(accountId, new Error('it is said to be due, but nothing of it is'));
    await this.#advance(due.filter((row) => !stale.includes(row)));
    return 0;
  }

  #inFlightMax(): number {
    const now = performance.now();
    const { submitted } = this.#options.ledger;
    if (submitted - this.#submitted > this.#own) this.#callersAt = now;
    this.#submitted = submitted;
    this.#own = 0;
    return now - this.#callersAt < CALLERS_MS ? IN_FLIGHT_BESIDE_CALLERS : IN_FLIGHT_MAX;
  }

  /** @throws LedgerUnavailable when the ledger could not take some of them */
  async #advance(due: readonly DueAccount[]): Promise<void> {
    this.#own = due.length;
    const answers = await Promise.allSettled(
      due.map(({ accountId }) => this.#options.ledger.submit(advance(accountId))),
    );
    this.#settled = new Map();
    let busy: LedgerUnavailable | null = null;
    for (const [index, answer] of answers.entries()) {
      const { accountId, now } = due[index] as DueAccount;
      if (answer.status === 'rejected') {
        if (answer.reason instanceof LedgerUnavailable) busy = answer.reason;
        else this.#setAside(accountId, answer.reason);
      } else if (answer.value.kind === 'account') this.#settled.set(accountId, now);
      else this.#setAside(accountId, new Error(`advance was answered ${answer.value.kind}`));
    }
    if (busy !== null) throw busy;
  }

  #setAside(accountId: string, error: unknown): void {
    this.#options.onError(error, `punctual: account ${accountId} is set aside for a minute`);
    this.#aside.set(accountId, performance.now() + SET_ASIDE_MS);
  }

  #listAside(): string[] {
    const now = performance.now();
    for (const [accountId, until] of this.#aside) if (until <= now) this.#aside.delete(accountId);
    return [...this.#aside.keys()];
  }
}

function advance(accountId: string): AdvanceCommand {
  return { type: 'advance', accountId, actor: { name: SYSTEM, member: SYSTEM, closesAny: true } };
}
