import { grouped } from '../../../kit/grouped.js';
import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';
import { LEVEL_WORDS, type LevelFacts } from './level-words.js';

/**
 * The balance rose far enough for a rule to be armed again; of several rules the mildest is named.
 *
 * The threshold was of the base at that time: after a reset less than that may be available, and enough by the new base.
 */
export const BALANCE_RECOVERED: EventKind<LevelFacts> = {
  means: 'The balance rose far enough for a rule to be armed again; the mildest such rule is named.',
  formats: [asKept],
  describe: ({ level, threshold }, { creditType, balance }) =>
    level === 'EMPTY'
      ? `${creditsIn(balance.available, creditType)} available again.`
      : `${creditsIn(balance.available, creditType)} available: the ${LEVEL_WORDS[level]} warning at ${grouped(threshold)} is over.`,
};
