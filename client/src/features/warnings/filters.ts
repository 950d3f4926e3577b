import { declareSearch, oneOf } from '../../ui/search.js';

/** What the address says of the history: which events, and the one that is meant; empty: none. */
export const historySearch = declareSearch(
  {
    show: oneOf('all', 'low', 'budgets', 'payments', 'credits', 'work'),
    event: { read: (text) => text, write: String },
  },
  { show: 'all', event: '' },
);
