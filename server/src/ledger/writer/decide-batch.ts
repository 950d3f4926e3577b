import { closeDue, compareAge, type Due, nextEnd } from '../core/advance.js';
import { bookProject, countProjects, isCounted } from '../core/book-project.js';
import { changedAccount } from '../core/changed-state.js';
import type { Keyed } from '../core/command.js';
import { causeOf, type Command, decide, keyedOf, namedReservation, namedRows } from '../core/commands.js';
import type { Decided, Needs } from '../core/decision.js';
import { applyGroup, type Group } from '../core/group.js';
import { judgeSpending } from '../core/judge-spending.js';
import { membersEnding, missingTallies } from '../core/missing-tallies.js';
import { inputText, type KeptDecision, keepOutcome, replay, shownBy } from '../core/idempotency.js';
import { digestOfKept } from '../core/kept-digest.js';
import type { KeptAnswer, Outcome } from '../core/outcome.js';
import { contextAt, type DecisionRules } from '../core/rules.js';
import { ROW_KINDS } from '../core/state.js';
import type { LoadedAccount, ReservationState } from '../core/state.js';
import { instantOf, type LoadedBatch } from './load-batch.js';
import type { WrittenDecision } from '../core/written-decision.js';

/** A command of a batch. */
export interface BatchItem {
  readonly command: Command;
  /** An earlier try ended without an answer from the database. */
  readonly mayBeWritten: boolean;
  /** Whether that try had sent the answer that is kept under the key: then an answer found there is this command's own, no repetition. */
  readonly mayBeKept: boolean;
}

/**
 * More ended on the account than one batch closes: what was closed is written, the command was not decided and has to be
 * sent again.
 */
export type Again = 'again';

/** What has to be loaded before a command can be answered: it is run again then. */
export class Missing {
  /** @param booked  projects of the day that is needed which only this batch has booked */
  constructor(
    readonly accountId: string,
    readonly needs: Needs,
    readonly booked: ReadonlySet<string>,
  ) {}
}

const NONE_BOOKED: ReadonlySet<string> = new Set();

/** Whether something closes no later than a hold: sooner, or at its instant as a hold that is no younger. */
function closesWithin(due: Due, last: ReservationState): boolean {
  if (due.at !== last.expiresAt) return due.at < last.expiresAt;
  return due.kind === 'hold' && compareAge(due.reservation, last) <= 0;
}

function isLoaded(account: LoadedAccount, rows: NonNullable<Needs['rows']>): boolean {
  return ROW_KINDS.every((kind) => rows[kind]?.every((id) => account[kind].has(id)) ?? true);
}

/**
 * Decides the commands of one batch one after the other, each on the state that those before it left. It reads no tables: where something is
 * missing, it answers what to load.
 */
export class BatchRun {
  readonly decisions: WrittenDecision[] = [];
  /** Commands whose answers are to be kept under their keys. */
  readonly keeping = new Set<Command>();
  /** Commands whose named rows were looked for: what is not loaded now does not exist. */
  private readonly lookedFor = new Set<Command>();
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

  /** Keeps a decision for `writeBatch`; the next one is decided on the state that it left. */
  private record(account: LoadedAccount, group: Group | null, command: Command | null, kept: KeptAnswer | null): void {
    const keyed = kept && command && keyedOf(command);
    if (group) {
      applyGroup(account, group);
      countProjects(account, group);
    } else if (!keyed) return;
    const reservationId = group?.reservationId ?? namedReservation(command);
    const keeping = keyed && {
      keyed,
      input: inputText(keyed),
      outcome: keepOutcome(kept, group !== null),
      reservationId,
    };
    this.decisions.push({
      cause: group?.cause ?? causeOf(command as Command),
      actor: group?.actor ?? (command as Command).actor.name,
      account,
      group,
      kept: keeping,
      reservationId,
      at: group?.at ?? this.nowOf(account),
    });
    if (!keeping || !command) return;
    const { scope, key } = keeping.keyed;
    account.keptDigest ^= digestOfKept({
      scope,
      key,
      input: keeping.input,
      outcome: keeping.outcome,
      reservationId,
    });
    this.keeping.add(command);
    // Only another command on the same account can repeat it in this batch.
    if (this.shared.has(account.head.id)) this.batch.kept.add(account.head.id, scope, key, keeping);
  }

  private nowOf(account: LoadedAccount): number {
    return instantOf(account.head, this.batch.now);
  }

  /**
   * Closes what ended at or before `until`, in time order.
   *
   * @returns `again` when more ended than is loaded: the account is closed up to there; or what has to be loaded first; else null
   */
  private advance(account: LoadedAccount, until: number): Again | Missing | null {
    if (until < account.head.dueAt) return null;
    const missing = missingTallies(account, membersEnding(account, until));
    if (missing !== null) return new Missing(account.head.id, missing.needs, NONE_BOOKED);
    const horizon = this.batch.horizons.get(account.head.id);
    for (let due = nextEnd(account); due.at <= until; due = nextEnd(account)) {
      // After the last loaded hold, holds that are not loaded may end before this.
      if (horizon && !closesWithin(due, horizon)) return this.stopAt(account, horizon.expiresAt);
      const context = contextAt(this.rules, account.head.sandbox, due.at, this.batch.now);
      this.record(account, closeDue(account, due, context), null, null);
    }
    if (horizon && until >= horizon.expiresAt) return this.stopAt(account, horizon.expiresAt);
    // If nothing was due when the batch began, no holds were loaded, and none of them ends before the account's old `dueAt`.
    // If holds were loaded, the batch may have closed or extended the last of them; the one after it is not loaded, but does not end before it did.
    const hints = [account.before?.dueAt ?? Infinity, ...(this.loadedEnds.get(account.head.id) ?? [])];
    const hint = hints.reduce((first, at) => (at > until && at < first ? at : first), Infinity);
    account.head = changedAccount(account.head, { dueAt: Math.min(nextEnd(account).at, hint) });
    return null;
  }

