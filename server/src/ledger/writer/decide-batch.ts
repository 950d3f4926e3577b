import { closeDue, compareAge, type Due, nextEnd } from '../core/advance.js';
import { bookProject, countProjects, isCounted } from '../core/book-project.js';
import { changedAccount } from '../core/changed-state.js';
import type { Command, Keyed, OpenCommand } from '../core/command.js';
import { decide, decideOpen } from '../core/decide.js';
import { applyGroup, type Group } from '../core/group-draft.js';
import { inputText, type KeptDecision, keepOutcome, replay, shownBy } from '../core/idempotency.js';
import { digestOfKept } from '../core/kept-digest.js';
import type { Outcome } from '../core/outcome.js';
import { contextAt, type DecisionRules } from '../core/rules.js';
import type { LoadedAccount, ReservationState } from '../core/state.js';
import { instantOf, type LoadedBatch } from './load-batch.js';
import type { More, ProjectsWanted } from './load-more.js';
import type { WrittenDecision } from '../core/written-decision.js';

/** A command of a batch. */
export interface BatchItem {
  readonly command: Command;
  /** An earlier try ended without an answer from the database. */
  readonly mayBeWritten: boolean;
  /** Such a try had decided it and sent what is kept under its key: what is found there is its own first answer. */
  readonly mayBeKept: boolean;
}

/**
 * More ended on the account than one batch closes: what was closed is written, the command was not decided and has to be
 * sent again.
 */
export type Again = 'again';

/** What has to be loaded before a command can be answered: it is run again then. */
export class Missing {
  constructor(readonly more: More) {}
}

export function keyedOf(command: Command): Keyed | null {
  return 'keyed' in command ? command.keyed : null;
}

/** A refused reserve made no reservation; a refused commit, release or extension is about the one it names. */
export function namedReservation(command: Command | null): string | null {
  return command?.type === 'commit' || command?.type === 'release' || command?.type === 'extend'
    ? command.reservationId
    : null;
}

/** Whether something closes no later than a hold: sooner, or at its instant as a hold that is no younger. */
function closesWithin(due: Due, last: ReservationState): boolean {
  if (due.at !== last.expiresAt) return due.at < last.expiresAt;
  return due.kind === 'hold' && compareAge(due.reservation, last) <= 0;
}

/** Decides the commands of one batch, each on what those before it left. It reads nothing: what is missing, it says. */
export class BatchRun {
  readonly decisions: WrittenDecision[] = [];
  readonly opened: OpenCommand[] = [];
  /** Commands whose answers are to be kept under their keys. */
  readonly keeping = new Set<Command>();
  /** When the loaded holds ended, as they were loaded, of accounts whose clock a command moves. */
  private readonly loadedEnds = new Map<string, readonly number[]>();

  constructor(
    private readonly batch: LoadedBatch,
    private readonly rules: DecisionRules,
    moved: Iterable<string>,
    /** Accounts that several commands of the batch are about. */
    private readonly shared: ReadonlySet<string>,
  ) {
    for (const id of moved) {
      const account = batch.accounts.get(id);
      if (!account || account.allHolds) continue;
      const held = [...account.reservations.values()].filter(({ status }) => status === 'HELD');
      this.loadedEnds.set(
        id,
        held.map(({ expiresAt }) => expiresAt),
      );
    }
  }

  private record(
    account: LoadedAccount,
    group: Group | null,
    command: Command | null,
    outcome: Outcome | null,
    keeps: boolean,
  ): void {
    const keyed = keeps && command ? keyedOf(command) : null;
    if (!group && !keyed) return;
    if (group) {
      applyGroup(account, group);
      countProjects(account, group);
    }
    const reservationId = group?.reservationId ?? namedReservation(command);
    const kept =
      keyed && outcome ? { keyed, input: inputText(keyed), outcome: keepOutcome(outcome), reservationId } : null;
    this.decisions.push({ command, account, group, kept, reservationId, at: group?.at ?? this.nowOf(account) });
    if (!kept || !command) return;
    const { scope, key } = kept.keyed;
    account.keptDigest ^= digestOfKept({ scope, key, input: kept.input, outcome: kept.outcome, reservationId });
    this.keeping.add(command);
    // Only another command on the same account can repeat it in this batch.
    if (this.shared.has(account.head.id)) this.batch.kept.add(account.head.id, scope, key, kept);
  }

  private nowOf(account: LoadedAccount): number {
    return instantOf(account.head, this.batch.now);
  }

