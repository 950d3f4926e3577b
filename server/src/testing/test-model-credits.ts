import type { CreditType, PlanCode } from '../catalog/catalog.js';
import type { PurchaseStatus } from '../ledger/core/purchase.js';
import type { GrantSource, ReservationStatus } from '../ledger/core/state.js';

/* How credits move between the grants and the holds of the model; when they may is decided in test-model.ts. */

export interface ModelGrant {
  readonly id: string;
  readonly type: CreditType;
  readonly source: GrantSource;
  readonly from: number;
  readonly until: number;
  /** The purchase that brought it; null: none. */
  readonly purchase: string | null;
  available: number;
  held: number;
  spent: number;
  expired: number;
  refunded: number;
  revoked: number;
  /** What holds give back of it is revoked too. */
  recalled: boolean;
  /** So many days before its end it was said that it will end. */
  told: readonly number[];
}

/** What became of the credits of a purchase, beside what was spent or expired of its grants. */
export interface ModelMove {
  readonly is: 'refunded' | 'revoked by refund' | 'revoked by dispute' | 'given back';
  readonly of: 'PURCHASE' | 'BONUS';
  readonly credits: number;
}

export interface ModelPurchase {
  readonly id: string;
  readonly type: CreditType;
  readonly credits: number;
  readonly bonus: number;
  readonly price: number;
  readonly currency: string;
  /** Months that its credits last; null: for ever. */
  readonly lasts: number | null;
  readonly windowDays: number;
  readonly from: number;
  readonly until: number;
  status: PurchaseStatus;
  hasCheckout: boolean;
  needsBuyer: boolean;
  isSettled: boolean;
  payment: string | null;
  paidAt: number | null;
  expiresAt: number | null;
  dispute: string | null;
  takenByBank: number;
  unrecovered: number;
  /** Work that could still land kept a refund from taking all that was free. */
  sharedWithLateWork: boolean;
  moves: readonly ModelMove[];
  version: number;
}

export interface ModelLine {
  readonly operation: string;
  readonly quantity: number;
  /** What one costs: 0 by courtesy. */
  readonly unit: number;
  committed: number;
  done: number;
}

export interface ModelHold {
  readonly id: string;
  readonly type: CreditType;
  readonly by: string;
  readonly from: number;
  lines: readonly ModelLine[];
  status: ReservationStatus;
  until: number;
  reserved: number;
  held: number;
  committed: number;
  released: number;
  uncollected: number;
  heldAtExpiry: number;
  /** What is on hold, by grant, in the order it was drawn. */
  draws: { grant: string; held: number }[];
}

/** What of the model credits move in. */
interface ModelBooks {
  readonly plan: PlanCode;
  readonly grants: ReadonlyMap<string, ModelGrant>;
  readonly purchases: Map<string, ModelPurchase>;
  /** Spent in this period. */
  readonly used: Record<CreditType, number>;
}

const PRIORITY: Readonly<Record<GrantSource, number>> = {
  ALLOWANCE: 1,
  UPGRADE: 1,
  ROLLOVER: 1,
  PROMOTION: 2,
  ADJUSTMENT: 2,
  BONUS: 3,
  PURCHASE: 3,
};

/** Whether a pack brought it, its bonus too. */
export function isBought({ source, purchase }: ModelGrant): boolean {
  return source === 'PURCHASE' || purchase !== null;
}

/** Whether the plan lets the grant be spent. */
export function mayUse(books: ModelBooks, grant: ModelGrant): boolean {
  return books.plan !== 'FREE' || !isBought(grant);
}

/** What burns first comes first. */
function burnsBefore(a: ModelGrant, b: ModelGrant): number {
  return (
    PRIORITY[a.source] - PRIORITY[b.source] ||
    (a.until === b.until ? 0 : a.until - b.until) ||
    Number(a.source === 'PURCHASE') - Number(b.source === 'PURCHASE') ||
    a.from - b.from ||
    (a.id < b.id ? -1 : 1)
  );
}

/** What is left of a grant ends. */
export function expire(grant: ModelGrant): void {
  grant.expired += grant.available;
  grant.available = 0;
}

/** Takes back what is free of a grant, and what holds give back of it from now on. @returns whether there was anything to take */
export function revoke(grant: ModelGrant): boolean {
  if (grant.available === 0 && (grant.held === 0 || grant.recalled)) return false;
  grant.revoked += grant.available;
  grant.available = 0;
  grant.recalled = true;
  return true;
}

/** A dispute took credits of a purchase: at once, or when a hold gave them back. */
export function noteRecalled(books: Pick<ModelBooks, 'purchases'>, grant: ModelGrant, credits: number): void {
  const purchase = grant.purchase === null ? undefined : books.purchases.get(grant.purchase);
  if (purchase && credits > 0)
    purchase.moves = [...purchase.moves, { is: 'revoked by dispute', of: grant.source as ModelMove['of'], credits }];
}

