import type { CreditType } from '../../gql/operations.js';
import { declareSearch, oneOf } from '../../ui/search.js';

/** What the address says of recent activity: the movements of which credits. */
export const activitySearch = declareSearch({ credits: oneOf('all', 'standard', 'scan') }, { credits: 'all' });

export type Credits = ReturnType<typeof activitySearch.read>['credits'];

/** As the server is asked; null for both. */
export const creditTypes: Readonly<Record<Credits, CreditType | null>> = {
  all: null,
  standard: 'STANDARD',
  scan: 'SCAN',
};