  private stopAt(account: LoadedAccount, horizon: number): Again {
    const { clockAt } = account.head;
    const clock = clockAt === null ? undefined : Math.max(clockAt, horizon);
    account.head = changedAccount(account.head, { dueAt: horizon, clockAt: clock });
    account.closed = 'some';
    return 'again';
  }

  /** Answers a command and keeps what it changes for `writeBatch`. */
  run(item: BatchItem): Outcome | Again | Missing {
    const { command } = item;
    const account = this.batch.accounts.get(command.accountId) ?? null;
    if (account?.closed === 'some') return 'again';
    const now = account ? this.nowOf(account) : this.batch.now;
    if (account?.closed === 'none') {
      const stopped = this.advance(account, now);
      if (stopped !== null) return stopped;
      account.closed = 'all';
    }
    const keyed = account && keyedOf(command);
    const kept = keyed && this.batch.kept.find(command.accountId, keyed.scope, keyed.key);
    if (account && keyed && kept) return this.repeat(kept, keyed, account, item);
    const unseen = account && this.unseenRows(account, command);
    if (unseen) return new Missing(command.accountId, { rows: unseen }, NONE_BOOKED);
    const decision = decide(
      account,
      command,
      contextAt(this.rules, account?.head.sandbox ?? false, now, this.batch.now),
    );
    switch (decision.kind) {
      case 'needs':
        return new Missing(command.accountId, decision.needs, NONE_BOOKED);
      case 'closes':
        return this.close(account as LoadedAccount, decision.until);
      case 'decided':
        return this.take(account, command, decision);
    }
  }

  /** The rows that a command names, when some of them are not loaded and were not looked for either. */
  private unseenRows(account: LoadedAccount, command: Command): NonNullable<Needs['rows']> | null {
    const named = namedRows(command);
    if (named === null || this.lookedFor.has(command) || isLoaded(account, named)) return null;
    this.lookedFor.add(command);
    return named;
  }

  private take(account: LoadedAccount | null, command: Command, decision: Decided): Outcome | Again | Missing {
    const { group, outcome, creates } = decision;
    if (creates) this.batch.accounts.set(command.accountId, creates);
    const changed = creates ?? account;
    if (!changed) return outcome;
    const booked = group && bookProject(changed, group);
    if (booked && 'needs' in booked) return this.need(changed, booked.needs);
    const judged = booked && judgeSpending(changed, booked);
    if (judged && 'needs' in judged) return this.need(changed, judged.needs);
    this.record(changed, judged, command, decision.keeps ? (outcome as KeptAnswer) : null);
    return outcome;
  }

  /** Commits that only this batch has decided are in no table yet: they are written first, and the command is sent again. */
  private need(account: LoadedAccount, needs: Needs): Again | Missing {
    const { projectsOf, commitsSince } = needs;
    const booked = projectsOf === undefined ? NONE_BOOKED : this.projectsSoFar(account, projectsOf);
    const isWritten = !this.decisions.some((one) => one.account === account && (one.group?.usage.length ?? 0) > 0);
    if (commitsSince === undefined || isWritten) return new Missing(account.head.id, needs, booked);
    account.closed = 'some';
    return 'again';
  }

  /** The projects of an account-day that this batch books and no table has yet. */
  private projectsSoFar(account: LoadedAccount, day: string): ReadonlySet<string> {
    const booked = new Set<string>();
    for (const decided of this.decisions)
      if (decided.account === account)
        for (const usage of decided.group?.usage ?? [])
          if (usage.day === day && isCounted(usage)) booked.add(usage.project);
    return booked;
  }

  private repeat(kept: KeptDecision, keyed: Keyed, account: LoadedAccount, item: BatchItem): Outcome | Missing {
    const shown = shownBy(kept);
    if (!isLoaded(account, shown)) return new Missing(account.head.id, { rows: shown }, NONE_BOOKED);
    return replay(kept, keyed, account, !item.mayBeKept);
  }

  /** What falls due on the way is closed at its own instant; a sandbox account's clock then stands at `until`. */
  private close(account: LoadedAccount, until: number): Outcome | Again | Missing {
    const stopped = this.advance(account, until);
    if (stopped !== null) return stopped;
    const { clockAt } = account.head;
    if (clockAt !== null && clockAt !== until) account.head = changedAccount(account.head, { clockAt: until });
    return { kind: 'account', account: account.head, now: until, databaseNow: this.batch.now, isNew: false };
  }
}
