import type { DataSource } from 'typeorm';
import { ApiKeys } from './auth/api-keys.js';
import { IdentityProvider } from './auth/identity-provider.js';
import { KeyMakers } from './auth/key-makers.js';
import { SeenMembers } from './auth/seen-members.js';
import type { Authenticate } from './auth/verify-token.js';
import { createAuthenticator } from './auth/verify-token.js';
import type { Env } from './env.js';
import type { Unwinding } from './kit/unwinding.js';
import type { Notices } from './notices.js';

export interface SignInOptions {
  readonly env: Env;
  /** The pool of sign-ins. */
  readonly dataSource: DataSource;
  readonly pepper: Buffer;
  /** Signs the tokens of a demo. */
  readonly demoSecret: Buffer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly unwinding: Unwinding;
  readonly notices: Notices;
}

/** What says who calls. */
export interface SignIn {
  readonly apiKeys: ApiKeys;
  readonly authenticate: Authenticate;
  /** Signs people in; null: they bring a token. */
  readonly provider: IdentityProvider | null;
  readonly seenMembers: SeenMembers;
}

/** What says who calls: API keys, tokens of the identity provider, and tokens of a demo. `unwinding` ends it again. */
export function openSignIn(options: SignInOptions): SignIn {
  const { env, dataSource, pepper, demoSecret, clock, unwinding, notices } = options;
  const apiKeys = new ApiKeys({ dataSource, pepper, clock });
  apiKeys.start();
  unwinding.push(() => apiKeys.stop());
  const keyMakers = new KeyMakers({
    dataSource,
    apiKeys,
    onError: (error) => notices.failed(error, 'makers of keys'),
  });
  unwinding.push(() => keyMakers.close());
  const seenMembers = new SeenMembers({
    dataSource,
    clock,
    onError: (error) => notices.failed(error, 'members that signed in'),
  });
  unwinding.push(() => seenMembers.close());
  const provider = env.oidc === null ? null : openProvider(env.oidc.issuer, options);
  const { authenticate } = createAuthenticator({
    apiKeys,
    clock,
    jwtSecret: env.auth.jwtSecret === null ? undefined : new TextEncoder().encode(env.auth.jwtSecret),
    jwksUrl: env.auth.jwksUrl === null ? undefined : new URL(env.auth.jwksUrl),
    getKey: provider?.getKey,
    issuer: env.auth.issuer ?? undefined,
    audience: env.auth.audience ?? undefined,
    onVerified: (caller) => {
      keyMakers.see(caller);
      seenMembers.see(caller);
    },
    operatorSubjects: env.auth.operatorSubjects ?? undefined,
    demoSecret: env.demo ? demoSecret : undefined,
    onRefused: (reason) => notices.signInRefused(reason),
    onKeySetFailure: (error) => notices.keySetFailed(error),
  });
  return { apiKeys, authenticate, provider, seenMembers };
}

/** Begins to look for the provider. The start does not wait for it: API keys are let in without it. */
function openProvider(issuer: string, { unwinding, notices }: SignInOptions): IdentityProvider {
  const provider = new IdentityProvider({
    issuer,
    onFound: () => notices.providerFound(issuer),
    onFailure: (error) => notices.providerFailed(issuer, error),
  });
  provider.start();
  unwinding.push(() => provider.stop());
  return provider;
}
