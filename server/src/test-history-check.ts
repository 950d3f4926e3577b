import { isDeepStrictEqual } from 'node:util';
import type { CreditType } from './catalog/catalog.js';
import type { Command } from './ledger/command.js';
import type { Outcome } from './ledger/outcome.js';
import type { Row } from './ledger/rows.js';
import type { BalanceView } from './ledger/state.js';
import { verifyLedger } from './ledger/verify.js';
import type { History, Step } from './test-history.js';
import type { TestLedger } from './test-ledger.js';
import { Model, type ModelAnswer } from './test-model.js';

interface JournalGroup {
  readonly version: number;
  readonly command: string;
  readonly at: number;
  readonly reservationId: string | null;
  /** Of a GRANT entry. */
  readonly granted: string | null;
  readonly key: string | null;
  readonly input: string | null;
  readonly availableAfter: Map<CreditType, number>;
  readonly heldAfter: Map<CreditType, number>;
}

type Decided = Exclude<Command, { type: 'open' | 'advance' | 'clock' }>;
type Keyed = Extract<Command, { keyed: unknown }>;
const CREDIT_TYPES: readonly CreditType[] = ['STANDARD', 'SCAN'];

const keyOf = (command: Keyed): string => `${command.keyed.scope} ${command.keyed.key}`;
const inputOf = (command: Keyed): string => JSON.stringify(command.keyed.input);
const isKeyed = (command: Command): command is Keyed => 'keyed' in command;

/**
 * Checks a history of one account against the model: sorts what was decided by version, replays it, and compares every answer with
 * the version it was decided at; an operation answered before another was sent has the lower version; a key decides once.
 *
 * @param lossy  answers of the database were lost on the way: what a retry found written is shown as it is when it is found
 * @returns what is wrong
 */
export async function checkHistory(
  books: TestLedger,
  history: History,
  { lossy = false }: { readonly lossy?: boolean } = {},
): Promise<string[]> {
  const check = new HistoryCheck(books, history, lossy);
  return [...(await check.run()), ...(await verifyLedger({ ...books, accountIds: [history.accountId] })).problems];
}

class HistoryCheck {
  private readonly problems: string[] = [];
  /** The model at each version, before the next group. */
  private readonly models: Model[] = [];
  private groups: JournalGroup[] = [];
  /** Every answer that decided something, kept refusals too: input by key. */
  private readonly kept = new Map<
    string,
    { readonly input: string; readonly version: number | null; readonly reservationId: string | null }
  >();
  private readonly clocks: number[];

  constructor(
    private readonly books: TestLedger,
    private readonly history: History,
    private readonly lossy: boolean,
  ) {
    const moved = history.steps.flatMap(({ command, outcome }) =>
      command.type === 'clock' && outcome?.kind === 'account' ? [command.to] : [],
    );
    this.clocks = [...new Set([history.anchor, ...moved])].sort((a, b) => a - b);
  }

  private wrong(what: string): void {
    this.problems.push(`${this.history.accountId} (${this.history.plan}): ${what}`);
  }

  async run(): Promise<readonly string[]> {
    await this.load();
    this.replay();
    if (this.problems.length > 0) return this.problems;
    for (const step of this.history.steps) this.compare(step);
    this.compareOrder();
    this.compareKeys();
    return this.problems;
  }

  private async load(): Promise<void> {
    const { rows } = await this.books.pool.query<Row>(
      `SELECT version, ordinal, kind, credit_type, grant_id, available_after, held_after, reservation_id, command, at, idempotency_key, scope, input
        FROM journal WHERE account_id = $1 ORDER BY version, ordinal`,
      [this.history.accountId],
    );
    const read = (row: Row, name: string): never => row[name] as never;
    for (const row of rows) {
      const version: number | null = read(row, 'version');
      if (read(row, 'idempotency_key') !== null)
        this.kept.set(`${read(row, 'scope')} ${read(row, 'idempotency_key')}`, {
          input: read(row, 'input'),
          version,
          reservationId: read(row, 'reservation_id'),
        });
      if (version === null) continue;
      let group = this.groups.at(-1);
      if (group?.version !== version) {
        group = {
          version,
          command: read(row, 'command'),
          at: read(row, 'at'),
          reservationId: read(row, 'reservation_id'),
          granted: null,
          key: read(row, 'idempotency_key') === null ? null : `${read(row, 'scope')} ${read(row, 'idempotency_key')}`,
          input: read(row, 'input'),
          availableAfter: new Map(),
          heldAfter: new Map(),
        };
        this.groups.push(group);
      }
      if (read(row, 'kind') === null) continue;
      if (read(row, 'kind') === 'GRANT') Object.assign(group, { granted: read(row, 'grant_id') });
      group.availableAfter.set(read(row, 'credit_type'), read(row, 'available_after'));
      group.heldAfter.set(read(row, 'credit_type'), read(row, 'held_after'));
    }
  }

