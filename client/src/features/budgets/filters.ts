import { declareSearch } from '../../ui/search.js';

/** What the address says of the budgets: the one that is meant, as a refusal names it; empty: none. */
export const budgetsSearch = declareSearch({ budget: { read: (text) => text, write: String } }, { budget: '' });
