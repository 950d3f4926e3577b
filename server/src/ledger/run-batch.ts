import type pg from 'pg';
import { closeDue, nextEnd } from './advance.js';
import { balanceOf } from './balance.js';
import { changedAccount } from './changed-state.js';
import type { Command, Keyed, OpenCommand } from './command.js';
import { decide, decideOpen } from './decide.js';
import { applyGroup, type Group } from './group-draft.js';
import { inputText, type KeptDecision, keepOutcome, replay, shownBy } from './idempotency.js';
import type { AccountChange, StoredEvent } from './ledger.js';
import type { Outcome } from './outcome.js';
import type { DecisionRules } from './rules.js';
import type { AccountState, LedgerEvent, LoadedAccount } from './state.js';
import type { AccountCache } from './account-cache.js';
import {
  feedKey,
  instantOf,
  loadMore,
  type LoadedBatch,
  type More,
  type LoadRequest,
  lockAndLoad,
  rollback,
  writeAndCommit,
} from './store.js';
import { writeBatch } from './write-batch.js';
import type { WrittenDecision } from './written-decision.js';

/** A command of a batch; `mayBeWritten` when an earlier try ended without an answer from the database. */
export interface BatchItem {
  readonly command: Command;
  readonly mayBeWritten: boolean;
}

/**
 * More ended on the account than one batch closes: what was closed is written, the command was not decided and has to be
 * sent again.
 */
export type Again = 'again';

export interface BatchResult {
  readonly outcomes: readonly (Outcome | Again)[];
  readonly changes: readonly AccountChange[];
}

/** What has to be loaded before a command can be answered: it is run again then. */
class Missing {
  constructor(readonly more: More) {}
}

function keyedOf(command: Command): Keyed | null {
  return 'keyed' in command ? command.keyed : null;
}

/** A refused reserve made no reservation; a refused commit, release or extension is about the one it names. */
function namedReservation(command: Command | null): string | null {
  return command?.type === 'commit' || command?.type === 'release' || command?.type === 'extend'
    ? command.reservationId
    : null;
}

/** Everything one batch works on. */
class BatchRun {
  readonly decisions: WrittenDecision[] = [];
  readonly opened: OpenCommand[] = [];
  readonly before: Map<string, AccountState>;
  private readonly looked = new Set<string>();
  private readonly unfinished = new Set<string>();
  private readonly claimed = new Set<KeptDecision>();
  /** When the loaded holds ended, as they were loaded, of accounts whose clock a command moves. */
  private readonly loadedEnds = new Map<string, readonly number[]>();

  constructor(
    private readonly batch: LoadedBatch,
    private readonly rules: DecisionRules,
    moved: Iterable<string>,
  ) {
    this.before = new Map();
    for (const [id, account] of batch.accounts) this.before.set(id, account.head);
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
    if (group) applyGroup(account, group);
    const reservationId = group?.reservationId ?? namedReservation(command);
    const kept =
      keyed && outcome ? { keyed, input: inputText(keyed), outcome: keepOutcome(outcome), reservationId } : null;
    this.decisions.push({ command, account, group, kept, reservationId, at: group?.at ?? this.nowOf(account) });
    if (kept) this.batch.kept.add(account.head.id, kept.keyed.scope, kept.keyed.key, kept);
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
    const horizon = this.batch.horizons.get(account.head.id) ?? Infinity;
    for (let due = nextEnd(account); due.at <= until; due = nextEnd(account)) {
      // At the horizon other holds may end that are not loaded, and they come before grants and periods.
      if (due.at > horizon || (due.at === horizon && due.kind !== 'hold')) return this.stopAt(account, horizon);
      this.record(
        account,
        closeDue(account, due, { catalog: this.rules.catalog(), rules: this.rules }),
        null,
        null,
        false,
      );
    }
    if (until >= horizon) return this.stopAt(account, horizon);
    // Where the holds were not loaded, since nothing was due when the batch began, none of them ends before that hint.
    // Where they were, the batch may have closed or extended the last of them since, and the next one is not loaded.
    const hints = [
      this.before.get(account.head.id)?.dueAt ?? Infinity,
      ...(this.loadedEnds.get(account.head.id) ?? []),
    ];
    const hint = hints.reduce((first, at) => (at > until && at < first ? at : first), Infinity);
    account.head = changedAccount(account.head, { dueAt: Math.min(nextEnd(account).at, hint) });
    return true;
  }

