import { isDeepStrictEqual } from 'node:util';
import type { Outcome, RefundPreviewAnswer } from '../ledger/core/outcome.js';
import type { PurchaseState } from '../ledger/core/purchase.js';
import type { AccountState, BalanceView, GrantState } from '../ledger/core/state.js';
import { verifyLedger } from '../ledger/books/verify.js';
import type { History, Step } from './test-history.js';
import { inputOf, isKeyed, type Journal, keyOf, loadJournal } from './test-history-journal.js';
import { checkMoney, differs } from './test-history-money.js';
import { HistoryOrder, previewedAt } from './test-history-order.js';
import { checkPast } from './test-history-past.js';
import { CREDIT_TYPES, replayJournal } from './test-history-replay.js';
import type { TestLedger } from './test-ledger.js';
import type { Decided, Model } from './test-model.js';
import type { ModelAnswer } from './test-model-books.js';
import { refundableOf } from './test-model-purchases.js';

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
  const problems: string[] = [];
  const wrong = (what: string): void => {
    problems.push(`${history.accountId} (${history.plan}): ${what}`);
  };
  const journal = await loadJournal(books.pool, history.accountId);
  const models = replayJournal(books.catalog, history, journal.groups, wrong);
  if (problems.length === 0) {
    new HistoryCheck(history, journal, models, lossy, wrong).run();
    await checkMoney(books, history, models.at(-1) as Model, wrong);
    await checkPast(books, { history, groups: journal.groups, models, lossy, wrong });
  }
  return [...problems, ...(await verifyLedger({ ...books, accountIds: [history.accountId] })).problems];
}

/** Compares every answer with the model at its version. */
class HistoryCheck {
  private readonly order: HistoryOrder;

  constructor(
    private readonly history: History,
    private readonly journal: Journal,
    private readonly models: readonly Model[],
    private readonly lossy: boolean,
    private readonly wrong: (what: string) => void,
  ) {
    this.order = new HistoryOrder(history, journal.groups, models, lossy, wrong);
  }

  run(): void {
    for (const step of this.history.steps) this.compare(step);
    this.order.compare();
    this.compareKeys();
  }

  private compare(step: Step): void {
    const { command, outcome } = step;
    const what = `${command.type} ${isKeyed(command) ? command.keyed.key : ''}`;
    if (outcome === null) return this.wrong(`${what} was never answered`);
    const kept = isKeyed(command) ? this.journal.kept.get(keyOf(command)) : undefined;
    if (outcome.kind === 'reservation' || outcome.kind === 'row' || outcome.kind === 'plan') {
      const { version } = outcome.balance;
      if (!kept) return this.wrong(`${what}: answered ${outcome.kind}, and not kept`);
      if (kept.version === null) this.compareSame(step, command as Decided, outcome, what);
      else if (outcome.replayed || this.lossy ? kept.version > version : kept.version !== version)
        this.wrong(`${what}: decided at ${kept.version}, answered at ${version}, replayed ${outcome.replayed}`);
      this.compareBalance(what, outcome.balance);
      const model = this.models[version];
      if (outcome.kind === 'plan') return this.comparePlan(what, outcome.account, model);
      if (outcome.kind === 'row') {
        if (outcome.of === 'purchases') return this.comparePurchase(what, outcome.row as PurchaseState, model);
        if (outcome.of !== 'grants') throw new Error(`the model knows no ${outcome.of}`);
        const grant = model?.grants.get(outcome.row.id);
        const { available, held, spent, expired, revoked, recalled } = outcome.row as GrantState;
        if (
          !grant ||
          !isDeepStrictEqual(
            [available, held, spent, expired, revoked, recalled],
            [grant.available, grant.held, grant.spent, grant.expired, grant.revoked, grant.recalled],
          )
        )
          this.wrong(`${what}: grant ${JSON.stringify(outcome.row)}, the model has ${JSON.stringify(grant)}`);
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
        for (const bucket of ['available', 'held', 'spent', 'expired', 'refunded', 'revoked'] as const)
          if (model?.sum(type, bucket) !== credits[bucket])
            this.wrong(
              `${what} at ${outcome.account.version}: ${type} ${bucket} ${credits[bucket]}, the model has ${model?.sum(type, bucket)}`,
            );
      }
      this.comparePlan(what, outcome.account, model);
      if (command.type === 'clock' && outcome.now !== command.to)
        this.wrong(`${what}: at ${outcome.now}, not at ${command.to}`);
      return;
    }
    if (command.type === 'clock') {
      if (!this.order.someVersion(step, (_, now) => command.to < now))
        this.wrong(`${what} to ${command.to} was refused for nothing`);
      return;
    }
    if (outcome.kind === 'settled' || outcome.kind === 'disputed')
      return this.compareTold(step, command as Decided, outcome.purchase, what);
    if (outcome.kind === 'refund') {
      const { id, amountMinor } = outcome.refund;
      if (this.models.at(-1)?.refunds.get(id)?.amount !== amountMinor) this.wrong(`${what}: sends ${amountMinor}`);
      return;
    }
    if (outcome.kind === 'refund-preview') return this.comparePreview(step, outcome, what);
    this.compareRefusal(step, command as Decided, outcome, kept?.input, what);
  }

