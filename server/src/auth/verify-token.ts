import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey, JWTVerifyOptions, JWTVerifyResult } from 'jose';
import { LRUCache } from 'lru-cache';
import { PublicError, unauthenticated, unavailable } from '../kit/errors.js';
import type { ApiKeys } from './api-keys.js';
import { looksLikeKey } from './api-key-secret.js';
import type { Caller } from './caller.js';
import { TOKEN_TOLERANCE_MS } from './caller.js';
import { DEMO_AUDIENCE, DEMO_ISSUER } from './demo-session.js';
import type { Refusal } from './refused-sign-in.js';
import { refusalOf } from './refused-sign-in.js';
import { callerOfClaims } from './token-claims.js';

const SHARED_SECRET_ALGORITHMS = ['HS256'];
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];
const CACHED_TOKENS_MAX = 10_000;
/** Of callers as remembered: a token that names 300 accounts makes one of some 30 kB. */
const CACHED_BYTES_MAX = 48 * 1024 * 1024;
/** A signing key that was withdrawn stops counting after this long at the latest. */
const CACHED_TOKEN_MS_MAX = 5 * 60_000;
const BEARER = /^Bearer +([\w.~+/=-]+)$/i;
/** A token that names some 300 accounts. Source: docs/api.md, Limits */
const BEARER_CHARACTERS_MAX = 16_384;

/** What may sign tokens. Demo mode and a configured issuer exclude each other. */
export interface TokenTrust {
  /** HS256. */
  readonly jwtSecret?: Uint8Array | undefined;
  /** RS256, ES256, EdDSA. */
  readonly jwksUrl?: URL | undefined;
  /** The same, of keys that are looked up in another way; throws while they cannot be had. */
  readonly getKey?: JWTVerifyGetKey | undefined;
  /** Pinned when given. */
  readonly issuer?: string | undefined;
  /** Pinned when given. */
  readonly audience?: string | undefined;
  /** Signs the demo's own tokens; issuer and audience are the demo's. */
  readonly demoSecret?: Uint8Array | undefined;
  /** Subjects that may be operators; absent: whoever the configured issuer calls one. */
  readonly operatorSubjects?: ReadonlySet<string> | undefined;
}

export interface AuthenticatorOptions extends TokenTrust {
  readonly apiKeys: Pick<ApiKeys, 'verify'>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Told of the caller of every token that was verified anew. */
  readonly onVerified?: (caller: Caller) => void;
  /** Told of each credential that is refused. */
  readonly onRefused?: (reason: Refusal) => void;
  /** Told when the key set cannot be had. */
  readonly onKeySetFailure?: (error: unknown) => void;
}

/**
 * Finds out who is calling from an `Authorization` value.
 *
 * @param authorization  `Bearer <JWT or API key>`, from the HTTP header or `connection_init`
 * @param admitLookUp  asked before the database is for an API key that this process does not know; throws when it may not be
 * @returns null when nothing was presented
 * @throws UNAUTHENTICATED for anything presented that is not a valid credential; BAD_USER_INPUT for one that is too long; UNAVAILABLE
 * when keys cannot be looked up
 */
export type Authenticate = (
  authorization: string | undefined,
  admitLookUp?: () => Promise<void>,
) => Promise<Caller | null>;

export interface Authenticator {
  readonly authenticate: Authenticate;
}

