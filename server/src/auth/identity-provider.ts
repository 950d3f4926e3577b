import { createRemoteJWKSet } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { isSecureUrl } from '../kit/secure-url.js';

const ANSWER_MS_MAX = 5_000;
const AGAIN_MS = 1_000;
const AGAIN_MS_MAX = 15_000;
/** Endpoints seldom move. */
const LOOK_MS = 60 * 60_000;
/** An unknown `kid` fetches the keys again, at most this often; so soon is a key let in that signs before it was published. */
const KEYS_MS_LEAST = 5_000;

const endpoint = z.string().refine(isSecureUrl, 'is not https');
const documentSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  jwks_uri: endpoint,
  end_session_endpoint: endpoint.optional(),
  revocation_endpoint: endpoint.optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
});

/** What the dashboard is to a provider, and what it asks it for. */
export interface OidcClient {
  /** As its metadata and tokens name it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Separated by spaces. */
  readonly scope: string;
  /** Asked for as `resource` (RFC 8707); null: not. */
  readonly resource: string | null;
  /** Asked for as `audience`, where a provider wants that; null: not. */
  readonly audience: string | null;
}

/** Where a provider signs people in and out. */
export interface ProviderEndpoints {
  readonly authorization: string;
  readonly token: string;
  readonly keys: string;
  /** Null: the provider ends no sessions. */
  readonly endSession: string | null;
  /** Null: it takes no tokens back. */
  readonly revocation: string | null;
}

export interface IdentityProviderOptions {
  /** As configured; its metadata must name the same one. */
  readonly issuer: string;
  /** Told when it is found, and again after it was lost. */
  readonly onFound: () => void;
  /** Told of each look that failed. */
  readonly onFailure: (error: unknown) => void;
  readonly againMs?: number;
  readonly lookMs?: number;
  readonly keysMsLeast?: number;
}

/**
 * An OpenID provider, by its issuer: finds where it signs people in and by which keys (OpenID Connect Discovery), and goes on asking
 * until it knows. What was found is kept when the provider is away later.
 *
 * Source: docs/sign-in.md
 */
export class IdentityProvider {
  #found: { readonly endpoints: ProviderEndpoints; readonly getKey: JWTVerifyGetKey } | null = null;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #isStopped = false;

  constructor(private readonly options: IdentityProviderOptions) {}

  start(): void {
    void this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Null as long as the provider has not said. */
  get endpoints(): ProviderEndpoints | null {
    return this.#found?.endpoints ?? null;
  }

  /** The origin that gives tokens; null as long as the provider has not said. */
  get tokenOrigin(): string | null {
    return this.#found === null ? null : new URL(this.#found.endpoints.token).origin;
  }

  /** Finds the key that signed a token; throws when the provider cannot be asked for it. */
  readonly getKey: JWTVerifyGetKey = (header, token) => {
    if (this.#found === null) throw new Error(`${this.options.issuer} has not said by which keys it signs`);
    return this.#found.getKey(header, token);
  };

  async #look(): Promise<void> {
    const { againMs = AGAIN_MS, lookMs = LOOK_MS, onFound, onFailure } = this.options;
    try {
      const endpoints = await discover(this.options.issuer);
      if (this.#isStopped) return;
      const isNews = this.#found === null || this.#failures > 0;
      // The keys that are known stay known, unless they are elsewhere now.
      if (this.#found?.endpoints.keys === endpoints.keys) this.#found = { ...this.#found, endpoints };
      else this.#found = { endpoints, getKey: this.#keysAt(endpoints.keys) };
      this.#failures = 0;
      if (isNews) onFound();
    } catch (error) {
      if (this.#isStopped) return;
      this.#failures++;
      onFailure(error);
    }
    const waitMs = this.#failures === 0 ? lookMs : Math.min(againMs * 2 ** (this.#failures - 1), AGAIN_MS_MAX);
    this.#timer = setTimeout(() => void this.#look(), waitMs);
    this.#timer.unref();
  }

  #keysAt(address: string): JWTVerifyGetKey {
    const cooldownDuration = this.options.keysMsLeast ?? KEYS_MS_LEAST;
    return createRemoteJWKSet(new URL(address), { cooldownDuration, timeoutDuration: ANSWER_MS_MAX });
  }
}

/** Asks a provider for its metadata, and checks that they are its own and of use here. */
async function discover(issuer: string): Promise<ProviderEndpoints> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const parsed = documentSchema.safeParse(await response.json());
  if (!parsed.success)
    throw new Error(
      `${address}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
    );
  const found = parsed.data;
  // Else anybody who can answer at one address could speak for another issuer. Source: OpenID Connect Discovery 1.0, 4.3
  if (found.issuer !== issuer)
    throw new Error(
      `OIDC_ISSUER is ${issuer}, but the provider calls itself ${found.issuer}: they have to be the same`,
    );
  if (found.code_challenge_methods_supported?.includes('S256') === false)
    throw new Error(`${issuer} does not support PKCE with S256, which the dashboard signs in by`);
  return {
    authorization: found.authorization_endpoint,
    token: found.token_endpoint,
    keys: found.jwks_uri,
    endSession: found.end_session_endpoint ?? null,
    revocation: found.revocation_endpoint ?? null,
  };
}
