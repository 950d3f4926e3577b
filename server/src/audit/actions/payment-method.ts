import { isolate } from '../../kit/check-text.js';
import { type ActionKind, asKept } from './action-kind.js';

type Method = {
  readonly brand: string;
  readonly last4: string;
};

function shown({ brand, last4 }: Method): string {
  return isolate(`${brand} ${last4}`);
}

/** A buyer agreed to have a payment method saved. */
export const PAYMENT_METHOD_SAVED: ActionKind<Method> = {
  formats: [asKept],
  describe: (method) => `Saved the payment method ${shown(method)}`,
};

/** Somebody had the saved payment method removed. */
export const PAYMENT_METHOD_REMOVED: ActionKind<Method> = {
  formats: [asKept],
  describe: (method) => `Removed the payment method ${shown(method)}`,
};
