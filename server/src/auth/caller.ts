import { forbidden, notFound, unauthenticated } from '../kit/errors.js';

/** A person, a program of the platform or of an integrator, or the staff of AIBC. */
export type CallerKind = 'user' | 'service' | 'operator';

/** What a member is to an account. */
export type Role = 'owner' | 'member' | 'viewer';

/** Sandbox and live accounts never meet: a test key sees the one, a live key the other. */
export type Side = 'sandbox' | 'live';

/** Clocks of servers differ: a token is accepted so long after its `exp`, over HTTP and on a socket. */
export const TOKEN_TOLERANCE_MS = 5_000;

/** Every scope that a user, a service or an API key may have; operators may have these too. */
export const SCOPES = ['credits:read', 'events:read', 'credits:reserve', 'credits:purchase', 'keys:admin'] as const;

/** Scopes of operators alone: no claim gives them to anybody else, and no API key has them. */
export const OPERATOR_SCOPES = ['credits:grant', 'prices:write', 'reports:read'] as const;

/**
 * What a caller may do with the accounts it sees.
 *
 * `credits:read` queries and balance feeds; `events:read` events and event feeds; `credits:reserve` reserve, commit, release,
 * extend, spend, and a sandbox account's clock; `credits:purchase` purchases, refunds, plan; `keys:admin` keys, webhooks, budgets, levels, e-mail,
 * and creating accounts; `credits:grant` granting credits; `prices:write` price lists;
 * `reports:read` reports over all accounts. Source: docs/api.md, Identity and isolation
 */
export type Scope = (typeof SCOPES)[number] | (typeof OPERATOR_SCOPES)[number];

/** Narrows an unknown string to a scope that a caller of this kind may have; every API key is a service. */
export function isScopeOf(kind: CallerKind, value: string): value is Scope {
  return (
    (SCOPES as readonly string[]).includes(value) ||
    (kind === 'operator' && (OPERATOR_SCOPES as readonly string[]).includes(value))
  );
}

const ROLE_SCOPES: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  owner: new Set<Scope>([...SCOPES, ...OPERATOR_SCOPES]),
  member: new Set<Scope>(['credits:read', 'events:read', 'credits:reserve']),
  viewer: new Set<Scope>(['credits:read', 'events:read']),
};

/** The scopes that a role lets through for its account, each to whoever may have it. */
export function scopesOfRole(role: Role): ReadonlySet<Scope> {
  return ROLE_SCOPES[role];
}

/** Who is calling, from a verified credential alone: nothing in it comes from an argument. */
export interface Caller {
  readonly kind: CallerKind;
  /** Subject of the token, or the public id (`key_…`) of the API key. */
  readonly id: string;
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** By account uuid; `all` means every account of `sides`. */
  readonly accounts: 'all' | ReadonlyMap<string, Role>;
  readonly sides: readonly Side[];
  /** uuid of the API key; null for a token. */
  readonly keyId: string | null;
  /** Epoch milliseconds at which the credential ends, `TOKEN_TOLERANCE_MS` later at the latest; null: not on its own. */
  readonly expiresAt: number | null;
  /** Subject of the user that made the API key and in whose place it acts; left out for tokens and for keys of services and operators. */
  readonly maker?: string;
  /** Epoch milliseconds at which the token was issued, or the newest one of the key's maker; left out where it does not say. */
  readonly issuedAt?: number;
}

/** The two facts about an account that decide who sees it. */
export interface AccountIdentity {
  /** uuid. */
  readonly id: string;
  readonly sandbox: boolean;
}

/** The side an account is on. */
export function sideOf(account: Pick<AccountIdentity, 'sandbox'>): Side {
  return account.sandbox ? 'sandbox' : 'live';
}

/**
 * The member whose rights the caller has: a user, or the maker of a key that a user made. Null for services and operators.
 *
 * What is asked of persons (whose hold it is, whom usage is booked to, whose idempotency keys these are) asks this.
 */
