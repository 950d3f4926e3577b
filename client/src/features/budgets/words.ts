import { plural, t } from '@lingui/core/macro';
import { featureName, typeName } from '../../domain/work-kinds.js';
import type { BudgetFieldsFragment, BudgetWindow } from '../../gql/budgets.js';
import { formatCredits, isolated } from '../../ui/format.js';

/** How long what is used counts. */
export const windowNames = (): ReadonlyMap<BudgetWindow, string> =>
  new Map([
    ['HOUR', t`Each hour`],
    ['DAY', t`Each day`],
    ['WEEK', t`Each week, from Monday`],
    ['PERIOD', t`From renewal to renewal`],
    ['LIFETIME', t`For good, without an end`],
  ]);

/** The same within a line that says more of a budget. */
function windowPhrase(window: BudgetWindow): string {
  switch (window) {
    case 'HOUR':
      return t`each hour`;
    case 'DAY':
      return t`each day`;
    case 'WEEK':
      return t`each week`;
    case 'PERIOD':
      return t`from renewal to renewal`;
    case 'LIFETIME':
      return t`for good`;
    default:
      return window;
  }
}

type Subject = Pick<BudgetFieldsFragment, 'feature' | 'type' | 'project' | 'member' | 'eachMember' | 'window'>;

/** "Videos", "project Nord", "each member apart", "each day": what a budget is about, each a phrase of its own. */
export function aboutOf(budget: Subject, viewerId: string | null): string[] {
  const { feature, type, project, member, eachMember, window } = budget;
  const about: string[] = [];
  if (type !== null) about.push(typeName(type));
  if (feature !== null) about.push(featureName(feature));
  if (type === null && feature === null) about.push(t`All work`);
  if (project !== null) about.push(t`project ${isolated(project)}`);
  if (eachMember) about.push(t`each member apart`);
  if (member !== null) about.push(member === viewerId ? t`you` : t`member ${isolated(member)}`);
  about.push(windowPhrase(window));
  return about;
}

/** "1 piece of work", "41 pieces of work". */
export function worksInWords(count: number): string {
  const number = formatCredits(count);
  return plural(count, { one: `${number} piece of work`, other: `${number} pieces of work` });
}

/** From how much of its limit on a budget counts as nearly used up, as the server warns: 80 %. */
const nearlyShare = 0.8;

/** How a budget stands: used up, nearly, or neither. */
export function standOf({
  limit,
  remaining,
}: Pick<BudgetFieldsFragment, 'limit' | 'remaining'>): 'ok' | 'low' | 'empty' {
  if (remaining === 0) return 'empty';
  return limit - remaining >= nearlyShare * limit ? 'low' : 'ok';
}
