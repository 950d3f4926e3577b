import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { answer, type Decided, refuseAmount, rowReceipt, sameReceipt } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound, Refused, RowAnswer } from '../outcome.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** Takes back what is left of a grant. */
export interface RevokeCommand extends CommandBase {
  readonly type: 'revoke';
  readonly keyed: Keyed;
  readonly grantId: string;
  readonly reason: string;
}

export type RevokedAnswer = RowAnswer<'grants'> | Refused | NotFound;

/**
 * Takes back what is unheld of a grant, at once; what its holds give back later is taken back then. Open holds stay as they are.
 *
 * A grant of which nothing is left to take, since it was revoked before, spent or has ended, is answered as it is and nothing is written:
 * what was asked for is so already, and whoever repeats it under another key learns that without a second meaning of "revoked".
 *
 * @returns the grant and the balance; or a refusal: InvalidAmount naming `grantId`, for what a purchase brought: that is refunded
 * Source: docs/domain.md, Grants and burn order
 */
function decideRevoke(
  account: LoadedAccount,
  { grantId, reason, actor }: RevokeCommand,
  context: DecisionContext,
): Decided<RevokedAnswer> {
  const grant = account.grants.get(grantId);
  if (!grant) return answer({ kind: 'notFound' });
  if (grant.source === 'PURCHASE' || grant.purchaseId !== null)
    return refuseAmount('grantId', 'What a purchase brought is not revoked: refund the purchase.');
  const isLeft = grant.available > 0 || (grant.held > 0 && !grant.recalled);
  if (!isLeft) return sameReceipt(account, 'grants', grantId, grant.creditType);
  const draft = new GroupDraft(account, context);
  if (grant.available > 0) draft.move('REVOKE', grantId, grant.available, null);
  draft.mark(grantId, { recalled: true });
  const { available: credits, held, creditType, source } = grant;
  draft.audit('grant.revoked', { grantId, credits, held, creditType, source, reason });
  return rowReceipt(draft.close('revoke', actor.name, null), 'grants', grantId, grant.creditType);
}

export const REVOKE: CommandKind<RevokeCommand, RevokedAnswer> = {
  decide: decideRevoke,
  cause: 'revoke',
  names: ({ grantId }) => ({ grants: [grantId] }),
};
