import { ErrorResponse, InMemoryWebStorage, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { User } from 'oidc-client-ts';
import { basePath } from '../ui/basePath.js';
import { NoToken } from './session.js';
import { keep, presentPlace, readKept } from './ways-in.js';
import type { Provider, Reason } from './ways-in.js';

/** A token is renewed so long before its end, or in the last third of its life when that is shorter. */
const renewLeadMs = 60_000;
/** A provider that does not answer is asked again. */
const renewAgainMs = 5_000;
const answerSeconds = 10;
/** The longest that a timer can wait. */
const timerMsMax = 2_147_483_647;

/** What the provider's way back brought: a token; or why not, null when one simply is not signed in there. */
export type Arrival = { isIn: true } | { isIn: false; reason: Reason | null };

/** The provider that signs people in, seen from the page. Its tokens are in here and nowhere else. */
export type ProviderDoor = {
  /**
   * Leaves the page for the provider, which leads back to where one is now. It does not return.
   *
   * @param isQuiet  the provider asks nothing: it lets one in, or says that it would have to ask
   */
  leave: (isQuiet: boolean) => Promise<void>;
  /** Takes what the provider's way back brought; asked again, it says the same. */
  arrive: () => Promise<Arrival>;
  /** The access token; empty before `arrive`. */
  token: () => string;
  /** Gets another token; throws NoToken when the provider gives none any more. */
  renew: () => Promise<string>;
  /** Ends the session at the provider and leaves the page. */
  signOut: () => Promise<void>;
};

/** OpenID Connect by authorization code and PKCE, as a public client. Source: docs/sign-in.md */
export function openProvider(provider: Provider): ProviderDoor {
  const manager = managerOf(provider);
  let user: User | null = null;
  let renewing: Promise<string> | null = null;
  let arriving: Promise<Arrival> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const take = (next: User): void => {
    user = next;
    const lifeMs = 1_000 * (next.expires_in ?? 0);
    renewLater(lifeMs - Math.min(renewLeadMs, lifeMs / 3));
  };
  const renewLater = (waitMs: number): void => {
    clearTimeout(timer);
    if (user?.refresh_token === undefined) return;
    timer = setTimeout(
      () =>
        void renew().catch((error: unknown) => {
          if (!(error instanceof NoToken)) renewLater(renewAgainMs);
        }),
      Math.min(waitMs, timerMsMax),
    );
  };
  const renewOnce = async (): Promise<string> => {
    // Without a refresh token the library would open a hidden frame, which the page's policy forbids.
    if (user?.refresh_token === undefined) throw new NoToken();
    try {
      const next = await manager.signinSilent(provider.resource === null ? {} : { resource: provider.resource });
      if (next === null) throw new NoToken();
      take(next);
      return next.access_token;
    } catch (error) {
      throw isFinal(error) ? new NoToken() : error;
    }
  };
  const renew = (): Promise<string> => {
    renewing ??= renewOnce().finally(() => (renewing = null));
    return renewing;
  };
  const arrive = async (): Promise<Arrival> => {
    try {
      take(await manager.signinRedirectCallback());
      keep({ ...readKept(), isIn: true });
      return { isIn: true };
    } catch (error) {
      return { isIn: false, reason: reasonOf(error) };
    }
  };

  return {
    token: () => user?.access_token ?? '',
    renew,
    arrive: () => (arriving ??= arrive()),
    leave: async (isQuiet) => {
      // Not `isIn`: one who comes back by the browser's own Back is asked.
      keep({ place: presentPlace() });
      comeBackAnew();
      await manager.signinRedirect({
        ...(isQuiet ? { prompt: 'none' } : {}),
        ...(provider.resource === null ? {} : { extraTokenParams: { resource: provider.resource } }),
      });
    },
    signOut: () => {
      clearTimeout(timer);
      return leaveForGood(manager, provider, user);
    },
  };
}

async function leaveForGood(manager: UserManager, provider: Provider, user: User | null): Promise<void> {
  keep({});
  // What cannot be taken back ends by itself: nobody has it but this page.
  if (provider.revocationEndpoint !== null && user?.refresh_token !== undefined)
    await manager.revokeTokens(['refresh_token']).catch(() => undefined);
  if (provider.endSessionEndpoint === null) location.replace(`${basePath}/signed-out`);
  else await manager.signoutRedirect();
}

function managerOf(provider: Provider): UserManager {
  const here = `${location.origin}${basePath}`;
  return new UserManager({
    authority: provider.issuer,
    metadata: {
      issuer: provider.issuer,
      authorization_endpoint: provider.authorizationEndpoint,
      token_endpoint: provider.tokenEndpoint,
      ...(provider.endSessionEndpoint === null ? {} : { end_session_endpoint: provider.endSessionEndpoint }),
      ...(provider.revocationEndpoint === null ? {} : { revocation_endpoint: provider.revocationEndpoint }),
    },
    client_id: provider.clientId,
    scope: provider.scope,
    redirect_uri: `${here}/signed-in`,
    post_logout_redirect_uri: `${here}/signed-out`,
    ...(provider.resource === null ? {} : { resource: provider.resource }),
    ...(provider.audience === null ? {} : { extraQueryParams: { audience: provider.audience } }),
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: false,
    requestTimeoutInSeconds: answerSeconds,
    silentRequestTimeoutInSeconds: answerSeconds,
  });
}

/** A page that the browser kept whole while one was away would go on waiting to leave. */
function comeBackAnew(): void {
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload(), { once: true });
}

const passing = ['server_error', 'temporarily_unavailable', 'slow_down'];

/** Whether the provider has said no, and would say it again. */
function isFinal(error: unknown): boolean {
  return error instanceof NoToken || (error instanceof ErrorResponse && !passing.includes(error.error ?? ''));
}

/** What the provider would have to ask first. */
const questions = ['login_required', 'interaction_required', 'consent_required', 'account_selection_required'];

function reasonOf(error: unknown): Reason | null {
  if (error instanceof ErrorResponse) {
    const code = error.error ?? '';
    if (questions.includes(code)) return null;
    return passing.includes(code) ? 'unreachable' : 'refused';
  }
  // Somebody opened the address by hand, or once more: this tab has not asked for anything.
  const isStray = error instanceof Error && /No (matching )?state/.test(error.message);
  return isStray ? null : 'unreachable';
}
