import type { AuditAction, AuditFacts } from '../../audit/actions.js';
import type { CreditType } from '../../catalog/catalog.js';
import type { Billing, TopUpOff } from './billing.js';
import { boughtIn, type PurchaseState } from './purchase.js';
import type { DecisionContext } from './rules.js';
import { SYSTEM } from './system.js';
import { type ToppedUpGroup, topUpsAfter } from './top-up.js';

/** The group that is being drafted, as far as auto top-up adds to it. */
interface Draft {
  create(kind: 'purchases', purchase: PurchaseState): void;
  tell(type: 'AUTO_TOP_UP_OFF', creditType: CreditType, facts: { readonly because: TopUpOff }): void;
  audit<A extends AuditAction>(action: A, facts: AuditFacts<A>, actor: string): void;
}

/** Adds to a group what auto top-up does in it: purchases that begin, and what goes off. @returns how the account pays after it */
export function topUpGroup(draft: Draft, billing: Billing, group: ToppedUpGroup, context: DecisionContext): Billing {
  const topped = topUpsAfter(billing, group, context);
  for (const purchase of topped.begins) {
    draft.create('purchases', purchase);
    draft.audit('top_up.begun', boughtIn(purchase), SYSTEM);
  }
  for (const { creditType, because } of topped.off) {
    draft.tell('AUTO_TOP_UP_OFF', creditType, { because });
    draft.audit('top_up.ended', { creditType, because }, SYSTEM);
  }
  return topped.billing;
}