  private stopAt(account: LoadedAccount, horizon: number): false {
    const { clockAt } = account.head;
    const clock = clockAt === null ? undefined : Math.max(clockAt, horizon);
    account.head = changedAccount(account.head, { dueAt: horizon, clockAt: clock });
    this.unfinished.add(account.head.id);
    return false;
  }

  run(item: BatchItem): Outcome | Again | Missing {
    const { command } = item;
    if (this.unfinished.has(command.accountId)) return 'again';
    const account = this.batch.accounts.get(command.accountId);
    if (!account) return command.type === 'open' ? this.open(command) : { kind: 'notFound' };
    const now = this.nowOf(account);
    if (!this.looked.has(account.head.id)) {
      this.looked.add(account.head.id);
      if (!this.advance(account, now)) return 'again';
    }
    if (command.type === 'open') return { kind: 'account', account: account.head, now };
    const keyed = keyedOf(command);
    const kept = keyed && this.batch.kept.find(account.head.id, keyed.scope, keyed.key);
    if (keyed && kept) return this.repeat(kept, keyed, account, item);
    const context = { now, catalog: this.rules.catalog(), rules: this.rules };
    const decision = decide(account, command, context);
    if (decision === 'needsHolds') return new Missing({ creditHoldsOf: [account.head.id] });
    if (command.type === 'clock' && decision.outcome.kind === 'account') return this.moveClock(account, command.to);
    this.record(account, decision.group, command, decision.outcome, decision.keeps);
    return decision.outcome;
  }

  private repeat(kept: KeptDecision, keyed: Keyed, account: LoadedAccount, item: BatchItem): Outcome | Missing {
    const shown = shownBy(kept);
    const accountId = account.head.id;
    const reservations = shown.reservationIds
      .filter((id) => !account.reservations.has(id))
      .map((id) => ({ accountId, id }));
    const grants = shown.grantIds.filter((id) => !account.grants.has(id)).map((id) => ({ accountId, id }));
    if (reservations.length > 0 || grants.length > 0) return new Missing({ reservations, grants });
    // What an unanswered try of this command wrote is its first answer; any other of the same key repeats it.
    const isOwn = item.mayBeWritten && !this.claimed.has(kept);
    if (isOwn) this.claimed.add(kept);
    return replay(kept, keyed, account, !isOwn);
  }

  /** What falls due on the way is closed at its own instant. */
  private moveClock(account: LoadedAccount, to: number): Outcome | Again {
    if (!this.advance(account, to)) return 'again';
    if (account.head.clockAt !== to) account.head = changedAccount(account.head, { clockAt: to });
    return { kind: 'account', account: account.head, now: to };
  }

  private open(command: OpenCommand): Outcome {
    const now = command.now ?? this.batch.now;
    const born = decideOpen(command, { now, catalog: this.rules.catalog(), rules: this.rules });
    if (!born)
      return {
        kind: 'refused',
        refusal: {
          kind: 'InvalidAmount',
          field: 'billingAnchor',
          message: "The anchor is not later than the account's own now.",
        },
        replayed: false,
      };
    this.batch.accounts.set(command.accountId, born.account);
    this.looked.add(command.accountId);
    this.opened.push(command);
    this.record(born.account, born.decision.group, command, born.decision.outcome, false);
    return born.decision.outcome;
  }
}

