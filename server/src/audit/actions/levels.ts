import { grouped } from '../../kit/grouped.js';
import { type ActionKind, asKept } from './action-kind.js';

type Level = { readonly level: string; readonly percent: number | null; readonly credits: number | null };

function levelText({ level, percent, credits }: Level): string {
  if (percent !== null) return `${level} at ${percent} %`;
  return level === 'EMPTY' ? level : `${level} at ${grouped(credits ?? 0)}`;
}

/** Somebody replaced the low-balance rules of a credit type. */
export const LEVELS_CHANGED: ActionKind<{
  readonly creditType: string;
  readonly levels: readonly Level[];
  readonly before: readonly Level[];
}> = {
  formats: [asKept],
  describe: ({ creditType, levels, before }) =>
    `Changed the low-balance levels of ${creditType} credits to ${levels.map(levelText).join(', ')}; they were ${before.map(levelText).join(', ')}.`,
};