  /** Every group in the order of versions, decided again by the model. */
  private replay(): void {
    const { history } = this;
    let model = new Model(this.books.catalog, history.plan, history.anchor);
    this.models.push(model);
    let last = history.anchor;
    for (const group of this.groups) {
      const place = `version ${group.version} (${group.command})`;
      model = model.clone();
      if (group.version !== model.version + 1) return this.wrong(`${place} comes after ${model.version}`);
      if (group.at < last) this.wrong(`${place} is earlier than the one before`);
      last = group.at;
      if (group.command === 'open') model.birth(group.at, group.granted);
      else if (group.key === null) {
        const due = model
          .due()
          .find(
            ({ kind, id }) => kind === group.command && (kind !== 'expire-reservation' || id === group.reservationId),
          );
        if (!due || due.at !== group.at)
          return this.wrong(`${place} at ${group.at}: the model has ${JSON.stringify(model.due())} due`);
        // Of several grants that end at once, the one whose entry it is.
        const ended = due.kind === 'expire-grant' ? model.due().find(({ id }) => this.endsIn(model, id, group)) : due;
        model.close(ended ?? due, group.granted);
      } else {
        const step = history.steps.find(
          ({ command }) => isKeyed(command) && keyOf(command) === group.key && inputOf(command) === group.input,
        );
        if (!step) return this.wrong(`${place}: nobody sent ${group.key}`);
        if (!history.live && !this.clocks.includes(group.at))
          this.wrong(`${place} at ${group.at}: the clock was never there`);
        if ((model.due()[0]?.at ?? Infinity) <= group.at)
          this.wrong(`${place} at ${group.at}: ${JSON.stringify(model.due())} is due before it`);
        const answer = model.decide(this.named(step.command as Decided, group), group.at);
        if (answer.kind === 'no')
          return this.wrong(`${place}: the model refuses: ${answer.why} ${answer.figures.join()}`);
      }
      for (const type of CREDIT_TYPES) {
        const [available, held] = [group.availableAfter.get(type), group.heldAfter.get(type)];
        if (available !== undefined && (available !== model.sum(type, 'available') || held !== model.sum(type, 'held')))
          return this.wrong(
            `${place}: ${type} ${available}/${held}, the model has ${model.sum(type, 'available')}/${model.sum(type, 'held')}`,
          );
      }
      this.models.push(model);
    }
  }

  private endsIn(model: Model, id: string | null, group: JournalGroup): boolean {
    const grant = model.grants.get(id ?? '');
    return (
      grant !== undefined &&
      group.availableAfter.get(grant.type) === model.sum(grant.type, 'available') - grant.available
    );
  }

  /** The command with the ids that it really made. */
  private named(
    command: Decided,
    group: { readonly reservationId: string | null; readonly granted: string | null },
  ): Decided {
    if (command.type === 'reserve') return { ...command, reservationId: group.reservationId ?? command.reservationId };
    return command.type === 'grant' ? { ...command, grantId: group.granted ?? command.grantId } : command;
  }

