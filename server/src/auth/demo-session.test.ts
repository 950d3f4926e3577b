import { formatId } from '@aibc/shared/ids';

import { OPERATOR_SCOPES, SCOPES } from './caller.js';
import { DEMO_ROLES, createDemoSession, isDemoRole } from './demo-session.js';
import { createAuthenticator } from './verify-token.js';

const NOW = Date.UTC(2026, 2, 1);
const SECRET = new Uint8Array(32).fill(7);
const ACCOUNTS = {
  free: '0198c0de-0000-7000-8000-000000000001',
  pro: '0198c0de-0000-7000-8000-000000000002',
  enterprise: '0198c0de-0000-7000-8000-000000000003',
};
const apiKeys = { verify: () => Promise.resolve(null) };
const { authenticate } = createAuthenticator({ apiKeys, clock: () => NOW, demoSecret: SECRET });

test.each(['free', 'pro', 'enterprise'] as const)(
  '%s is the owner of its own account and sees no other',
  async (as) => {
    const session = await createDemoSession(as, ACCOUNTS, SECRET, NOW);
    expect(session.accountId).toBe(formatId('acct', ACCOUNTS[as]));
    expect(await authenticate(`Bearer ${session.token}`)).toMatchObject({
      kind: 'user',
      id: `demo-${as}`,
      accounts: new Map([[ACCOUNTS[as], 'owner']]),
      scopes: new Set(SCOPES),
      expiresAt: NOW + 3_600_000,
    });
  },
);

test.each(['service', 'operator'] as const)('%s sees all accounts and has every scope', async (as) => {
  const session = await createDemoSession(as, ACCOUNTS, SECRET, NOW);
  expect(session.accountId).toBe(formatId('acct', ACCOUNTS.pro));
  expect(await authenticate(`Bearer ${session.token}`)).toMatchObject({
    kind: as,
    accounts: 'all',
    scopes: new Set(as === 'operator' ? [...SCOPES, ...OPERATOR_SCOPES] : SCOPES),
  });
});

test('a token of another secret is refused', async () => {
  const { token } = await createDemoSession('operator', ACCOUNTS, new Uint8Array(32), NOW);
  await expect(authenticate(`Bearer ${token}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('only the five roles of the demo are roles', () => {
  for (const role of DEMO_ROLES) expect(isDemoRole(role)).toBe(true);
  for (const role of ['admin', '', null, 1, ['free'], 'FREE', 'constructor']) expect(isDemoRole(role)).toBe(false);
});
