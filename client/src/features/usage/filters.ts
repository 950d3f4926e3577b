import { declareSearch, oneOf } from '../../ui/search.js';

/** How many days the chart spans. */
export const spans = [7, 30, 90] as const;

/** What the address says of spend by day: over how many days, and whether as a chart or as a table. */
export const spendSearch = declareSearch(
  { days: oneOf(...spans), spend: oneOf('chart', 'table') },
  { days: 30, spend: 'chart' },
);