  private compare(step: Step): void {
    const { command, outcome } = step;
    const what = `${command.type} ${isKeyed(command) ? command.keyed.key : ''}`;
    if (outcome === null) return this.wrong(`${what} was never answered`);
    const kept = isKeyed(command) ? this.kept.get(keyOf(command)) : undefined;
    if (outcome.kind === 'reservation' || outcome.kind === 'granted') {
      const { version } = outcome.balance;
      if (kept?.version === undefined || kept.version === null)
        return this.wrong(`${what}: answered ${outcome.kind}, kept as ${JSON.stringify(kept)}`);
      if (outcome.replayed || this.lossy ? kept.version > version : kept.version !== version)
        this.wrong(`${what}: decided at ${kept.version}, answered at ${version}, replayed ${outcome.replayed}`);
      this.compareBalance(what, outcome.balance);
      const model = this.models[version];
      if (outcome.kind === 'granted') {
        const grant = model?.grants.get(outcome.grant.id);
        const { available, held, spent, expired } = outcome.grant;
        if (
          !grant ||
          !isDeepStrictEqual(
            [available, held, spent, expired],
            [grant.available, grant.held, grant.spent, grant.expired],
          )
        )
          this.wrong(`${what}: grant ${JSON.stringify(outcome.grant)}, the model has ${JSON.stringify(grant)}`);
        return;
      }
      if (kept.reservationId !== outcome.reservation.id)
        this.wrong(`${what}: another reservation than ${kept.reservationId}`);
      const hold = model?.holds.get(outcome.reservation.id);
      const { status, reserved, held, committed, released, uncollected } = outcome.reservation;
      const mine = hold && [hold.status, hold.reserved, hold.held, hold.committed, hold.released, hold.uncollected];
      if (!isDeepStrictEqual([status, reserved, held, committed, released, uncollected], mine))
        this.wrong(
          `${what} at ${version}: ${[status, reserved, held, committed, released, uncollected].join()}, the model has ${mine?.join()}`,
        );
      return;
    }
    if (outcome.kind === 'account') {
      const model = this.models[outcome.account.version];
      for (const type of CREDIT_TYPES) {
        const credits = outcome.account.credits[type];
        for (const bucket of ['available', 'held', 'spent', 'expired'] as const)
          if (model?.sum(type, bucket) !== credits[bucket])
            this.wrong(
              `${what} at ${outcome.account.version}: ${type} ${bucket} ${credits[bucket]}, the model has ${model?.sum(type, bucket)}`,
            );
      }
      if (command.type === 'clock' && outcome.now !== command.to)
        this.wrong(`${what}: at ${outcome.now}, not at ${command.to}`);
      return;
    }
    if (command.type === 'clock') {
      if (!this.someVersion(step, (_, now) => command.to < now))
        this.wrong(`${what} to ${command.to} was refused for nothing`);
      return;
    }
    this.compareRefusal(step, command as Decided, outcome, kept?.input, what);
  }

  private compareBalance(what: string, balance: BalanceView): void {
    const model = this.models[balance.version];
    if (!model) return this.wrong(`${what}: there is no version ${balance.version}`);
    const type = balance.creditType;
    const usable = model.usable(type);
    const mine = [
      usable,
      model.sum(type, 'held'),
      model.used[type],
      model.sum(type, 'available') - usable,
      model.periodEnd,
    ];
    const shown = [balance.available, balance.held, balance.used, balance.waiting, balance.nextResetAt];
    if (!isDeepStrictEqual(shown, mine))
      this.wrong(`${what}: balance at ${balance.version} ${shown.join()}, the model has ${mine.join()}`);
  }

  private compareRefusal(
    step: Step,
    command: Decided,
    outcome: Outcome,
    keptInput: string | undefined,
    what: string,
  ): void {
    const refusal = outcome.kind === 'refused' ? outcome.refusal : null;
    if (refusal?.kind === 'IdempotencyConflict') {
      if (keptInput === undefined || keptInput === inputOf(command))
        this.wrong(`${what}: a conflict with ${keptInput ?? 'nothing'}`);
      return;
    }
    if (keptInput !== undefined && keptInput !== inputOf(command))
      return this.wrong(`${what}: the key has another input and was answered ${outcome.kind}`);
    const why =
      refusal === null
        ? outcome.kind
        : refusal.kind === 'ReservationClosed'
          ? `ReservationClosed ${refusal.reservation.status}`
          : [
              refusal.kind,
              ...(refusal.kind === 'InvalidAmount' ? [refusal.field] : []),
              ...(refusal.kind === 'OperationUnknown' || refusal.kind === 'OperationNotInPlan'
                ? [refusal.operation]
                : []),
            ].join(' ');
    const figures =
      refusal?.kind === 'InsufficientCredits'
        ? [refusal.needed, refusal.available, refusal.held, refusal.shortfall]
        : refusal?.kind === 'CommitExceedsReservation'
          ? [refusal.held, refusal.requested]
          : [];
    // A repeated refusal shows its reservation as it is now: closed, but perhaps otherwise than it was.
    const isRepeated = outcome.kind === 'refused' && (outcome.replayed || this.lossy);
    const fits = (answer: ModelAnswer) =>
      answer.kind === 'no' &&
      (answer.why === why ||
        (isRepeated && why.startsWith('ReservationClosed') && answer.why.startsWith('ReservationClosed'))) &&
      isDeepStrictEqual(answer.figures, figures);
    const only = refusal?.kind === 'InsufficientCredits' ? refusal.version : undefined;
    if (!this.someVersion(step, (model, now) => fits(model.clone().decide(command, now)), only, isRepeated))
      this.wrong(
        `${what}: ${why} ${figures.join()} fits no version${only === undefined ? '' : ` ${only}`} that it could have seen`,
      );
    if (refusal?.kind !== 'InsufficientCredits' || isRepeated) return;
    const model = this.models[refusal.version];
    const holds = [...(model?.holds.values() ?? [])].filter(
      (hold) => hold.status === 'HELD' && hold.held > 0 && hold.type === refusal.creditType,
    );
    const ends = holds.map(({ until }) => until).sort((a, b) => a - b);
    if (
      !isDeepStrictEqual(
        refusal.holds.map(({ expiresAt }) => expiresAt),
        ends.slice(0, 10),
      )
    )
      this.wrong(`${what}: shows ${refusal.holds.length} holds, the model has ${holds.length}`);
  }