/**
 * Makes the one door through which credentials pass, for HTTP and WebSocket alike.
 *
 * Each way of signing pins its own algorithms, so that a token can neither go unsigned nor have a public key taken for a shared
 * secret. A token must carry `sub` and `exp`; clocks may differ by 5 s. Verified tokens are remembered by their SHA-256 until
 * they expire, for at most 5 minutes.
 *
 * Source: docs/api.md, Identity and isolation
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { apiKeys, clock, demoSecret, jwtSecret, jwksUrl, operatorSubjects } = options;
  const jwks = jwksUrl === undefined ? (options.getKey ?? null) : createRemoteJWKSet(jwksUrl);
  if (demoSecret !== undefined && (jwtSecret !== undefined || jwks !== null)) {
    throw new Error('Demo mode and configured authentication exclude each other');
  }
  const pinned: JWTVerifyOptions = {
    clockTolerance: TOKEN_TOLERANCE_MS / 1000,
    requiredClaims: ['sub', 'exp'],
    ...(demoSecret === undefined ? pick('issuer', options.issuer) : { issuer: DEMO_ISSUER }),
    ...(demoSecret === undefined ? pick('audience', options.audience) : { audience: DEMO_AUDIENCE }),
  };
  const sharedSecret = demoSecret ?? jwtSecret;
  const cache = new LRUCache<string, { caller: Caller; until: number }>({
    max: CACHED_TOKENS_MAX,
    maxSize: CACHED_BYTES_MAX,
  });

  const refused = (reason: Refusal): PublicError => {
    options.onRefused?.(reason);
    return unauthenticated();
  };

  const verifySignature = (token: string): Promise<JWTVerifyResult> | null => {
    const now = { currentDate: new Date(clock()) };
    const isShared = SHARED_SECRET_ALGORITHMS.includes(algorithmOf(token));
    if (isShared && sharedSecret !== undefined) {
      return jwtVerify(token, sharedSecret, { ...pinned, ...now, algorithms: SHARED_SECRET_ALGORITHMS });
    }
    if (!isShared && jwks !== null)
      return jwtVerify(token, jwks, { ...pinned, ...now, algorithms: PUBLIC_KEY_ALGORITHMS });
    return null;
  };

  const verifyToken = async (token: string): Promise<Caller> => {
    const digest = createHash('sha256').update(token).digest('base64');
    const known = cache.get(digest);
    if (known !== undefined) {
      if (clock() < known.until) return known.caller;
      cache.delete(digest);
    }
    const verifying = verifySignature(token);
    if (verifying === null) throw refused('algorithm');
    const verified = await verifying.catch((error: unknown) => {
      if (isTokenFault(error)) throw refused(refusalOf(error));
      options.onKeySetFailure?.(error);
      throw unavailable(undefined, error);
    });
    const caller = callerOfClaims(verified.payload, { operatorSubjects: operatorSubjects ?? null, now: clock() });
    if (caller === null) throw refused('claims');
    options.onVerified?.(caller);
    const endsAt = (caller.expiresAt ?? 0) + TOKEN_TOLERANCE_MS;
    const until = Math.min(endsAt, clock() + CACHED_TOKEN_MS_MAX);
    cache.set(digest, { caller, until }, { size: bytesOf(token) });
    return caller;
  };

  return {
    async authenticate(authorization, admitLookUp) {
      if (authorization === undefined) return null;
      if (authorization.length > BEARER_CHARACTERS_MAX) throw tooLong();
      const bearer = BEARER.exec(authorization)?.[1];
      if (bearer === undefined) throw refused('malformed');
      if (!looksLikeKey(bearer)) return verifyToken(bearer);
      const caller = await apiKeys.verify(bearer, admitLookUp);
      if (caller === null) throw refused('unknown_api_key');
      return caller;
    },
  };
}

function tooLong(): PublicError {
  return new PublicError('BAD_USER_INPUT', `A credential has at most ${BEARER_CHARACTERS_MAX} characters.`, {
    field: 'authorization',
    httpStatus: 431,
  });
}

/** What the caller of a token takes, as estimated: its accounts are most of both. */
function bytesOf(token: string): number {
  return 1_000 + token.length * 3;
}

function pick<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, string>);
}

function algorithmOf(token: string): string {
  try {
    return String(decodeProtectedHeader(token).alg);
  } catch {
    return '';
  }
}

/** Faults of the token itself; anything else is the key set that could not be had. */
function isTokenFault(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    error.code !== errors.JWKSTimeout.code &&
    error.code !== errors.JOSEError.code &&
    !error.code.startsWith('ERR_JWKS_INVALID')
  );
}
