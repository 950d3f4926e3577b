import { t } from '@lingui/core/macro';
import type {
  BudgetFieldsFragment,
  BudgetWindow,
  CreditType,
  Feature,
  OperationType,
  SetBudgetInput,
} from '../../gql/budgets.js';

/** Whose work a budget counts: that of all together, of each member apart, or of one member. */
export type Whom = 'all' | 'each' | 'one';

/** A budget as it is being written: what fields hold, which need not make sense yet. */
export type Draft = {
  /** The budget that it changes; null: it makes one. */
  id: string | null;
  /** Keeps credits for its work instead of capping it. */
  setAside: boolean;
  name: string;
  creditType: CreditType;
  feature: Feature | null;
  type: OperationType | null;
  project: string;
  whom: Whom;
  member: string;
  window: BudgetWindow;
  limit: string;
  hard: boolean;
};

/** The fields that can be wrong, as the server names them. */
export type Faults = Partial<Record<'name' | 'limit' | 'member' | 'project' | 'other', string>>;

/** What a new one begins as: it refuses, and counts from reset to reset. */
export function newDraft(setAside: boolean): Draft {
  return {
    id: null,
    setAside,
    name: '',
    creditType: 'STANDARD',
    feature: null,
    type: null,
    project: '',
    whom: 'all',
    member: '',
    window: 'PERIOD',
    limit: '',
    hard: true,
  };
}

/** A budget as one changes it. */
export function draftOf(budget: BudgetFieldsFragment): Draft {
  const { id, setAside, name, creditType, feature, type, window, hard } = budget;
  return {
    id,
    setAside,
    name,
    creditType,
    feature,
    type,
    project: budget.project ?? '',
    whom: budget.eachMember ? 'each' : budget.member === null ? 'all' : 'one',
    member: budget.member ?? '',
    window,
    limit: String(budget.limit),
    hard,
  };
}

/** A whole number of credits as somebody typed it; null for anything else. */
export function creditsTyped(text: string): number | null {
  const digits = text.trim();
  if (!/^\d+$/.test(digits)) return null;
  const credits = Number(digits);
  return Number.isSafeInteger(credits) ? credits : null;
}

/** What is missing before the server can be asked. The server decides everything else. */
export function faultsOf(draft: Draft): Faults {
  const faults: Faults = {};
  if (draft.name.trim() === '') faults.name = t`Give it a name that its members will understand.`;
  if (creditsTyped(draft.limit) === null) faults.limit = t`Enter a whole number of credits, 0 or more.`;
  if (draft.whom === 'one' && draft.member.trim() === '') faults.member = t`Say which member.`;
  if (draft.setAside && draft.whom !== 'one' && draft.project.trim() === '')
    faults.project = t`Credits are kept for a project or a member: name one.`;
  return faults;
}

/** The draft as the server is asked; null while it is not whole. */
export function inputOf(draft: Draft, accountId: string): SetBudgetInput | null {
  const limit = creditsTyped(draft.limit);
  if (limit === null || Object.keys(faultsOf(draft)).length > 0) return null;
  return {
    accountId,
    id: draft.id,
    name: draft.name.trim(),
    creditType: draft.creditType,
    feature: draft.feature,
    type: draft.type,
    project: draft.project.trim() === '' ? null : draft.project.trim(),
    member: draft.whom === 'one' ? draft.member.trim() : null,
    eachMember: draft.whom === 'each',
    window: draft.window,
    limit,
    hard: draft.hard,
    setAside: draft.setAside,
  };
}
