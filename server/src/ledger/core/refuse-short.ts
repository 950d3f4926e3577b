import { type Decided, refuse } from './decision.js';
import { GroupDraft } from './group-draft.js';
import type { Refusal, Refused } from './outcome.js';
import type { DecisionContext } from './rules.js';
import type { LoadedAccount } from './state.js';

/**
 * Refuses work for want of credits. Where auto top-up is due by it, the purchase begins in the same step: the refusal is then kept beside a
 * group.
 *
 * @param actor  who asked for the work, as entries name who acted
 * Source: docs/domain.md, Auto top-up; Saying no
 */
export function refuseShort(
  account: LoadedAccount,
  refusal: Extract<Refusal, { readonly kind: 'InsufficientCredits' }>,
  actor: string,
  context: DecisionContext,
): Decided<Refused> {
  const refused = refuse(refusal);
  if (account.head.billing === null) return refused;
  const draft = new GroupDraft(account, context);
  draft.refuse(refusal.creditType, refusal.shortfall);
  const group = draft.close('refuse-and-top-up', actor, null);
  return group.newIds.length === 0 ? refused : { ...refused, group };
}
