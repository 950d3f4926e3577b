import { ACCOUNT_UNSPENT_CREDITS_MAX, MAX_CREDITS } from '@aibc/shared/amounts';
import type { CreditType } from '../../../catalog/catalog.js';
import { grouped } from '../../../kit/grouped.js';
import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { type Decided, refuseAmount, rowReceipt } from '../decision.js';
import { emptyGrant } from '../empty-grant.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound, Refused, RowAnswer } from '../outcome.js';
import type { DecisionContext } from '../rules.js';
import type { GrantSource, LoadedAccount } from '../state.js';

/** Gives an account credits. */
export interface GrantCommand extends CommandBase {
  readonly type: 'grant';
  readonly keyed: Keyed;
  readonly grantId: string;
  readonly credits: number;
  readonly creditType: CreditType;
  readonly source: GrantSource;
  readonly expiresAt: number | null;
  readonly reason: string;
}

export type GrantedAnswer = RowAnswer<'grants'> | Refused | NotFound;

/**
 * Gives an account whole credits from now on, and tells GRANT_ADDED.
 *
 * @returns the grant and the balance; or a refusal: InvalidAmount naming `expiresAt` (not later than now) or `credits` (the account would own more than
 * 10^15 unspent ones, or have been granted more than 2^53-1 in all)
 * Source: docs/domain.md, Grants and burn order; Amounts
 */
function decideGrant(account: LoadedAccount, command: GrantCommand, context: DecisionContext): Decided<GrantedAnswer> {
  const { head } = account;
  if (command.expiresAt !== null && command.expiresAt <= context.now)
    return refuseAmount('expiresAt', 'A grant expires later than now, or never.');
  const { STANDARD, SCAN } = head.credits;
  const unspent = STANDARD.available + STANDARD.held + SCAN.available + SCAN.held;
  if (unspent + command.credits > ACCOUNT_UNSPENT_CREDITS_MAX)
    return refuseAmount(
      'credits',
      `An account has at most ${grouped(ACCOUNT_UNSPENT_CREDITS_MAX)} unspent credits; this one has ${grouped(unspent)}.`,
      { max: ACCOUNT_UNSPENT_CREDITS_MAX - unspent },
    );
  const grantedMax = MAX_CREDITS - head.credits[command.creditType].granted;
  if (command.credits > grantedMax)
    return refuseAmount('credits', `An account is granted at most ${grouped(MAX_CREDITS)} credits in all.`, {
      max: grantedMax,
    });
  const draft = new GroupDraft(account, context);
  draft.create(
    'grants',
    emptyGrant({
      id: command.grantId,
      creditType: command.creditType,
      source: command.source,
      effectiveAt: context.now,
      expiresAt: command.expiresAt,
      createdAt: context.now,
      periodNumber: null,
      reason: command.reason,
    }),
  );
  draft.move('GRANT', command.grantId, command.credits, null);
  draft.tell('GRANT_ADDED', command.creditType, { grantId: command.grantId, credits: command.credits });
  draft.audit('grant.created', {
    grantId: command.grantId,
    credits: command.credits,
    creditType: command.creditType,
    source: command.source,
    expiresAt: command.expiresAt,
    reason: command.reason,
  });
  return rowReceipt(draft.close('grant', command.actor.name, null), 'grants', command.grantId, command.creditType);
}

export const GRANT: CommandKind<GrantCommand, GrantedAnswer> = { decide: decideGrant, cause: 'grant' };
