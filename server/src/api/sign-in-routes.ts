import type { FastifyInstance } from 'fastify';
import type { IdentityProvider, OidcClient } from '../auth/identity-provider.js';

const AGAIN_SECONDS = 2;

/** How one signs in to the dashboard. */
export type WaysIn =
  | { readonly signIn: 'demo' }
  /** With a token that one has from elsewhere. */
  | { readonly signIn: 'token' }
  | {
      readonly signIn: 'provider';
      /** Whether a token that one has from elsewhere does as well. */
      readonly takesToken: boolean;
      readonly provider: SignInProvider;
    };

/** What a page needs to sign in by authorization code and PKCE. */
interface SignInProvider extends OidcClient {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly endSessionEndpoint: string | null;
  /** Only where the page may connect to it, which is where it fetches its tokens. */
  readonly revocationEndpoint: string | null;
}

/** Null: there is a provider, but it has not said yet where it signs people in. */
export type ReadWaysIn = () => WaysIn | null;

/** What the environment asks for, and what its provider says. */
export function waysInOf(
  env: { readonly demo: boolean; readonly oidc: OidcClient | null; readonly nodeEnv: string },
  provider: Pick<IdentityProvider, 'endpoints'> | null,
): WaysIn | null {
  if (env.demo) return { signIn: 'demo' };
  if (env.oidc === null || provider === null) return { signIn: 'token' };
  const { endpoints } = provider;
  if (endpoints === null) return null;
  const { token, revocation } = endpoints;
  const isWithinReach = revocation !== null && new URL(revocation).origin === new URL(token).origin;
  return {
    signIn: 'provider',
    takesToken: env.nodeEnv !== 'production',
    provider: {
      ...env.oidc,
      authorizationEndpoint: endpoints.authorization,
      tokenEndpoint: token,
      endSessionEndpoint: endpoints.endSession,
      revocationEndpoint: isWithinReach ? revocation : null,
    },
  };
}

/**
 * `GET /sign-in/provider`: tells the dashboard whether and how to sign in. Nothing in the answer is secret: the client is a public one.
 *
 * Answers 503 while the provider has not said yet where it signs people in.
 */
export function registerSignInRoute(fastify: FastifyInstance, readWaysIn: ReadWaysIn): void {
  fastify.get('/sign-in/provider', (_request, reply) => {
    const ways = readWaysIn();
    if (ways !== null) return ways;
    return reply
      .code(503)
      .header('retry-after', AGAIN_SECONDS)
      .send({ error: 'The service that signs people in cannot be reached. Try again in a moment.' });
  });
}
