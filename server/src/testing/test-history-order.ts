import type { RefundPreviewAnswer } from '../ledger/core/outcome.js';
import type { History, Step } from './test-history.js';
import { isKeyed, type JournalGroup, keyOf, stepOf } from './test-history-journal.js';
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
  /** What steps without a key wrote. */
  private readonly groupOf: ReadonlyMap<Step, JournalGroup>;

  constructor(
    private readonly history: History,
    private readonly groups: readonly JournalGroup[],
    private readonly models: readonly Model[],
    private readonly lossy: boolean,
    private readonly wrong: (what: string) => void,
  ) {
    this.clocks = clocksOf(history);
    this.written = new Set(groups.map(({ key }) => key));
    this.groupOf = new Map(
      groups.flatMap((group) => {
        const step = group.key === null ? stepOf(history, group) : undefined;
        return step ? [[step, group] as const] : [];
      }),
    );
  }

  /** The group that a step without a key wrote; undefined: it changed nothing. */
  wroteBy(step: Step): JournalGroup | undefined {
    return this.groupOf.get(step);
  }

  /** Whether a decision could have been taken at one of the versions and instants that the step can have seen. */
  someVersion(step: Step, fits: (model: Model, now: number) => boolean, only?: number, isRepeated = false): boolean {
    const { steps } = this.history;
    let first = 1;
    let last = this.models.length - 1;
    for (const other of steps) {
      const version = this.versionOf(other);
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

  private wrote(step: Step): boolean {
    const { command, outcome } = step;
    if (this.lossy) return false;
    if (this.groupOf.has(step)) return true;
    const isReceipt = outcome?.kind === 'reservation' || outcome?.kind === 'row' || outcome?.kind === 'plan';
    // An answer that changed nothing has no group.
    return isKeyed(command) && isReceipt && !outcome.replayed && this.written.has(keyOf(command));
  }

  /** Answered before another was sent: the lower version. */
  compare(): void {
    const known = this.history.steps.flatMap((step) => {
      const version = this.versionOf(step);
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

  /** The version that an answer says it belongs to, if it does. */
  private versionOf(step: Step): number | null {
    const { outcome } = step;
    switch (outcome?.kind) {
      case 'reservation':
      case 'row':
      case 'plan':
        return outcome.balance.version;
      case 'account':
        return outcome.account.version;
      case 'refused':
        return outcome.refusal.kind === 'InsufficientCredits' && !outcome.replayed ? outcome.refusal.version : null;
      case 'refund-preview':
        return previewedAt(outcome);
      default:
        return this.lossy ? null : (this.groupOf.get(step)?.version ?? null);
    }
  }
}

/** The version at which a refund was previewed: what it would write is not there. */
export function previewedAt({ problem, balanceAfter }: RefundPreviewAnswer): number {
  return balanceAfter.version - (problem === null ? 1 : 0);
}
