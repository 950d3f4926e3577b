import { LRUCache } from 'lru-cache';
import { readerOf } from '../../kit/format-version.js';
import type { LevelName, LevelRule } from '../core/state.js';
import type { TextForm } from './describe-row.js';

const LETTERS: Readonly<Record<LevelName, string>> = { LOW: 'L', CRITICAL: 'C', EMPTY: 'E' };
const NAMES: Readonly<Record<string, LevelName>> = { L: 'LOW', C: 'CRITICAL', E: 'EMPTY' };

/** Few accounts have rules of their own, and each has as many texts as there are states of its rules. */
const TEXTS_KEPT_MAX = 10_000;
const texts = new WeakMap<readonly LevelRule[], string>();
const rules = new LRUCache<string, readonly LevelRule[]>({ max: TEXTS_KEPT_MAX });

/**
 * Low-balance rules in a few bytes, since they lie in the row that every movement rewrites: `L,20,,100,0,|C,5,,100,1,5`.
 * Level, percent, credits, base, whether it has fired, at which threshold. Versions: docs/upgrades.md
 */
export function levelsToText(levels: readonly LevelRule[]): string {
  let text = texts.get(levels);
  if (text === undefined) {
    text = levels
      .map(
        ({ level, percent, credits, base, firedAt }) =>
          `${LETTERS[level]},${percent ?? ''},${credits ?? ''},${base},${firedAt === null ? '0,' : `1,${firedAt}`}`,
      )
      .join('|');
    texts.set(levels, text);
  }
  return text;
}

/** In front of rules in a later format than the first. */
const VERSION = /^(\d+):/;

/** Readers of rules, one for each version of their format. */
const LEVELS: readonly ((text: string) => readonly LevelRule[])[] = [
  (text) => (text === '' ? [] : text.split('|').map(ruleFromText)),
];

/** The rules of a text; equal texts give one array. */
export function levelsFromText(text: string): readonly LevelRule[] {
  let levels = rules.get(text);
  if (levels === undefined) {
    const [marked = '', version = '1'] = VERSION.exec(text) ?? [];
    levels = readerOf('low-balance rules', Number(version), LEVELS)(text.slice(marked.length));
    rules.set(text, levels);
    texts.set(levels, text);
  }
  return levels;
}

function ruleFromText(text: string): LevelRule {
  const [letter = '', percent = '', credits = '', base = '', fired = '', at = ''] = text.split(',');
  const level = NAMES[letter];
  if (!level) throw new RangeError(`not a low-balance rule: ${text}`);
  return {
    level,
    percent: percent === '' ? null : Number(percent),
    credits: credits === '' ? null : Number(credits),
    base: Number(base),
    firedAt: fired === '1' ? Number(at) : null,
  };
}

export const LEVELS_TEXT: TextForm<readonly LevelRule[]> = { toText: levelsToText, fromText: levelsFromText };
