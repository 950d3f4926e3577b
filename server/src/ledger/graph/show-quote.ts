import { signQuote } from '../../catalog/quote-token.js';
import { instance } from '../../kit/instance.js';
import type { QuotedOperations } from './quote-operations.js';
import { Quote } from './quote.types.js';
import { showBalance } from './show-balance.js';
import { showBudgetExceeded } from './show-refusal.js';

/**
 * A quote as the API shows it, with its token.
 *
 * @param history  public id of the history that its balance counts in
 * @param secret  signs quotes; the same in every process
 */
export function showQuote(quoted: QuotedOperations, history: string, secret: Buffer): Quote {
  const { payload, balance, sufficient, allowed, blockedBy, setAside, shortfall, availableAfter, lowAfter } = quoted;
  return instance(Quote, {
    token: signQuote(payload, secret),
    expiresAt: payload.expiresAt,
    priceListVersion: payload.priceListVersion,
    creditType: payload.creditType,
    lines: [...quoted.lines],
    total: payload.total,
    balance: showBalance(balance, history),
    sufficient,
    allowed,
    blockedBy: blockedBy === null ? null : showBudgetExceeded(blockedBy, false),
    setAside,
    shortfall,
    availableAfter,
    lowAfter,
    alternatives: quoted.alternatives,
    smallestPack: quoted.smallestPack,
    upgrade: quoted.upgrade,
  });
}
