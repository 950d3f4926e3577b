import { formatId } from '@aibc/shared/ids';
import { SignJWT } from 'jose';
import { SCOPES } from './caller.js';
import type { CallerKind } from './caller.js';

export const DEMO_ISSUER = 'aibc-demo';
export const DEMO_AUDIENCE = 'aibc-credits';
const DEMO_TOKEN_SECONDS = 3600;

/** Whom one may be in the demo. */
export const DEMO_ROLES = ['free', 'pro', 'enterprise', 'service', 'operator'] as const;
export type DemoRole = (typeof DEMO_ROLES)[number];

/** Account uuids of the demo. */
export type DemoAccounts = Readonly<Record<'free' | 'pro' | 'enterprise', string>>;

export interface DemoSession {
  /** A JWT, valid for an hour. */
  readonly token: string;
  /** Public id: the account that the user owns; for service and operator, who see all, the Pro account to begin with. */
  readonly accountId: string;
}

/** Narrows an unknown value to a role of the demo. */
export function isDemoRole(value: unknown): value is DemoRole {
  return typeof value === 'string' && (DEMO_ROLES as readonly string[]).includes(value);
}

/**
 * Signs in to the demo without a password: free, pro and enterprise are the owners of their account, service has every scope on
 * all accounts, operator is the staff.
 *
 * @param now  epoch milliseconds
 */
export async function createDemoSession(
  as: DemoRole,
  accounts: DemoAccounts,
  secret: Uint8Array,
  now: number,
): Promise<DemoSession> {
  const kind: CallerKind = as === 'service' || as === 'operator' ? as : 'user';
  const accountId = formatId('acct', accounts[as === 'service' || as === 'operator' ? 'pro' : as]);
  const issuedAt = Math.floor(now / 1000);
  const token = await new SignJWT({
    kind,
    name: `Demo ${as}`,
    accounts: kind === 'user' ? { [accountId]: 'owner' } : '*',
    ...(kind === 'service' ? { scope: SCOPES.join(' ') } : {}),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(`demo-${as}`)
    .setIssuer(DEMO_ISSUER)
    .setAudience(DEMO_AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + DEMO_TOKEN_SECONDS)
    .sign(secret);
  return { token, accountId };
}