  /**
   * Closes what ended at or before `until`, in time order.
   *
   * @returns false when more ended than is loaded: the account is closed up to there
   */
  private advance(account: LoadedAccount, until: number): boolean {
    if (until < account.head.dueAt) return true;
    const horizon = this.batch.horizons.get(account.head.id);
    for (let due = nextEnd(account); due.at <= until; due = nextEnd(account)) {
      // Behind the last hold that is loaded others may end first that are not.
      if (horizon && !closesWithin(due, horizon)) return this.stopAt(account, horizon.expiresAt);
      this.record(
        account,
        closeDue(account, due, contextAt(this.rules, account.head.sandbox, due.at, this.batch.now)),
        null,
        null,
        false,
      );
    }
    if (horizon && until >= horizon.expiresAt) return this.stopAt(account, horizon.expiresAt);
    // Where the holds were not loaded, since nothing was due when the batch began, none of them ends before that hint.
    // Where they were, the batch may have closed or extended the last of them since, and the next one is not loaded.
    const hints = [account.before?.dueAt ?? Infinity, ...(this.loadedEnds.get(account.head.id) ?? [])];
    const hint = hints.reduce((first, at) => (at > until && at < first ? at : first), Infinity);
    account.head = changedAccount(account.head, { dueAt: Math.min(nextEnd(account).at, hint) });
    return true;
  }

  private stopAt(account: LoadedAccount, horizon: number): false {
    const { clockAt } = account.head;
    const clock = clockAt === null ? undefined : Math.max(clockAt, horizon);
    account.head = changedAccount(account.head, { dueAt: horizon, clockAt: clock });
    account.closed = 'some';
    return false;
  }

  /** Answers a command and keeps what it changes for `writeBatch`. */
  run(item: BatchItem): Outcome | Again | Missing {
    const { command } = item;
    const account = this.batch.accounts.get(command.accountId);
    if (!account) return command.type === 'open' ? this.open(command) : { kind: 'notFound' };
    if (account.closed === 'some') return 'again';
    const now = this.nowOf(account);
    if (account.closed === 'none') {
      account.closed = 'all';
      if (!this.advance(account, now)) return 'again';
    }
    if (command.type === 'open') return { kind: 'account', account: account.head, now };
    const keyed = keyedOf(command);
    const kept = keyed && this.batch.kept.find(account.head.id, keyed.scope, keyed.key);
    if (keyed && kept) return this.repeat(kept, keyed, account, item);
    const context = contextAt(this.rules, account.head.sandbox, now, this.batch.now);
    const decision = decide(account, command, context);
    if (decision === 'needsHolds') return new Missing({ creditHoldsOf: [account.head.id] });
    if (command.type === 'clock' && decision.outcome.kind === 'account') return this.moveClock(account, command.to);
    const group = decision.group && bookProject(account, decision.group);
    if (group === 'needsProjects') return new Missing({ projectsOf: [this.projectsSoFar(account, decision.group)] });
    this.record(account, group, command, decision.outcome, decision.keeps);
    return decision.outcome;
  }

  /** The day of a group's usage, and the projects of it that this batch books and no table has yet. */
  private projectsSoFar(account: LoadedAccount, group: Group | null): ProjectsWanted {
    const day = group?.usage[0]?.day ?? '';
    const booked = new Set<string>();
    for (const decided of this.decisions)
      if (decided.account === account)
        for (const usage of decided.group?.usage ?? [])
          if (usage.day === day && isCounted(usage)) booked.add(usage.project);
    return { accountId: account.head.id, day, booked };
  }

  private repeat(kept: KeptDecision, keyed: Keyed, account: LoadedAccount, item: BatchItem): Outcome | Missing {
    const shown = shownBy(kept);
    const accountId = account.head.id;
    const reservations = shown.reservationIds
      .filter((id) => !account.reservations.has(id))
      .map((id) => ({ accountId, id }));
    const grants = shown.grantIds.filter((id) => !account.grants.has(id)).map((id) => ({ accountId, id }));
    if (reservations.length > 0 || grants.length > 0) return new Missing({ reservations, grants });
    return replay(kept, keyed, account, !item.mayBeKept);
  }

  /** What falls due on the way is closed at its own instant. */
  private moveClock(account: LoadedAccount, to: number): Outcome | Again {
    if (!this.advance(account, to)) return 'again';
    if (account.head.clockAt !== to) account.head = changedAccount(account.head, { clockAt: to });
    return { kind: 'account', account: account.head, now: to };
  }

  private open(command: OpenCommand): Outcome {
    const now = command.now ?? this.batch.now;
    const born = decideOpen(command, contextAt(this.rules, command.sandbox, now, this.batch.now));
    if (!born)
      return {
        kind: 'refused',
        refusal: {
          kind: 'InvalidAmount',
          field: 'billingAnchor',
          message: "billingAnchor must not be later than the account's own now.",
        },
        replayed: false,
      };
    this.batch.accounts.set(command.accountId, born.account);
    this.opened.push(command);
    this.record(born.account, born.decision.group, command, born.decision.outcome, false);
    return born.decision.outcome;
  }
}
