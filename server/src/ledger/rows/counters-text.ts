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

function refsToTuples(refs: readonly CounterRef[]): RefsTuple[] {
  const tuples: number[][] = [];
  for (const { budget, start, shared } of refs) {
    let tuple = tuples.find(([of]) => of === start);
    if (!tuple) tuples.push((tuple = [start]));
    tuple.push(shared ? -budget : budget);
  }
  return tuples;
}

function refsFromTuples(tuples: readonly RefsTuple[]): CounterRef[] {
  return tuples.flatMap(([start, ...budgets]) =>
    budgets.map((budget) => ({ budget: Math.abs(budget), start: start as number, shared: budget < 0 })),
  );
}

function countedToText(counted: readonly CountedLine[]): string {
  return JSON.stringify(
    counted.map(({ refs, beyond }): LineTuple =>
      beyond.length === 0
        ? [refsToTuples(refs)]
        : [refsToTuples(refs), beyond.map((part) => [part.credits, refsToTuples(part.refs)])],
    ),
  );
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
