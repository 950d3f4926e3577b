import { type SavedMethod, withCustomer, withoutMethod } from '../billing.js';
import type { CommandBase, CommandKind } from '../command.js';
import { answer, type Decided } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound } from '../outcome.js';
import type { MethodAnswer } from '../top-up-answers.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** Remembers a payment method that the provider saved because the buyer agreed. */
export interface SaveMethodCommand extends CommandBase {
  readonly type: 'save-method';
  readonly customerRef: string;
  readonly method: SavedMethod;
}

/** Forgets the payment method that is saved. */
export interface RemoveMethodCommand extends CommandBase {
  readonly type: 'remove-method';
}

/**
 * The method is the account's from now on, in the place of the one before. Told again, or after another was saved or it was removed, it
 * changes nothing.
 *
 * Source: docs/domain.md, Auto top-up
 */
function decideSave(
  account: LoadedAccount,
  { customerRef, method, actor }: SaveMethodCommand,
  context: DecisionContext,
): Decided<MethodAnswer> {
  const { head } = account;
  const billing = withCustomer(head.billing, customerRef, method);
  if (billing === head.billing) return answer({ kind: 'method', method: billing?.method ?? null });
  const draft = new GroupDraft(account, context);
  if (billing?.method !== head.billing?.method) draft.audit('payment_method.saved', shownOf(method));
  const group = draft.close('save-method', actor.name, null, { billing });
  return { kind: 'decided', group, keeps: false, outcome: { kind: 'method', method: billing?.method ?? null } };
}

/** Without a method nothing can be charged: auto top-up is turned off with it. */
function decideRemove(
  account: LoadedAccount,
  { actor }: RemoveMethodCommand,
  context: DecisionContext,
): Decided<MethodAnswer> {
  const { billing } = account.head;
  const method = billing?.method ?? null;
  if (billing === null || method === null) return answer({ kind: 'method', method: null });
  const draft = new GroupDraft(account, context);
  draft.endTopUps('NO_PAYMENT_METHOD');
  draft.audit('payment_method.removed', shownOf(method));
  const group = draft.close('remove-method', actor.name, null, { billing: withoutMethod(billing) });
  return { kind: 'decided', group, keeps: false, outcome: { kind: 'method', method: null } };
}

/** What is told of a method to people. */
export function shownOf({ brand, last4 }: SavedMethod): Pick<SavedMethod, 'brand' | 'last4'> {
  return { brand, last4 };
}

export const SAVE_METHOD: CommandKind<SaveMethodCommand, MethodAnswer | NotFound> = { decide: decideSave };
export const REMOVE_METHOD: CommandKind<RemoveMethodCommand, MethodAnswer | NotFound> = { decide: decideRemove };