  private comparePurchase(what: string, purchase: PurchaseState, model?: Model): void {
    const difference = differs(purchase, model?.purchases.get(purchase.id));
    if (difference !== null) this.wrong(`${what}: purchase ${difference}`);
  }

  /** What a provider told either wrote a group, or changed nothing at a version that it can have seen. */
  private compareTold(step: Step, command: Decided, purchase: PurchaseState, what: string): void {
    const group = this.order.wroteBy(step);
    this.comparePurchase(what, purchase, this.models[purchase.version]);
    if (group && !this.lossy && group.version !== purchase.version)
      this.wrong(`${what}: wrote ${group.version}, answered ${purchase.version}`);
    if (group) return;
    const isSame = (model: Model, now: number) =>
      model.purchases.get(purchase.id)?.version === purchase.version &&
      model.clone().decide(command, now).kind === 'same';
    if (!this.order.someVersion(step, isSame, undefined, this.lossy))
      this.wrong(`${what}: changed nothing of ${JSON.stringify(purchase)}, which no version explains`);
  }

  private comparePreview(step: Step, outcome: RefundPreviewAnswer, what: string): void {
    const { purchase, problem, refundedCredits, revokedCredits, amountMinor, balanceAfter } = outcome;
    const shown = { why: problem, credits: refundedCredits, revoked: revokedCredits, money: amountMinor };
    const fits = (model: Model, now: number) => {
      const mine = model.purchases.get(purchase.id);
      if (!mine || !isDeepStrictEqual(refundableOf(model, mine, now), shown)) return false;
      const left = model.sum(purchase.creditType, 'available') - refundedCredits - revokedCredits;
      return balanceAfter.available + balanceAfter.waiting === left;
    };
    if (!this.order.someVersion(step, fits, previewedAt(outcome)))
      this.wrong(`${what}: previews ${JSON.stringify(shown)}, the model otherwise`);
  }

  private comparePlan(what: string, { plan, nextPlan, period, credits, version }: AccountState, model?: Model): void {
    const shown = [plan, nextPlan, period.number, period.end, credits.STANDARD.allowance];
    const mine = model && [model.plan, model.nextPlan, model.period, model.periodEnd, model.allowance];
    if (!isDeepStrictEqual(shown, mine))
      this.wrong(`${what} at ${version}: ${shown.join()}, the model has ${mine?.join()}`);
  }

  /** An answer without a group of its own: at some version that it can have seen, the command changes nothing. */
  private compareSame(
    step: Step,
    command: Decided,
    outcome: { balance: BalanceView; replayed: boolean },
    what: string,
  ) {
    const isRepeated = outcome.replayed || this.lossy;
    const only = isRepeated ? undefined : outcome.balance.version;
    if (
      !this.order.someVersion(
        step,
        (model, now) => model.clone().decide(command, now).kind === 'same',
        only,
        isRepeated,
      )
    )
      this.wrong(`${what}: answered ${outcome.balance.version} without a group, which no version explains`);
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
      model.levels[type].level(usable),
      model.given(type),
      model.bought(type),
    ];
    const shown = [
      balance.available,
      balance.held,
      balance.used,
      balance.waiting,
      balance.nextResetAt,
      balance.level,
      balance.promotional,
      balance.purchased,
    ];
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
      if (keptInput === undefined || !isKeyed(command) || keptInput === inputOf(command))
        this.wrong(`${what}: a conflict with ${keptInput ?? 'nothing'}`);
      return;
    }
    if (keptInput !== undefined && isKeyed(command) && keptInput !== inputOf(command))
      return this.wrong(`${what}: the key has another input and was answered ${outcome.kind}`);
    const why =
      refusal === null
        ? outcome.kind
        : refusal.kind === 'ReservationClosed'
          ? `ReservationClosed ${refusal.reservation.status}`
          : [
              refusal.kind,
              ...(refusal.kind === 'InvalidAmount' ? [refusal.field] : []),
              ...(refusal.kind === 'RefundNotAllowed' ? [refusal.reason] : []),
              ...(refusal.kind === 'OperationUnknown' || refusal.kind === 'OperationNotInPlan'
                ? [refusal.operation]
                : []),
            ].join(' ');
    const figures =
      refusal?.kind === 'InsufficientCredits'
        ? [refusal.needed, refusal.available, refusal.held, refusal.shortfall, refusal.enoughAfterHoldsAt ?? -1]
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
    if (!this.order.someVersion(step, (model, now) => fits(model.clone().decide(command, now)), only, isRepeated))
      this.wrong(
        `${what}: ${why} ${figures.join()} fits no version${only === undefined ? '' : ` ${only}`} that it could have seen`,
      );
    if (refusal?.kind !== 'InsufficientCredits' || isRepeated) return;
    const model = this.models[refusal.version];
    // With its own hold the work that is added would end as well.
    const own = command.type === 'add' ? command.reservationId : null;
    const holds = [...(model?.holds.values() ?? [])].filter(
      (hold) => hold.status === 'HELD' && hold.held > 0 && hold.type === refusal.creditType && hold.id !== own,
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
