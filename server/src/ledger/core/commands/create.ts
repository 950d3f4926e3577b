import { periodAt } from '../../../accounts/periods.js';
import type { PlanCode } from '../../../catalog/catalog.js';
import { newAllowance } from '../begin-period.js';
import type { CommandBase, CommandKind } from '../command.js';
import { type Decided, refuseAmount } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { AccountAnswer, Refused } from '../outcome.js';
import { noRows } from '../owned-rows.js';
import { contextAt, type DecisionContext } from '../rules.js';
import type { AccountCard, AccountState, CreditState, LoadedAccount } from '../state.js';

/**
 * Creates an account under `accountId`; an account that exists is answered as it is, so that a retry is safe.
 *
 * `now` is a sandbox account's first instant; null: the database's. Whoever creates an account for an external id first
 * claims that id in `external_account` (a transaction of its own) and creates it under the account id found there.
 */
export interface CreateCommand extends CommandBase {
  readonly type: 'create';
  readonly externalId: string | null;
  readonly name: string;
  readonly plan: PlanCode;
  readonly timeZone: string;
  readonly billingAnchor: number | null;
  readonly sandbox: boolean;
  readonly now: number | null;
}

export type CreateAnswer = AccountAnswer | Refused;

function emptyCredits(levels: CreditState['levels'], allowance: number): CreditState {
  return {
    granted: 0,
    available: 0,
    held: 0,
    spent: 0,
    expired: 0,
    refunded: 0,
    revoked: 0,
    used: 0,
    allowance,
    allowanceLeft: 0,
    purchased: 0,
    promotional: 0,
    waiting: 0,
    levels,
  };
}

function cardOf({ accountId, externalId, name, sandbox, actor }: CreateCommand): AccountCard {
  return { accountId, externalId, name, sandbox, createdBy: actor.name };
}

/**
 * Creates an account inside the period its anchor gives, with that period's allowance and nothing earlier. No events.
 *
 * Refusals: InvalidAmount when the anchor is later than the account's own now. Source: docs/domain.md, Periods and resets
 */
function createAccount(command: CreateCommand, asked: DecisionContext): Decided<CreateAnswer> {
  const { rules } = asked;
  const now = command.now ?? asked.now;
  const context = contextAt(rules, command.sandbox, now, asked.now);
  const anchorAt = command.billingAnchor ?? now;
  if (anchorAt > now)
    return refuseAmount('billingAnchor', "billingAnchor must not be later than the account's own now.");
  const period = periodAt(anchorAt, 0, now, command.timeZone);
  const base = { plan: command.plan, period, operations: { STANDARD: 0, SCAN: 0 } };
  const allowance = newAllowance(base, period, context);
  const head: AccountState = {
    ...base,
    id: command.accountId,
    sandbox: command.sandbox,
    timeZone: command.timeZone,
    anchorAt,
    anchorPeriod: 0,
    clockAt: command.sandbox ? now : null,
    version: 0,
    changedAt: now,
    courtesyDay: null,
    courtesyUsed: 0,
    projectsDay: null,
    projectsDayVersion: 0,
    noticed: null,
    dueAt: period.end,
    nextPlan: null,
    billing: null,
    budgets: 0,
    spending: null,
    credits: {
      STANDARD: emptyCredits(rules.defaultLevels(allowance.credits), allowance.credits),
      SCAN: emptyCredits(rules.defaultLevels(0), 0),
    },
  };
  const account: LoadedAccount = {
    head,
    ...noRows(),
    allHolds: true,
    creditHolds: true,
    before: null,
    writtenDueAt: null,
    keptDigest: 0,
    projects: null,
    purchasesLoaded: null,
    talliesOf: null,
    commits: null,
    closed: 'all',
    card: cardOf(command),
  };
  const draft = new GroupDraft(account, context);
  if (allowance.credits > 0) {
    draft.create('grants', allowance.grant);
    draft.move('GRANT', allowance.grant.id, allowance.credits, null);
  }
  draft.audit('account.created', {
    name: command.name,
    plan: command.plan,
    timeZone: command.timeZone,
    externalId: command.externalId,
  });
  const group = draft.close('open', command.actor.name, null);
  return {
    kind: 'decided',
    group,
    outcome: { kind: 'account', account: group.head, now, databaseNow: asked.now, isNew: true },
    keeps: false,
    creates: account,
  };
}

/** An account that exists already is answered as it is, after what is due on it has been closed. */
export const CREATE: CommandKind<CreateCommand, CreateAnswer> = {
  decide: (_account, _command, { now }) => ({ kind: 'closes', until: now }),
  create: createAccount,
};
