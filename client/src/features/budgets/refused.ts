import { t } from '@lingui/core/macro';
import { creditsOfInWords } from '../../domain/balance.js';
import type { CreditType } from '../../gql/budgets.js';
import { formatCredits } from '../../ui/format.js';
import type { Faults } from './draft.js';

type Refused = { field: string; message: string; min: number | null; max: number | null };

/**
 * Why the server did not take a budget, in words of this page, at the field that can be mended.
 *
 * A field this page does not know keeps the server's own sentence.
 */
export function faultsOfRefusal(refused: Refused, { creditType }: { creditType: CreditType }): Faults {
  const { field, message, min, max } = refused;
  switch (field) {
    case 'limit':
      if (max !== null && min !== null && min > 0)
        return { limit: t`Between ${formatCredits(min)} and ${creditsOfInWords(max, creditType)}.` };
      if (max !== null) {
        const most = creditsOfInWords(max, creditType);
        return { limit: t`At most ${most}: no more is left that is not kept for others already.` };
      }
      return { limit: message };
    case 'name':
      return { name: t`A name has 1 to 200 characters.` };
    case 'member':
    case 'eachMember':
      return { member: message };
    case 'project':
    case 'setAside':
      return { project: message };
    case 'accountId':
      return { other: t`This account has as many budgets as it may have. Remove one that is not needed any more.` };
    default:
      return { other: message };
  }
}
