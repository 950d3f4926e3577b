import { t } from '@lingui/core/macro';
import { ToldError, sentenceOfStatus } from '../apollo/retry.js';
import { basePath } from '../ui/basePath.js';

/** Who signs people in, and how, as the server says it (docs/sign-in.md). */
export type Provider = {
  issuer: string;
  clientId: string;
  scope: string;
  resource: string | null;
  audience: string | null;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  endSessionEndpoint: string | null;
  revocationEndpoint: string | null;
};

/** How one signs in here, where it is not the demo's way. */
export type Way = { signIn: 'token' } | { signIn: 'provider'; takesToken: boolean; provider: Provider };

/** Why one is asked to sign in. */
export type Reason =
  /** The access that one had is over. */
  | 'ended'
  | 'signedOut'
  /** By the provider, or by the person there. */
  | 'refused'
  /** The provider did not answer. */
  | 'unreachable'
  /** The provider let one in, and this server takes no token of it. */
  | 'notTaken';

const answerMs = 4_000;

/**
 * Asks the server how one signs in.
 *
 * @throws ToldError while it cannot say
 */
export async function askWaysIn(): Promise<Way | { signIn: 'demo' }> {
  const response = await fetch(`${basePath}/sign-in/provider`, { signal: AbortSignal.timeout(answerMs) });
  // A server of before knows of no provider.
  if (response.status === 404) return { signIn: 'demo' };
  if (response.ok) return (await response.json()) as Way | { signIn: 'demo' };
  const said: unknown = response.status === 503 ? await response.json().catch(() => null) : null;
  throw new ToldError(
    typeof said === 'object' && said !== null && 'error' in said
      ? t`The service that signs people in cannot be reached. It is asked again by itself.`
      : sentenceOfStatus(response.status),
  );
}

const keptKey = 'credits.signing-in';

/** What has to survive a way to the provider and back, in this tab alone; no token. */
type Kept = {
  /** Where one was. */
  place?: string;
  /** Whether a reload may ask the provider again without a question. */
  isIn?: boolean;
};

export function readKept(): Kept {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keptKey) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

export function keep(kept: Kept): void {
  try {
    sessionStorage.setItem(keptKey, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing begins at the Dashboard.
  }
}

/** Where one is, as an address below the origin. */
export function presentPlace(): string {
  return `${location.pathname}${location.search}${location.hash}`;
}

/** Pages that the provider leads back to; no rooms. */
export type Return = 'signed-in' | 'signed-out';

export function returnAt(pathname: string): Return | null {
  const path = pathname.replace(/\/+$/, '');
  if (path === `${basePath}/signed-in`) return 'signed-in';
  return path === `${basePath}/signed-out` ? 'signed-out' : null;
}

/** Goes on at the place that was kept; at the Dashboard when it is none of this page. */
export function goOnAt(place: string | undefined): void {
  const url = URL.canParse(place ?? '', location.origin) ? new URL(place ?? '', location.origin) : null;
  const isHere = url?.origin === location.origin && returnAt(url.pathname) === null;
  history.replaceState(null, '', url !== null && isHere ? url : `${basePath}/`);
}