  /** Whether a decision could have been taken at one of the versions and instants that the step can have seen. */
  private someVersion(
    step: Step,
    fits: (model: Model, now: number) => boolean,
    only?: number,
    isRepeated = false,
  ): boolean {
    const { steps } = this.history;
    let first = 1;
    let last = this.models.length - 1;
    for (const other of steps) {
      const version = versionOf(other.outcome);
      if (version === null || (this.lossy && other.outcome?.kind === 'refused')) continue;
      if (!isRepeated && other.answered < step.sent) first = Math.max(first, version);
      if (step.answered < other.sent && this.wrote(other)) last = Math.min(last, version - 1);
    }
    if (only !== undefined) {
      if (!isRepeated && (only < first || only > last)) return false;
      first = last = only;
    }
    for (let version = first; version <= last; version++) {
      const model = this.models[version] as Model;
      const from = this.groups[version - 1]?.at ?? 0;
      const until = this.groups[version]?.at ?? Infinity;
      const due = model.due()[0]?.at ?? Infinity;
      // On a live account it can have been any instant between; what a refusal depends on is decided at the ends.
      const clocks = this.history.live ? [from, Math.min(until, due - 1, Date.now())] : this.clocks;
      if (clocks.some((now) => now >= from && now <= until && now < due && fits(model, now))) return true;
    }
    return false;
  }

  private wrote({ command, outcome }: Step): boolean {
    if (this.lossy) return false;
    return isKeyed(command) && (outcome?.kind === 'reservation' || outcome?.kind === 'granted') && !outcome.replayed;
  }

  /** Answered before another was sent: the lower version. */
  private compareOrder(): void {
    const known = this.history.steps.flatMap((step) => {
      const version = versionOf(step.outcome);
      const isFound = this.lossy && step.outcome?.kind === 'refused';
      return version === null || isFound ? [] : [{ step, version }];
    });
    for (const a of known)
      for (const b of known) {
        if (a.step.answered >= b.step.sent) continue;
        if (a.version > b.version || (a.version === b.version && this.wrote(b.step)))
          this.wrong(
            `${b.step.command.type} has version ${b.version}, sent after ${a.step.command.type} was answered with ${a.version}`,
          );
      }
  }

  /** A key decides once: one fresh answer, every other a replay. */
  private compareKeys(): void {
    const fresh = new Map<string, number>();
    for (const { command, outcome } of this.history.steps) {
      if (!isKeyed(command) || outcome === null || !('replayed' in outcome)) continue;
      if (outcome.kind === 'refused' && outcome.refusal.kind === 'IdempotencyConflict') continue;
      const key = keyOf(command);
      fresh.set(key, (fresh.get(key) ?? 0) + (outcome.replayed ? 0 : 1));
    }
    for (const [key, times] of fresh)
      if (this.lossy ? times < 1 : times !== 1) this.wrong(`${key} was decided ${times} times`);
  }
}

/** The version that an answer says it belongs to, if it does. */
function versionOf(outcome: Outcome | null): number | null {
  if (outcome === null) return null;
  if (outcome.kind === 'reservation' || outcome.kind === 'granted') return outcome.balance.version;
  if (outcome.kind === 'account') return outcome.account.version;
  return outcome.kind === 'refused' && outcome.refusal.kind === 'InsufficientCredits' && !outcome.replayed
    ? outcome.refusal.version
    : null;
}
