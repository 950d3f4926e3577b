import { startTestApp, type TestApp } from '../testing/test-app.js';
import { until } from '../testing/test-until.js';

let server: TestApp;
let token: string;
let accountId: string;

beforeAll(async () => {
  server = await startTestApp({
    env: { demo: true, auth: { jwtSecret: null, jwksUrl: null, issuer: null, audience: null, operatorSubjects: null } },
  });
  const answer = await fetch(`${server.url}/demo/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ as: 'pro' }),
  });
  ({ token, accountId } = (await answer.json()) as { token: string; accountId: string });
}, 120_000);
afterAll(() => server.close());

const listed = async (): Promise<string> => (await fetch(`${server.url}/demo/mail`)).text();

/** What a link of a page leads to. */
async function follow(page: string, pattern: RegExp): Promise<Response> {
  const path = pattern.exec(page)?.[1];
  if (path === undefined) throw new Error(`no ${pattern.source} in ${page}`);
  return fetch(new URL(path.replaceAll('&amp;', '&'), `${server.url}/demo/mail`));
}

test('a demo keeps its mails and shows them, each as HTML and as text', async () => {
  expect(await listed()).toContain('None yet');
  await server.gql(
    'mutation ($input: SetEmailPreferencesInput!) { setEmailPreferences(input: $input) { id } }',
    { input: { accountId, address: 'anna@example.com', lowBalance: true } },
    token,
  );
  let page = '';
  await until(async () => (page = await listed()).includes('Please confirm your address'));
  const html = await follow(page, /href="(mail\/acct_\w+\/[\w-]+)"/);
  expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(html.headers.get('content-security-policy')).toContain("default-src 'none'");
  const text = await follow(page, /href="(mail\/acct_\w+\/[\w-]+\/text)"/);
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect((await follow(await html.text(), /href="([^"]+\/mail\/confirm\/[^"]+)"/)).status).toBe(200);
  expect(await text.text()).toContain('/mail/confirm/');
  const { data } = await server.gql<{ account: { emailPreferences: { confirmed: boolean } } }>(
    'query ($id: ID!) { account(id: $id) { emailPreferences { confirmed } } }',
    { id: accountId },
    token,
  );
  expect(data?.account.emailPreferences.confirmed).toBe(true);
});

test('an address that leads to no mail is 404', async () => {
  for (const path of ['x/y', `${accountId}/y`, `${accountId}/0190a5c2-0000-7000-8000-000000000000`])
    expect((await fetch(`${server.url}/demo/mail/${path}`)).status).toBe(404);
});

test('what is no demo shows no mails', async () => {
  const other = await startTestApp();
  try {
    const answer = await fetch(`${other.url}/demo/mail/${accountId}/y`, { headers: { accept: 'application/json' } });
    expect(await answer.text()).not.toContain('This link does not work');
    expect(await (await fetch(`${other.url}/demo/mail`)).text()).not.toContain('Mails of the demo');
  } finally {
    await other.close();
  }
});
