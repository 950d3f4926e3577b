import type { Outcome } from '../ledger/core/outcome.js';
import type { History, Step } from './test-history.js';
import { isKeyed, type JournalGroup, keyOf } from './test-history-journal.js';
import { clocksOf } from './test-history-replay.js';
import type { Model } from './test-model.js';

/**
 * In which order steps can have been decided, going by when they were sent and answered: a step sees at least what was answered
 * before it was sent, and nothing that was sent after its own answer.
 */
export class HistoryOrder {
  private readonly clocks: readonly number[];
  /** Keys under which a group was written. */
  private readonly written: ReadonlySet<string | null>;

  constructor(
    private readonly history: History,
    private readonly groups: readonly JournalGroup[],
    private readonly models: readonly Model[],
    private readonly lossy: boolean,
    private readonly wrong: (what: string) => void,
  ) {
    this.clocks = clocksOf(history);
    this.written = new Set(groups.map(({ key }) => key));
  }

  /** Whether a decision could have been taken at one of the versions and instants that the step can have seen. */
  someVersion(step: Step, fits: (model: Model, now: number) => boolean, only?: number, isRepeated = false): boolean {
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
      const due = model.due().at;
      // On a live account it can have been any instant between; what a refusal depends on is decided at the ends.
      const clocks = this.history.live ? [from, Math.min(until, due - 1, Date.now())] : this.clocks;
      if (clocks.some((now) => now >= from && now <= until && now < due && fits(model, now))) return true;
    }
    return false;
  }

  private wrote({ command, outcome }: Step): boolean {
    if (this.lossy) return false;
    const isReceipt = outcome?.kind === 'reservation' || outcome?.kind === 'row' || outcome?.kind === 'plan';
    // An answer that changed nothing has no group.
    return isKeyed(command) && isReceipt && !outcome.replayed && this.written.has(keyOf(command));
  }

  /** Answered before another was sent: the lower version. */
  compare(): void {
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
}

/** The version that an answer says it belongs to, if it does. */
function versionOf(outcome: Outcome | null): number | null {
  if (outcome === null) return null;
  if (outcome.kind === 'reservation' || outcome.kind === 'row' || outcome.kind === 'plan')
    return outcome.balance.version;
  if (outcome.kind === 'account') return outcome.account.version;
  return outcome.kind === 'refused' && outcome.refusal.kind === 'InsufficientCredits' && !outcome.replayed
    ? outcome.refusal.version
    : null;
}
