import { declareSearch, oneOf } from '../../ui/search.js';

/** The questions in their order, by the name that an address gives them. */
export const questionNames = [
  'cost',
  'order',
  'renewal',
  'hold',
  'failed',
  'empty',
  'packs',
  'refund',
  'plans',
  'scans',
  'budget',
  'warned',
] as const;

export type QuestionName = (typeof questionNames)[number];

/** Which question an address asks; `none`: none of them. */
export const helpSearch = declareSearch({ question: oneOf(...questionNames, 'none') }, { question: 'none' });
