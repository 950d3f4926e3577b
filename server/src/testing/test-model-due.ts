import type { ModelGrant, ModelHold, ModelPurchase } from './test-model-credits.js';

export interface ModelDue {
  readonly kind: 'expire-reservation' | 'end-purchase' | 'expire-grant' | 'announce-expiry' | 'reset-period';
  readonly at: number;
  readonly id: string | null;
}

const ORDER: readonly ModelDue['kind'][] = [
  'expire-reservation',
  'end-purchase',
  'expire-grant',
  'announce-expiry',
  'reset-period',
];

const DAY = 86_400_000;

/** What closes first: what ends first; at one instant holds, purchases never paid, grants, notices of what will end, the period; among equals the older, then the lower id. */
export function firstDue(books: {
  readonly periodEnd: number;
  readonly holds: ReadonlyMap<string, ModelHold>;
  readonly grants: ReadonlyMap<string, ModelGrant>;
  readonly purchases: ReadonlyMap<string, ModelPurchase>;
  /** When the account last changed: what was to be told before is told no more. */
  readonly lastAt: number;
}): ModelDue {
  const all: (ModelDue & { readonly from: number })[] = [
    { kind: 'reset-period', at: books.periodEnd, id: null, from: 0 },
  ];
  for (const { id, status, until: at, from } of books.holds.values())
    if (status === 'HELD') all.push({ kind: 'expire-reservation', at, id, from });
  for (const { id, status, until: at, from } of books.purchases.values())
    if (status === 'PENDING') all.push({ kind: 'end-purchase', at, id, from });
  for (const { id, available, until: at, source, from, told } of books.grants.values()) {
    if (available === 0 || at === Infinity || source === 'ALLOWANCE' || source === 'UPGRADE') continue;
    all.push({ kind: 'expire-grant', at, id, from });
    for (const days of [7, 3, 1]) {
      const notice = at - days * DAY;
      if (notice >= books.lastAt && notice > from && !told.includes(days))
        all.push({ kind: 'announce-expiry', at: notice, id, from });
    }
  }
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
