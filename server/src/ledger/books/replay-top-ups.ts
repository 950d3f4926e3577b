import { CREDIT_TYPES, type CreditType } from '../../catalog/catalog.js';
import type { TopUp } from '../core/billing.js';
import { saidBy } from '../core/events.js';
import { inputFromText } from '../core/kept-text.js';
import type { PurchaseState } from '../core/purchase.js';
import type { AccountState } from '../core/state.js';
import type { StoredEvent } from '../rows/event-rows.js';
import type { PlacedFields } from '../rows/journal-rows.js';

/** What counts for the declines in a row, in the order in which it happened. */
type Step =
  | { readonly is: 'on'; readonly creditType: CreditType }
  | { readonly is: 'failed' | 'paid'; readonly purchaseId: string; readonly at: number };

type Rule = Pick<TopUp, 'packId' | 'threshold' | 'purchasesPerPeriodMax' | 'offBecause'>;

/** Auto top-up of one account, built up again from what was asked and told and from its purchases, and compared with what is kept. */
export class ReplayedTopUps {
  private readonly rules = new Map<CreditType, Rule>();
  private readonly steps: Step[] = [];
  private readonly purchases = new Map<string, PurchaseState>();

  constructor(
    private readonly head: AccountState,
    private readonly wrong: (what: string) => void,
  ) {}

  addGroup([first]: readonly PlacedFields[], told: readonly StoredEvent[]): void {
    if (first?.cause === 'set-top-up' && first.input !== null) this.set(first.input);
    for (const event of told) {
      const { because, purchaseId } = saidBy(event);
      const { creditType, at } = event;
      if (event.type === 'AUTO_TOP_UP_OFF') this.turnOff(creditType, because ?? null);
      if (purchaseId === undefined) continue;
      if (event.type === 'PURCHASE_FAILED') this.steps.push({ is: 'failed', purchaseId, at });
      if (event.type === 'PURCHASE_PAID') this.steps.push({ is: 'paid', purchaseId, at });
    }
  }

  /** The input of a key that set it. */
  private set(text: string): void {
    const said = inputFromText(text) as { creditType: CreditType; enabled: boolean } & Omit<Rule, 'offBecause'>;
    const { creditType, enabled, packId, threshold, purchasesPerPeriodMax } = said;
    const before = this.rules.get(creditType);
    if (!enabled) {
      if (before) this.rules.set(creditType, { ...before, offBecause: before.offBecause ?? 'TURNED_OFF' });
      return;
    }
    if (before?.offBecause !== null) this.steps.push({ is: 'on', creditType });
    this.rules.set(creditType, { packId, threshold, purchasesPerPeriodMax, offBecause: null });
  }

  private turnOff(creditType: CreditType, because: TopUp['offBecause']): void {
    const before = this.rules.get(creditType);
    if (before?.offBecause !== null)
      return this.wrong(`auto top-up of ${creditType} was told to be off, and was not on`);
    this.rules.set(creditType, { ...before, offBecause: because });
  }

  addPurchase(purchase: PurchaseState): void {
    if (purchase.origin === 'AUTO') this.purchases.set(purchase.id, purchase);
  }

  finish(): void {
    for (const creditType of CREDIT_TYPES) {
      const kept = this.head.billing?.topUps[creditType];
      const rule = this.rules.get(creditType);
      const same = (what: string, is: unknown, replayed: unknown): void => {
        if (is !== replayed)
          this.wrong(`auto top-up of ${creditType}: ${what} is ${String(is)}, replayed ${String(replayed)}`);
      };
      for (const field of ['offBecause', 'packId', 'threshold', 'purchasesPerPeriodMax'] as const)
        same(field, kept?.[field], rule?.[field]);
      const own = [...this.purchases.values()].filter((purchase) => purchase.creditType === creditType);
      const open = own.filter(({ status }) => status === 'PENDING');
      same('purchases in flight', open.length, kept?.pendingId == null ? 0 : 1);
      same('purchase in flight', kept?.pendingId ?? null, open[0]?.id ?? null);
      if (kept === undefined) {
        same('purchases', own.length, 0);
        continue;
      }
      const { periodNumber, purchases } = kept;
      const latest = Math.max(0, ...own.map((purchase) => purchase.periodNumber ?? 0));
      same('last period in which it bought', periodNumber, own.length === 0 ? 0 : latest);
      const counted = own.filter((one) => one.periodNumber === periodNumber && one.status !== 'FAILED');
      same('purchases in that period', purchases, counted.length);
      const { declines, declinedAt } = this.declined(creditType);
      same('declines', kept.declines, declines);
      same('last decline', kept.declinedAt, declinedAt);
    }
  }

  private declined(creditType: CreditType): Pick<TopUp, 'declines' | 'declinedAt'> {
    let declines = 0;
    let declinedAt: number | null = null;
    for (const step of this.steps) {
      if (
        step.is === 'on'
          ? step.creditType !== creditType
          : this.purchases.get(step.purchaseId)?.creditType !== creditType
      )
        continue;
      declines = step.is === 'failed' ? declines + 1 : 0;
      declinedAt = step.is === 'failed' ? step.at : null;
    }
    return { declines, declinedAt };
  }
}