/** Gives back all that is on hold; what came from a grant that has ended by now ends too. */
export function giveBack(books: ModelBooks, hold: ModelHold, now: number): void {
  for (const draw of hold.draws) {
    const grant = books.grants.get(draw.grant) as ModelGrant;
    grant.held -= draw.held;
    if (grant.recalled) {
      grant.revoked += draw.held;
      noteRecalled(books, grant, draw.held);
    } else if (grant.until <= now) grant.expired += draw.held;
    else grant.available += draw.held;
    draw.held = 0;
  }
  hold.released += hold.held;
  hold.held = 0;
}

/** Puts credits on hold, drawn from the grants in the order they burn in. */
export function putOnHold(books: ModelBooks, hold: ModelHold, amount: number): void {
  const order = [...books.grants.values()]
    .filter((grant) => grant.type === hold.type && grant.available > 0 && mayUse(books, grant))
    .sort(burnsBefore);
  hold.reserved += amount;
  hold.held += amount;
  for (const grant of order) {
    const part = Math.min(amount, grant.available);
    if (part === 0) break;
    amount -= part;
    grant.available -= part;
    grant.held += part;
    const draw = hold.draws.find((one) => one.grant === grant.id);
    if (draw) draw.held += part;
    else hold.draws.push({ grant: grant.id, held: part });
  }
  if (amount > 0) throw new Error(`the model lacks ${amount}`);
}

/** Spends of what is on hold, first what ends first, then what burns first. */
export function spend(books: ModelBooks, hold: ModelHold, amount: number): void {
  const grantOf = (draw: { grant: string }) => books.grants.get(draw.grant) as ModelGrant;
  hold.committed += amount;
  hold.held -= amount;
  books.used[hold.type] += amount;
  const order = [...hold.draws].sort((a, b) => {
    const [one, other] = [grantOf(a), grantOf(b)];
    return one.until === other.until ? burnsBefore(one, other) : one.until - other.until;
  });
  for (const draw of order) {
    const part = Math.min(amount, draw.held);
    const grant = grantOf(draw);
    amount -= part;
    draw.held -= part;
    grant.held -= part;
    grant.spent += part;
  }
}

/** When open holds will have freed enough, counting what has not ended by then; -1: never. */
export function enoughAt(
  books: ModelBooks & { readonly holds: ReadonlyMap<string, ModelHold> },
  type: CreditType,
  needed: number,
  without: ModelHold | null = null,
): number {
  const holds = [...books.holds.values()].filter((hold) => hold.type === type && hold.held > 0 && hold !== without);
  for (const at of holds.map(({ until }) => until).sort((a, b) => a - b)) {
    let free = 0;
    for (const grant of books.grants.values()) {
      if (grant.type !== type || grant.until <= at || grant.recalled || !mayUse(books, grant)) continue;
      free += grant.available;
      for (const { until, draws } of holds)
        for (const draw of draws) if (until <= at && draw.grant === grant.id) free += draw.held;
    }
    if (free >= needed) return at;
  }
  return -1;
}

/** What operations cost that were done of a hold, one after the other: each is of the first line of its code that is not done, or of the last one. */
export function costOfDone(hold: ModelHold, done: readonly { operation: string; quantity: number }[]): number {
  const cost = { credits: 0 };
  bookDone(
    hold.lines.map((line) => ({ ...line })),
    done,
    (line) => (cost.credits += line.unit),
  );
  return cost.credits;
}

function bookDone(
  lines: readonly ModelLine[],
  done: readonly { operation: string; quantity: number }[],
  book: (line: ModelLine) => void,
): void {
  for (const { operation, quantity } of done)
    for (let count = 0; count < quantity; count++) {
      const mine = lines.filter((line) => line.operation === operation);
      const line = (mine.find((one) => one.done < one.quantity) ?? mine.at(-1)) as ModelLine;
      line.done++;
      book(line);
    }
}

/** Books what was committed to the lines: to the operations that were done, or from the first line on, the excess to the last. */
export function bookLines(
  hold: ModelHold,
  credits: number,
  done: readonly { operation: string; quantity: number }[] | null,
): void {
  let rest = credits;
  if (done !== null) {
    bookDone(hold.lines, done, (line) => {
      const part = Math.min(rest, line.unit);
      line.committed += part;
      rest -= part;
    });
    return;
  }
  for (const [index, line] of hold.lines.entries()) {
    const left = line.quantity * line.unit - line.committed;
    const part = index === hold.lines.length - 1 ? rest : Math.min(rest, Math.max(0, left));
    rest -= part;
    if (part === 0) continue;
    line.committed += part;
    if (line.unit > 0) line.done = Math.max(line.done, Math.min(line.quantity, Math.ceil(line.committed / line.unit)));
  }
}
