import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepErrors } from '../testing/test-log.js';
import { startTestApp } from '../testing/test-app.js';
import type { TestApp } from '../testing/test-app.js';
import { until } from '../testing/test-until.js';
import { waysInOf } from './sign-in-routes.js';

const ask = (app: TestApp) => fetch(`${app.url}/sign-in/provider`);
const policyOf = async (app: TestApp): Promise<string | undefined> => {
  const { headers } = await fetch(app.url, { headers: { accept: 'text/html' } });
  return /connect-src [^;]*/.exec(headers.get('content-security-policy') ?? '')?.[0];
};

let app: TestApp | undefined;
let provider: Server | undefined;
afterEach(async () => {
  await app?.close();
  provider?.close();
});

test('without a provider one signs in with a token, and the page may connect to its own server alone', async () => {
  app = await startTestApp();
  expect(await (await ask(app)).json()).toEqual({ signIn: 'token' });
  const { host } = new URL(app.url);
  expect(await policyOf(app)).toBe(`connect-src 'self' ws://${host} wss://${host}`);
});

test('a demo says that it is one, whatever else', () => {
  expect(waysInOf({ demo: true, oidc: null, nodeEnv: 'development' }, null)).toEqual({ signIn: 'demo' });
});

test('a provider that is away keeps nothing from serving; once it answers, people are told how to sign in', async () => {
  let isThere = false;
  let issuer = '';
  provider = createServer((_request, response) => {
    if (!isThere) return void response.writeHead(500).end();
    response.end(
      JSON.stringify({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: 'https://tokens.example.com/token',
        jwks_uri: `${issuer}/keys`,
        end_session_endpoint: `${issuer}/end`,
        revocation_endpoint: `${issuer}/revoke`,
      }),
    );
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => provider?.once('listening', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const oidc = {
    issuer,
    clientId: 'credits',
    scope: 'openid',
    resource: 'https://credits.example.com',
    audience: null,
  };
  const { logger, lines } = keepErrors();
  app = await startTestApp({ env: { oidc }, logger });
  const waiting = await ask(app);
  expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([503, '2']);
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  const { host } = new URL(app.url);
  expect(await policyOf(app)).toBe(`connect-src 'self' ws://${host} wss://${host} 'self'`);

  isThere = true;
  const running = app;
  await until(async () => (await ask(running)).status === 200);
  expect(await (await ask(running)).json()).toEqual({
    signIn: 'provider',
    takesToken: true,
    provider: {
      ...oidc,
      authorizationEndpoint: `${issuer}/auth`,
      tokenEndpoint: 'https://tokens.example.com/token',
      endSessionEndpoint: `${issuer}/end`,
      // The page may not connect to where this one is.
      revocationEndpoint: null,
    },
  });
  expect(await policyOf(running)).toBe(`connect-src 'self' ws://${host} wss://${host} https://tokens.example.com`);
  expect(lines.join('')).toContain('the provider of OIDC_ISSUER does not say where one signs in');
  expect(lines).toHaveLength(1);
});
