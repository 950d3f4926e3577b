import { objectFromText } from '../../kit/format-version.js';
import type { Billing } from '../core/billing.js';
import type { TextForm } from './describe-row.js';

/** Readers of how an account pays, one for each version of the format. Versions: docs/upgrades.md */
const BILLING: readonly ((kept: Billing) => Billing)[] = [(kept) => kept];

/** JSON: it changes seldom, and few accounts have one. */
export const BILLING_TEXT: TextForm<Billing> = {
  toText: (billing) => JSON.stringify(billing),
  fromText: billingFromText,
};

/** @throws UnknownFormat for a version that this program does not know */
export function billingFromText(text: string): Billing {
  return objectFromText('billing of accounts', text, BILLING);
}