export function personOf(caller: Caller): string | null {
  return caller.kind === 'user' ? caller.id : (caller.maker ?? null);
}

/** Who did it, as entries record it: `user:<sub>`, `service:<sub or key id>`, `operator:<sub>`. */
export function actorOf(caller: Caller): string {
  return `${caller.kind}:${caller.id}`;
}

/**
 * Whether the caller sees the account at all; to one who does not, the account does not exist (NOT_FOUND).
 *
 * Says nothing of what the caller may do with it: that is `mayUse`.
 */
export function mayRead(caller: Caller, account: AccountIdentity): boolean {
  return caller.sides.includes(sideOf(account)) && (caller.accounts === 'all' || caller.accounts.has(account.id));
}

/** Whether the caller sees the account and both its scopes and its role there include `scope`. */
export function mayUse(caller: Caller, account: AccountIdentity, scope: Scope): boolean {
  return mayRead(caller, account) && holdsScope(caller, account.id, scope);
}

/** Of an account that the caller was let through to: whether its scopes and its role there include `scope`. */
export function holdsScope(caller: Caller, accountId: string, scope: Scope): boolean {
  if (!caller.scopes.has(scope)) return false;
  if (caller.accounts === 'all') return true;
  const role = caller.accounts.get(accountId);
  return role !== undefined && ROLE_SCOPES[role].has(scope);
}

/** @throws UNAUTHENTICATED when nobody has signed in */
export function assertCaller(caller: Caller | null): asserts caller is Caller {
  if (caller === null) throw unauthenticated();
}

/** @throws UNAUTHENTICATED without a caller, FORBIDDEN without the scope */
export function assertScope(caller: Caller | null, scope: Scope): asserts caller is Caller {
  assertCaller(caller);
  if (!caller.scopes.has(scope)) throw missingScope(scope);
}

/**
 * Lets a caller through to an account for what `scope` covers.
 *
 * @param account  as loaded; null when there is none, so that unknown and foreign accounts take one path
 * @throws UNAUTHENTICATED without a caller, NOT_FOUND when the account is unknown or not seen, FORBIDDEN when it is seen but `scope` is missing
 */
export function assertAccount(
  caller: Caller | null,
  account: AccountIdentity | null,
  scope: Scope,
): asserts account is AccountIdentity {
  assertCaller(caller);
  if (account === null || !mayRead(caller, account)) throw notFound('This account');
  if (!mayUse(caller, account, scope)) throw missingScope(scope);
}

/** @throws UNAUTHENTICATED without a caller, FORBIDDEN for anyone but an operator */
export function assertOperator(caller: Caller | null): asserts caller is Caller {
  assertCaller(caller);
  if (caller.kind !== 'operator') throw forbidden('Only an operator may do this.');
}

/** @throws UNAUTHENTICATED without a caller, FORBIDDEN for users */
export function assertServiceOrOperator(caller: Caller | null): asserts caller is Caller {
  assertCaller(caller);
  if (caller.kind === 'user') throw forbidden('Only a service or an operator may do this.');
}

/**
 * Lets a caller create an account: a service or operator that sees all accounts of that side and has `keys:admin`.
 *
 * @throws UNAUTHENTICATED, FORBIDDEN
 */
export function assertCreateAccount(caller: Caller | null, sandbox: boolean): asserts caller is Caller {
  assertServiceOrOperator(caller);
  if (!caller.scopes.has('keys:admin')) throw missingScope('keys:admin');
  if (caller.accounts !== 'all')
    throw forbidden('This credential is bound to single accounts and may not create others.');
  if (!caller.sides.includes(sideOf({ sandbox }))) {
    throw forbidden(
      sandbox ? 'A live key may not create sandbox accounts.' : 'A test key may create sandbox accounts only.',
    );
  }
}

function missingScope(scope: Scope) {
  return forbidden(`This needs the scope ${scope}, which you do not have for it.`);
}
