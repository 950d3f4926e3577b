import { saidBy } from '../core/events.js';
import { isOpenPurchase, type PurchaseState } from '../core/purchase.js';
import type { GrantState } from '../core/state.js';
import type { StoredEvent } from '../rows/event-rows.js';

/** The purchases of one account, compared with the grants that they brought, what was told of them and the keys that began them. */
export class ReplayedPurchases {
  private readonly grants = new Map<string, GrantState[]>();
  private readonly paid = new Map<string, number>();
  private readonly seen = new Set<string>();

  /** @param begun  those that a key began, and the version that began each */
  constructor(
    private readonly begun: ReadonlyMap<string, number>,
    private readonly wrong: (what: string) => void,
  ) {}

  addGrant(grant: GrantState): void {
    const { purchaseId } = grant;
    if (purchaseId === null) return;
    const known = this.grants.get(purchaseId);
    if (known) known.push(grant);
    else this.grants.set(purchaseId, [grant]);
  }

  addTold(told: readonly StoredEvent[]): void {
    for (const event of told) {
      const { purchaseId } = saidBy(event);
      if (event.type === 'PURCHASE_PAID' && purchaseId !== undefined)
        this.paid.set(purchaseId, (this.paid.get(purchaseId) ?? 0) + 1);
    }
  }

  /** @param version  the account's */
  compare(purchase: PurchaseState, version: number): void {
    const { id, status } = purchase;
    const same = (what: string, kept: unknown, replayed: unknown): void => {
      if (kept !== replayed) this.wrong(`purchase ${id}: ${what} is ${String(kept)}, replayed ${String(replayed)}`);
    };
    this.seen.add(id);
    const isPaid = !isOpenPurchase(purchase) && status !== 'FAILED' && status !== 'CANCELED';
    same('times it was paid', this.paid.get(id) ?? 0, isPaid ? 1 : 0);
    if (purchase.origin === 'OWNER' && !this.begun.has(id)) this.wrong(`purchase ${id} was begun by no kept answer`);
    if (purchase.version > version || purchase.version < (this.begun.get(id) ?? 1))
      this.wrong(`purchase ${id}: version ${purchase.version} is none of its account's`);
    const grants = this.grants.get(id) ?? [];
    for (const named of [purchase.grantId, purchase.bonusGrantId])
      if (named !== null && !grants.some((grant) => grant.id === named))
        this.wrong(`purchase ${id}: grant ${named} is none that it brought`);
    for (const source of ['PURCHASE', 'BONUS'] as const) this.compareRestored(purchase, source, grants);
    const grantedBy = (grantId: string | null) => grants.find((grant) => grant.id === grantId)?.granted ?? 0;
    if (isPaid) {
      same('credits', purchase.credits, grantedBy(purchase.grantId));
      same('bonusCredits', purchase.bonusCredits, grantedBy(purchase.bonusGrantId));
    }
    same(
      'refundedCredits',
      purchase.refundedCredits,
      grants.reduce((sum, { refunded }) => sum + refunded, 0),
    );
    for (const { id: grantId, source, creditType, expiresAt } of grants)
      if (
        (source !== 'PURCHASE' && source !== 'BONUS') ||
        creditType !== purchase.creditType ||
        expiresAt !== purchase.expiresAt
      )
        this.wrong(`purchase ${id}: grant ${grantId} is not what it brought`);
  }

  /** What grants beyond the first say is what a won dispute gave back: no more than was revoked of that source. */
  private compareRestored(purchase: PurchaseState, source: 'PURCHASE' | 'BONUS', grants: readonly GrantState[]): void {
    const { id, grantId, bonusGrantId, disputeId } = purchase;
    const first = source === 'PURCHASE' ? grantId : bonusGrantId;
    const of = grants.filter((grant) => grant.source === source);
    const restored = of.filter((grant) => grant.id !== first).reduce((sum, { granted }) => sum + granted, 0);
    const revoked = of.reduce((sum, grant) => sum + grant.revoked, 0);
    const byRefund = source === 'PURCHASE' ? purchase.refundRevoked : purchase.refundRevokedBonus;
    if (restored > 0 && (disputeId === null || restored > revoked - byRefund))
      this.wrong(`purchase ${id}: ${restored} credits were given back that no dispute had revoked`);
    if (revoked < byRefund) this.wrong(`purchase ${id}: refunds revoked ${byRefund}, its grants say ${revoked}`);
  }

  finish(): void {
    for (const [id, version] of this.begun)
      if (!this.seen.has(id)) this.wrong(`purchase ${id}, begun by version ${version}, is gone`);
    for (const id of new Set([...this.grants.keys(), ...this.paid.keys()]))
      if (!this.seen.has(id)) this.wrong(`purchase ${id} brought credits and is gone`);
  }
}
