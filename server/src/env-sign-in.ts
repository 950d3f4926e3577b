import { z } from 'zod';
import type { OidcClient } from './auth/identity-provider.js';
import { listOf, url } from './env-values.js';
import { isSecureUrl } from './kit/secure-url.js';

/**
 * What the dashboard asks the provider for: who one is, a refresh token, and the rights of a user here. A provider that does not know a
 * scope leaves it out or refuses; OIDC_SCOPE then says what it knows.
 */
const SCOPE_DEFAULT =
  'openid profile offline_access credits:read events:read credits:reserve credits:purchase keys:admin';

/** What says who may call. */
export const signInVariables = {
  AUTH_JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  AUTH_JWKS_URL: url('http', 'https').optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  OPERATOR_SUBJECTS: z.string().optional(),
  OIDC_ISSUER: url('http', 'https')
    .refine(isSecureUrl, 'must be https, unless the provider is on this machine')
    .refine((value) => !/[?#]/.test(value), 'must have no query and no fragment')
    .optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_SCOPE: z
    .string()
    .refine((value) => value.split(' ').includes('openid'), 'must name openid, beside others separated by spaces')
    .default(SCOPE_DEFAULT),
  OIDC_RESOURCE: z
    .string()
    .refine((value) => URL.canParse(value) && !value.includes('#'), 'must be a URI without a fragment')
    .optional(),
  OIDC_AUDIENCE: z.string().optional(),
};

/** What tokens must be signed by and carry; null for what is not configured. */
export interface AuthEnv {
  jwtSecret: string | null;
  jwksUrl: string | null;
  issuer: string | null;
  audience: string | null;
  /** Subjects whose tokens may be an operator's, in production nobody unless said; null: whomever the issuer calls one. */
  operatorSubjects: ReadonlySet<string> | null;
}

type Present = Readonly<Record<string, string | undefined>>;

/** Whether anything says who may call; a demo is for servers where nothing does. */
export function isAuthenticated(present: Present): boolean {
  return ['AUTH_JWT_SECRET', 'AUTH_JWKS_URL', 'OIDC_ISSUER'].some((name) => present[name] !== undefined);
}

/** What of the sign-in has to be configured together and is not. */
export function signInProblems(present: Present, isProduction: boolean): string[] {
  const problems: string[] = [];
  if (isProduction && !isAuthenticated(present))
    problems.push('OIDC_ISSUER, AUTH_JWT_SECRET or AUTH_JWKS_URL: one is required when NODE_ENV is production');
  if ((present['OIDC_ISSUER'] === undefined) !== (present['OIDC_CLIENT_ID'] === undefined))
    problems.push('OIDC_ISSUER and OIDC_CLIENT_ID: both or neither');
  const isFor = ['AUTH_AUDIENCE', 'OIDC_RESOURCE', 'OIDC_AUDIENCE'].some((name) => present[name] !== undefined);
  if (present['OIDC_ISSUER'] !== undefined && !isFor)
    problems.push(
      'OIDC_ISSUER: say whom its tokens are for, by OIDC_RESOURCE, OIDC_AUDIENCE or AUTH_AUDIENCE: else those it gave for other applications would be let in',
    );
  return problems;
}

type Given = z.infer<z.ZodObject<typeof signInVariables>>;

/** Where OIDC_ISSUER is set, its tokens are those that count, unless AUTH_ISSUER and AUTH_AUDIENCE say otherwise. */
export function authOf(env: Given, isProduction: boolean): AuthEnv {
  return {
    jwtSecret: env.AUTH_JWT_SECRET ?? null,
    jwksUrl: env.AUTH_JWKS_URL ?? null,
    issuer: env.AUTH_ISSUER ?? env.OIDC_ISSUER ?? null,
    audience: env.AUTH_AUDIENCE ?? env.OIDC_RESOURCE ?? env.OIDC_AUDIENCE ?? null,
    operatorSubjects:
      env.OPERATOR_SUBJECTS === undefined && !isProduction ? null : new Set(listOf(env.OPERATOR_SUBJECTS)),
  };
}

export function oidcOf(env: Given): OidcClient | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_SCOPE: scope } = env;
  if (issuer === undefined || clientId === undefined) return null;
  return { issuer, clientId, scope, resource: env.OIDC_RESOURCE ?? null, audience: env.OIDC_AUDIENCE ?? null };
}
