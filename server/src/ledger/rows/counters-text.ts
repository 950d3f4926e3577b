import { listFromText } from '../../kit/format-version.js';
import type { CountedBeyond, CountedLine, CounterRef, CounterState } from '../core/budget.js';
import type { TextForm } from './describe-row.js';

/*
 * Counters of budgets, and which of them lines of reservations count in, as the database keeps them: short JSON arrays, without the names of the
 * fields. Versions: docs/upgrades.md
 */

type CounterTuple = [
  budget: number,
  start: number,
  consumed: number,
  held: number,
  limit: number,
  warned: number,
  members: number,
];

function countersToText(counters: readonly CounterState[]): string {
  let text = '';
  for (const { budget, start, consumed, held, limit, warned, members } of counters)
    text += `${text === '' ? '' : ','}[${budget},${start},${consumed},${held},${limit},${warned},${members}]`;
  return `[${text}]`;
}

/** Readers of counters, one for each version of their format. */
const COUNTERS: readonly ((items: readonly CounterTuple[]) => CounterState[])[] = [
  (items) =>
    items.map(([budget, start, consumed, held, limit, warned, members]) => ({
      budget,
      start,
      consumed,
      held,
      limit,
      warned,
      members,
    })),
];

export function countersFromText(text: string): CounterState[] {
  return listFromText('counters of budgets', text, COUNTERS);
}

export const COUNTERS_TEXT: TextForm<readonly CounterState[]> = { toText: countersToText, fromText: countersFromText };

/** Counters whose windows began at one instant: that instant, then their budgets; a counter that members share is negative. */
type RefsTuple = readonly number[];
type LineTuple = readonly [
  refs: readonly RefsTuple[],
  beyond?: readonly [credits: number, refs: readonly RefsTuple[]][],
];

/** As text at once: a hold of many budgets is written often. */
function refsToText(refs: readonly CounterRef[]): string {
  const byStart = new Map<number, string>();
  for (const { budget, start, shared } of refs)
    byStart.set(start, `${byStart.get(start) ?? start},${shared ? -budget : budget}`);
  let text = '';
  for (const tuple of byStart.values()) text += `${text === '' ? '' : ','}[${tuple}]`;
  return `[${text}]`;
}

function refsFromTuples(tuples: readonly RefsTuple[]): CounterRef[] {
  return tuples.flatMap(([start, ...budgets]) =>
    budgets.map((budget) => ({ budget: Math.abs(budget), start: start as number, shared: budget < 0 })),
  );
}

function countedToText(counted: readonly CountedLine[]): string {
  let text = '';
  for (const { refs, beyond } of counted) {
    const parts = beyond.map((part) => `[${part.credits},${refsToText(part.refs)}]`);
    text += `${text === '' ? '' : ','}[${refsToText(refs)}${parts.length === 0 ? '' : `,[${parts.join()}]`}]`;
  }
  return `[${text}]`;
}

/** Readers of what reservations remember, one for each version of their format. */
const COUNTED: readonly ((items: readonly LineTuple[]) => CountedLine[])[] = [
  (items) =>
    items.map(([refs, beyond = []]) => ({
      refs: refsFromTuples(refs),
      beyond: beyond.map(([credits, parts]): CountedBeyond => ({ credits, refs: refsFromTuples(parts) })),
    })),
];

export function countedFromText(text: string): CountedLine[] {
  return listFromText('where lines of reservations count', text, COUNTED);
}

export const COUNTED_TEXT: TextForm<readonly CountedLine[]> = { toText: countedToText, fromText: countedFromText };
