import type { CommandBase, CommandKind } from '../command.js';
import { answer, type Decided } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound, RefundAnswer } from '../outcome.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** Remembers that the provider sends money back. */
export interface SendRefundCommand extends CommandBase {
  readonly type: 'send-refund';
  readonly refundId: string;
  /** The provider's id of it. */
  readonly ref: string;
}

/** Remembers that the provider took on a refund: it is asked no more. The first that is told stays. */
function decideSendRefund(
  account: LoadedAccount,
  { refundId, ref, actor }: SendRefundCommand,
  context: DecisionContext,
): Decided<RefundAnswer | NotFound> {
  const refund = account.refunds.get(refundId);
  if (!refund) return answer({ kind: 'notFound' });
  if (refund.ref !== null) return answer({ kind: 'refund', refund });
  const draft = new GroupDraft(account, context);
  const sent = { ...refund, ref, version: draft.version };
  draft.put('refunds', sent);
  const group = draft.close('send-refund', actor.name, null);
  return { kind: 'decided', group, keeps: false, outcome: { kind: 'refund', refund: sent } };
}

export const SEND_REFUND: CommandKind<SendRefundCommand, RefundAnswer | NotFound> = {
  decide: decideSendRefund,
  names: ({ refundId }) => ({ refunds: [refundId] }),
};
