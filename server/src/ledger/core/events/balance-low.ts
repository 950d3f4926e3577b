import { grouped } from '../../../kit/grouped.js';
import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';
import { LEVEL_WORDS, type LevelFacts } from './level-words.js';

/** The balance fell to or below a low-balance rule; of several rules the most severe is named. */
export const BALANCE_LOW: EventKind<LevelFacts> = {
  means: 'The balance fell to or below a low-balance rule; the most severe rule crossed is named.',
  formats: [asKept],
  describe: ({ level, threshold }, { creditType, balance }) =>
    balance.available === 0
      ? `No ${creditType === 'SCAN' ? 'scan credits' : 'credits'} are left.`
      : `${creditsIn(balance.available, creditType)} left, at or below the ${LEVEL_WORDS[level]} mark of ${grouped(threshold)}.`,
};