/**
 * Decides and writes a batch of commands in one transaction: lock and load, decide, write and commit.
 *
 * @returns an outcome for each command, in order, and what changed, after the commit
 * @throws whatever the database or an invariant raised; nothing is written then, unless the answer to COMMIT was lost
 */
export async function runBatch(
  client: pg.Client,
  items: readonly BatchItem[],
  rules: DecisionRules,
  cache: AccountCache,
): Promise<BatchResult> {
  const accountIds = new Set<string>();
  const reservations: { accountId: string; id: string }[] = [];
  const keys: { accountId: string; key: string; scope: string }[] = [];
  const clocks = new Map<string, number>();
  /** Accounts of unanswered tries, which may have been written and never told. */
  const untold = new Set<string>();
  for (const { command, mayBeWritten } of items) {
    const { accountId } = command;
    accountIds.add(accountId);
    if (mayBeWritten) untold.add(accountId);
    const keyed = keyedOf(command);
    if (keyed) keys.push({ accountId, key: keyed.key, scope: keyed.scope });
    const id = namedReservation(command);
    if (id !== null) reservations.push({ accountId, id });
    if (command.type === 'clock') clocks.set(accountId, Math.max(command.to, clocks.get(accountId) ?? 0));
  }
  const request: LoadRequest = { accountIds: [...accountIds].sort(), reservations, keys, until: clocks };
  const batch = await lockAndLoad(client, request, cache);
  const run = new BatchRun(batch, rules, clocks.keys());
  const outcomes: (Outcome | Again)[] = [];
  for (const item of items) {
    let answer = run.run(item);
    for (let loads = 0; answer instanceof Missing; loads++) {
      if (loads > 0) throw new Error(`${item.command.type} asks again for what was loaded`);
      await loadMore(client, batch.accounts, answer.more);
      answer = run.run(item);
    }
    outcomes.push(answer);
  }

  const statement = writeBatch(run.decisions, run.before, batch.accounts, run.opened);
  if (!statement) {
    await rollback(client);
    for (const account of batch.accounts.values()) cache.put(account);
    return { outcomes, changes: changesOf(batch, run.before, untold, [], new Map()) };
  }
  const told: LedgerEvent[] = [];
  for (const { group } of run.decisions) if (group) told.push(...group.events);
  const places = await writeAndCommit(client, statement, told.length > 0);
  for (const account of batch.accounts.values()) cache.put(account);
  return { outcomes, changes: changesOf(batch, run.before, untold, told, places) };
}

function changesOf(
  batch: LoadedBatch,
  before: ReadonlyMap<string, AccountState>,
  untold: ReadonlySet<string>,
  told: readonly LedgerEvent[],
  places: ReadonlyMap<string, number>,
): AccountChange[] {
  const eventsOf = new Map<string, StoredEvent[]>();
  for (const event of told) {
    const feedSeq = places.get(feedKey(event.accountId, event.version, event.ordinal)) as number;
    const mine = eventsOf.get(event.accountId);
    if (mine) mine.push({ ...event, feedSeq });
    else eventsOf.set(event.accountId, [{ ...event, feedSeq }]);
  }
  const changes: AccountChange[] = [];
  for (const [accountId, { head }] of batch.accounts) {
    if (before.get(accountId)?.version === head.version && !untold.has(accountId)) continue;
    changes.push(new Change(head, eventsOf.get(accountId) ?? NO_EVENTS));
  }
  return changes;
}

const NO_EVENTS: readonly StoredEvent[] = [];

/** Few accounts of a batch are watched: balances are made when somebody asks. */
class Change implements AccountChange {
  constructor(
    private readonly head: AccountState,
    readonly events: readonly StoredEvent[],
  ) {}

  get accountId(): string {
    return this.head.id;
  }

  get sandbox(): boolean {
    return this.head.sandbox;
  }

  get version(): number {
    return this.head.version;
  }

  get balances(): AccountChange['balances'] {
    return { STANDARD: balanceOf(this.head, 'STANDARD'), SCAN: balanceOf(this.head, 'SCAN') };
  }
}
