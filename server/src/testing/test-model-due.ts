import type { ModelGrant, ModelHold } from './test-model-credits.js';

export interface ModelDue {
  readonly kind: 'expire-reservation' | 'expire-grant' | 'reset-period';
  readonly at: number;
  readonly id: string | null;
}

const ORDER: readonly ModelDue['kind'][] = ['expire-reservation', 'expire-grant', 'reset-period'];

/** What closes first: what ends first; at one instant holds, grants, the period; among equals the older, then the lower id. */
export function firstDue(books: {
  readonly periodEnd: number;
  readonly holds: ReadonlyMap<string, ModelHold>;
  readonly grants: ReadonlyMap<string, ModelGrant>;
}): ModelDue {
  const all: (ModelDue & { readonly from: number })[] = [
    { kind: 'reset-period', at: books.periodEnd, id: null, from: 0 },
  ];
  for (const { id, status, until: at, from } of books.holds.values())
    if (status === 'HELD') all.push({ kind: 'expire-reservation', at, id, from });
  for (const { id, available, until: at, source, from } of books.grants.values())
    if (available > 0 && at < Infinity && source !== 'ALLOWANCE' && source !== 'UPGRADE')
      all.push({ kind: 'expire-grant', at, id, from });
  all.sort(
    (a, b) =>
      a.at - b.at ||
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
      a.from - b.from ||
      ((a.id ?? '') < (b.id ?? '') ? -1 : 1),
  );
  const { kind, at, id } = all[0] as ModelDue;
  return { kind, at, id };
}
