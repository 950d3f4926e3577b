import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { errors, interactionPolicy } from 'oidc-provider';
import type { Configuration } from 'oidc-provider';

export const resource = 'https://credits.example.com';
const apiScope = 'credits:read events:read credits:reserve credits:purchase keys:admin';

/** A person whom the provider knows, with the accounts that their tokens name. */
type Person = { name: string; accounts: Record<string, 'owner' | 'member' | 'viewer'> };

/** What a test may change while the provider runs. */
type Settings = {
  people: Map<string, Person>;
  tokenSeconds: number;
  audience: string;
  /** Whether no token is renewed any more. */
  isRevoked: boolean;
};

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,"></head><body><h1>${title}</h1>${body}</body></html>`;

/** A real OpenID provider on a port of this machine, with the least of pages. */
export class TestProvider implements Settings {
  readonly people = new Map<string, Person>();
  tokenSeconds = 600;
  audience = resource;
  isRevoked = false;
  /** How often somebody was asked to sign in. */
  asked = 0;

  private constructor(
    readonly issuer: string,
    private server: Server,
    private provider: Provider | null = null,
  ) {}

  /** @param dashboard  the origin of the dashboard that signs people in here */
  static async open(dashboard: string): Promise<TestProvider> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const opened = new TestProvider(issuer, server);
    opened.provider = new Provider(issuer, configurationOf(opened, dashboard));
    server.on('request', (request, response) => void opened.answer(request, response));
    return opened;
  }

  /** As if its machine were switched off. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async start(): Promise<void> {
    const { port } = new URL(this.issuer);
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.listen(Number(port), '127.0.0.1');
    await new Promise((resolve) => this.server.once('listening', resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { provider } = this;
    if (provider === null) return;
    const { pathname } = new URL(request.url ?? '', this.issuer);
    if (!pathname.startsWith('/interaction/')) return void provider.callback()(request, response);
    if (request.method === 'GET') {
      this.asked++;
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(
        page(
          'Who are you?',
          `<form method="post"><label>Name <input name="login"></label> <button>Let me in</button> <button name="refuse" value="1">Cancel</button></form>`,
        ),
      );
      return;
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const form = new URLSearchParams(body);
    const login = form.get('login') ?? '';
    const isKnown = this.people.has(login) && form.get('refuse') === null;
    const result = isKnown ? { login: { accountId: login } } : { error: 'access_denied' };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
}

function configurationOf(settings: TestProvider, dashboard: string): Configuration {
  // Whoever has signed in has agreed.
  const policy = interactionPolicy.base();
  policy.remove('consent');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'first', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['of the test'] },
    clients: [
      {
        client_id: 'credits',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [`${dashboard}/signed-in`],
        post_logout_redirect_uris: [`${dashboard}/signed-out`],
      },
    ],
    clientBasedCORS: (_ctx, origin) => origin === dashboard,
    scopes: ['openid', 'profile', 'offline_access'],
    pkce: { required: () => true },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      const grant = new provider.Grant({ accountId: session?.accountId, clientId: client?.clientId });
      grant.addOIDCScope('openid profile offline_access');
      grant.addResourceScope(resource, apiScope);
      await grant.save();
      return grant;
    },
    extraTokenClaims: (_ctx, token) => {
      const id = 'accountId' in token ? token.accountId : undefined;
      return { ...settings.people.get(id ?? '') };
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => {
          if (settings.isRevoked) throw new errors.InvalidTarget('nothing is granted any more');
          return {
            scope: apiScope,
            audience: settings.audience,
            accessTokenFormat: 'jwt',
            accessTokenTTL: settings.tokenSeconds,
            jwt: { sign: { alg: 'RS256' } },
          };
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = page(
            'Sign out?',
            `${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`,
          );
        },
      },
    },
    ttl: { Session: 600, Grant: 600, RefreshToken: 600, IdToken: 600, Interaction: 600, AuthorizationCode: 60 },
  };
}
