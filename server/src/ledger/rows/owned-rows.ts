import type { BudgetState, TallyState } from '../core/budget.js';
import type { PlanPaymentState } from '../core/plan-payment.js';
import type { PurchaseState, RefundState } from '../core/purchase.js';
import type { SpendingState } from '../core/spending.js';
import type { LoadedAccount, OwnedRows, ReservationState, RowKind } from '../core/state.js';
import type { Row } from '../wire/flight.js';
import { BUDGETS } from './budget-rows.js';
import { type GrantRow, GRANTS, type OwnedGrant } from './grant-rows.js';
import type { RawOf } from './describe-row.js';
import type { OwnedKind, OwnedRaw } from './owned-kind.js';
import { PLAN_PAYMENTS } from './plan-payment-rows.js';
import { PURCHASES } from './purchase-rows.js';
import { REFUNDS } from './refund-rows.js';
import { type ReservationRow, RESERVATIONS } from './reservation-rows.js';
import { SPENDINGS } from './spending-rows.js';
import { TALLIES } from './tally-rows.js';

/** A kind, as whoever deals with any of them sees it. */
type AnyKind = OwnedKind<OwnedRows[RowKind], object, OwnedRaw>;

/** TypeScript cannot tell that a row belongs to the kind of its name; this is the one place where we assert it. */
function anyKind<K extends RowKind, W extends object, Raw extends OwnedRaw>(
  kind: OwnedKind<OwnedRows[K], W, Raw>,
): AnyKind {
  return kind as unknown as AnyKind;
}

/** All kinds of rows that accounts own: a new one is a description, and a line here and in `core/state.ts`. */
const KINDS: { readonly [K in RowKind]: AnyKind } = {
  grants: anyKind<'grants', OwnedGrant, GrantRow>(GRANTS),
  reservations: anyKind<'reservations', ReservationState, ReservationRow>(RESERVATIONS),
  planPayments: anyKind<'planPayments', PlanPaymentState, RawOf<PlanPaymentState>>(PLAN_PAYMENTS),
  purchases: anyKind<'purchases', PurchaseState, RawOf<PurchaseState>>(PURCHASES),
  refunds: anyKind<'refunds', RefundState, RawOf<RefundState>>(REFUNDS),
  budgets: anyKind<'budgets', BudgetState, RawOf<BudgetState>>(BUDGETS),
  tallies: anyKind<'tallies', TallyState, RawOf<TallyState>>(TALLIES),
  spendings: anyKind<'spendings', SpendingState, RawOf<SpendingState>>(SPENDINGS),
};

export function ownedKind(kind: RowKind): AnyKind {
  return KINDS[kind];
}

/** An account's rows of a kind, whichever it is. */
export function rowsOf(account: LoadedAccount, kind: RowKind): Map<string, OwnedRows[RowKind]> {
  return account[kind];
}

/** Takes rows of a kind into their accounts; one that is there already is newer than the table. */
export function addRows(accounts: ReadonlyMap<string, LoadedAccount>, kind: RowKind, answered: readonly Row[]): void {
  const { read, toRow } = ownedKind(kind);
  for (const raw of read(answered)) {
    const account = accounts.get(raw.accountId);
    if (account && !account[kind].has(raw.id)) rowsOf(account, kind).set(raw.id, toRow(raw));
  }
}
