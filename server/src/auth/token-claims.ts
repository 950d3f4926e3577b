import { parseId } from '@aibc/shared/ids';
import { z } from 'zod';
import { composed, isStorable, isVisible } from '../kit/check-text.js';
import { OPERATOR_SCOPES, SCOPES, TOKEN_TOLERANCE_MS, isScopeOf, scopesOfRole } from './caller.js';
import type { Caller, CallerKind, Role, Scope } from './caller.js';

const claimsSchema = z.object({
  sub: z.string().min(1).max(200).refine(isVisible),
  exp: z.number(),
  iat: z.number().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  kind: z.enum(['user', 'service', 'operator']).default('user'),
  name: z.string().max(200).refine(isStorable).optional(),
  accounts: z.union([z.literal('*'), z.record(z.string(), z.enum(['owner', 'member', 'viewer']))]).optional(),
  scope: z.string().max(2000).optional(),
});

/** Who a token may speak for, beyond what its signature proves. */
export interface ClaimRules {
  /** Subjects that may be operators; null: every subject that the configured issuer calls one. */
  readonly operatorSubjects: ReadonlySet<string> | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The caller that verified claims describe; null when they are malformed or claim what the rules do not allow.
 *
 * `kind` defaults to user. `accounts` is {public id: role}; services and operators may say `"*"` or leave it out, for all accounts;
 * a user without it sees none. `scope` (space separated) narrows a user's and an operator's rights; a service has what it
 * names and nothing without it. Scopes of other systems are ignored.
 *
 * Source: docs/api.md, Identity and isolation
 */
export function callerOfClaims(payload: unknown, rules: ClaimRules): Caller | null {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) return null;
  const { sub, exp, iat, kind, name, accounts: claimedAccounts, scope } = parsed.data;
  if (kind === 'operator' && rules.operatorSubjects !== null && !rules.operatorSubjects.has(sub)) return null;
  const accounts = readAccounts(kind, claimedAccounts);
  if (accounts === null) return null;
  return {
    kind,
    id: sub,
    name: nameOf(name, sub),
    scopes: scope === undefined ? scopesWithoutClaim(kind, accounts) : new Set(readScopes(kind, scope)),
    accounts,
    sides: ['sandbox', 'live'],
    keyId: null,
    expiresAt: exp * 1000,
    // A token issued in the future would count as newer than every real one until then, so it is treated as one without `iat`.
    ...(iat === undefined || iat * 1000 > rules.now + TOKEN_TOLERANCE_MS ? {} : { issuedAt: Math.floor(iat * 1000) }),
  };
}

/** The name that a token gives, in one spelling; the subject where it gives none that can be seen. */
function nameOf(claimed: string | undefined, sub: string): string {
  const name = claimed === undefined ? undefined : composed(claimed);
  return name !== undefined && isVisible(name) ? name : sub;
}

function readAccounts(kind: CallerKind, claimed: '*' | Record<string, Role> | undefined): Caller['accounts'] | null {
  if (claimed === undefined) return kind === 'user' ? new Map() : 'all';
  if (claimed === '*') return kind === 'user' ? null : 'all';
  const accounts = new Map<string, Role>();
  for (const [publicId, role] of Object.entries(claimed)) {
    const accountId = parseId('acct', publicId);
    if (accountId === null) return null;
    accounts.set(accountId, role);
  }
  return accounts;
}

function readScopes(kind: CallerKind, scope: string): Scope[] {
  return scope.split(' ').filter((one): one is Scope => isScopeOf(kind, one));
}

function scopesWithoutClaim(kind: CallerKind, accounts: Caller['accounts']): ReadonlySet<Scope> {
  if (kind === 'operator') return new Set([...SCOPES, ...OPERATOR_SCOPES]);
  if (kind === 'service' || accounts === 'all') return new Set();
  const ofRoles = [...accounts.values()].flatMap((role) => [...scopesOfRole(role)]);
  return new Set(ofRoles.filter((scope) => isScopeOf(kind, scope)));
}
