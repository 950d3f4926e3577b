import type { CreditType } from '../../catalog/catalog.js';
import type { Price, SavedMethod } from './billing.js';
import type { AccountState } from './state.js';

/** How auto top-up of a credit type is now: `account` as it then is. */
export interface TopUpAnswer {
  readonly kind: 'topUp';
  readonly account: AccountState;
  readonly creditType: CreditType;
  /** What it bought at once; null: nothing. */
  readonly purchaseId: string | null;
  readonly replayed: boolean;
}

/** What setting auto top-up would do. */
export interface TopUpPreview {
  readonly kind: 'topUpPreview';
  readonly buysNow: boolean;
  /** Of its pack. */
  readonly price: Price;
  /** The most that it would spend in a period, minor units. */
  readonly mostMinor: number;
}

/** The payment method that is saved now; null: none. */
export interface MethodAnswer {
  readonly kind: 'method';
  readonly method: SavedMethod | null;
}
