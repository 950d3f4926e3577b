import { formatId } from '@aibc/shared/ids';
import type { Balance, Grant } from './balance.types.js';
import type { BalanceView, GrantState } from '../core/state.js';

/**
 * A balance as the API shows it.
 *
 * @param history  public id of the history that its version counts in
 */
export function showBalance(balance: BalanceView, history: string): Balance {
  const { available, held, used } = balance;
  const accountId = formatId('acct', balance.accountId);
  const base = used + held + available;
  return {
    id: `${accountId}:${balance.creditType}`,
    accountId,
    creditType: balance.creditType,
    available,
    held,
    used,
    allowance: balance.allowance,
    allowanceLeft: balance.allowanceLeft,
    purchased: balance.purchased,
    promotional: balance.promotional,
    waiting: balance.waiting,
    usedPercent: base === 0 ? 0 : (100 * used) / base,
    level: balance.level,
    nextResetAt: balance.nextResetAt,
    version: balance.version,
    history,
    asOf: balance.asOf,
  };
}

/** A grant as the API shows it. */
export function showGrant(grant: GrantState): Grant {
  const {
    source,
    creditType,
    granted,
    available,
    held,
    spent,
    expired,
    refunded,
    revoked,
    priority,
    effectiveAt,
    expiresAt,
  } = grant;
  return {
    id: formatId('grant', grant.id),
    source,
    creditType,
    granted,
    available,
    held,
    spent,
    expired,
    refunded,
    revoked,
    priority,
    effectiveAt,
    expiresAt,
  };
}
