import type { TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';

const STUDIO = 'https://studio.example.com';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ env: { allowedOrigins: [STUDIO] } });
});
afterAll(() => app.close());

async function checkoutOf(input: Record<string, unknown> = {}, server = app): Promise<string> {
  const accountId = await server.openAccount();
  const { data, errors } = await server.gql<{ purchaseCredits: { purchase: { checkoutUrl: string } } }>(
    'mutation Buy($input: PurchaseCreditsInput!) { purchaseCredits(input: $input) { ... on PurchaseReceipt { purchase { checkoutUrl } } } }',
    { input: { accountId, idempotencyKey: 'k', packId: 'pack.1000', ...input } },
  );
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.purchaseCredits.purchase.checkoutUrl;
}

/** As a browser sends a form. */
function submit(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html,application/xhtml+xml', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
}

const look = (url: string): Promise<Response> => fetch(url, { headers: { accept: 'text/html' } });

test('the page says what is bought and for how much, needs nobody signed in, runs no script and tells its address to nobody', async () => {
  const url = await checkoutOf({ returnUrl: `${STUDIO}/done` });
  const response = await look(url);
  const html = await response.text();
  expect(response.status).toBe(200);
  expect(html).toContain('<h1>1,150 credits</h1>');
  expect(html).toContain('140.00 USD');
  expect(html).toContain('<button class="main" name="outcome" value="succeed">Pay 140.00 USD</button>');
  expect(html).toContain(`href="${STUDIO}/done"`);
  expect(html).not.toContain('<script');
  expect(html).not.toContain('name="save"');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`form-action 'self' ${STUDIO};`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test('the buyer is asked to save the card only where that was asked for, and an empty box saves nothing', async () => {
  const url = await checkoutOf({ savePaymentMethod: true });
  expect(await (await look(url)).text()).toContain('name="save"');
  await submit(url, { outcome: 'succeed', card: '4242', asked: '1' });
  const other = await checkoutOf({ savePaymentMethod: true });
  await submit(other, { outcome: 'succeed', card: '3155', asked: '1', save: 'true' });
  const saved: { last4: string }[] = await app.app.dataSource.query('SELECT last4 FROM sandbox_method');
  expect(saved).toEqual([{ last4: '3155' }]);
});

test('who pays is led back where they came from; without an address, to the billing of the dashboard', async () => {
  const back = await submit(await checkoutOf({ returnUrl: `${STUDIO}/done?a=1` }), { outcome: 'succeed' });
  expect([back.status, back.headers.get('location')]).toEqual([303, `${STUDIO}/done?a=1`]);
  const url = await checkoutOf();
  const home = await submit(url, { outcome: 'cancel' });
  expect([home.status, home.headers.get('location')]).toEqual([303, `${app.url}/billing`]);
  expect(await (await look(url)).text()).toContain('canceled or has ended');
});

test('programs post JSON or a form, and get JSON', async () => {
  const url = await checkoutOf();
  const form = await fetch(url, { method: 'POST', body: new URLSearchParams({ outcome: 'decline' }) });
  expect([form.status, await form.json()]).toEqual([200, { outcome: 'decline', status: 'FAILED' }]);
  const json = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"outcome":"succeed"}',
  });
  expect([json.status, await json.json()]).toEqual([200, { outcome: 'succeed', status: 'PAID' }]);
});

test.each([
  ['no outcome', {}, 400],
  ['an unknown outcome', { outcome: 'win' }, 400],
  ['an unknown card', { outcome: 'succeed', card: '1111' }, 400],
  ['a dispute of what is not paid', { outcome: 'dispute' }, 409],
])('%s is refused and changes nothing', async (_, body, status) => {
  const url = await checkoutOf();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([response.status, Object.keys((await response.json()) as object)]).toEqual([status, ['error']]);
  expect(await (await look(url)).text()).toContain('value="succeed"');
});

test('what is paid is not declined or canceled any more, and pays once', async () => {
  const url = await checkoutOf();
  await submit(url, { outcome: 'succeed' });
  for (const outcome of ['decline', 'cancel', 'delay_paid', 'delay_failed', 'needs_buyer'])
    expect((await submit(url, { outcome })).status).toBe(409);
  expect((await submit(url, { outcome: 'succeed' })).status).toBe(303);
  expect(await (await look(url)).text()).toContain('value="dispute"');
});

test('an address that nobody was given leads nowhere, however near it is to a real one', async () => {
  const url = await checkoutOf();
  const wrong = [
    url.slice(0, -1) + (url.endsWith('0') ? '1' : '0'),
    url.slice(0, -33),
    `${url}0`,
    `${app.url}/checkout/cs_1`,
    `${app.url}/checkout/${'x'.repeat(150)}`,
  ];
  for (const address of wrong) {
    expect((await look(address)).status).toBe(404);
    const posted = await fetch(address, { method: 'POST', body: new URLSearchParams({ outcome: 'succeed' }) });
    expect([posted.status, await posted.json()]).toEqual([404, { error: 'This address leads to no checkout.' }]);
  }
});

test('a body that is too long is not read', async () => {
  const url = await checkoutOf();
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ outcome: 'x'.repeat(5_000) }) });
  expect(response.status).toBe(413);
});

test('an address below the path of PUBLIC_URL works, and strangers that ask too much wait', async () => {
  const { rateLimits } = app.env;
  const below = await startTestApp({
    env: { publicUrl: 'https://office.example/credits', rateLimits: { ...rateLimits, anonymousPerMinute: 3 } },
  });
  try {
    const url = await checkoutOf({}, below);
    expect(url.startsWith('https://office.example/credits/checkout/cs_')).toBe(true);
    const path = url.slice('https://office.example'.length);
    const statuses: number[] = [];
    for (let times = 0; times < 4; times++) statuses.push((await look(`${below.url}${path}`)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
  } finally {
    await below.close();
  }
});
