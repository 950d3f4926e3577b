import { startTestApp, type TestApp } from '../testing/test-app.js';
import { startTestSmtp, type TestSmtp } from '../testing/test-smtp.js';
import { until } from '../testing/test-until.js';
import { readEmailAddress } from './email-address.js';

interface Preferences {
  readonly address: string | null;
  readonly confirmed: boolean;
  readonly lowBalance: boolean;
  readonly periodReset: boolean;
  readonly receipts: boolean;
  readonly expiring: boolean;
}
const FIELDS = 'emailPreferences { address confirmed lowBalance periodReset receipts expiring }';
const NOTHING: Preferences = {
  address: null,
  confirmed: false,
  lowBalance: false,
  periodReset: false,
  receipts: false,
  expiring: false,
};

let smtp: TestSmtp;
let server: TestApp;
let accountId: string;
let owner: string;
let addresses = 0;

beforeAll(async () => {
  smtp = await startTestSmtp();
  server = await startTestApp({
    env: { mail: { smtpUrl: smtp.url, from: 'credits@studio.example', supportAddress: 'help@studio.example' } },
  });
}, 60_000);
afterAll(async () => {
  await server.close();
  await smtp.close();
});
beforeEach(async () => {
  accountId = await server.openAccount();
  owner = await server.userToken(accountId);
  smtp.taken.length = 0;
});

const newAddress = (): string => `anna${++addresses}@example.com`;

async function set(input: Record<string, unknown>, token = owner) {
  return server.gql<{ setEmailPreferences: { id: string; emailPreferences: Preferences } }>(
    `mutation ($input: SetEmailPreferencesInput!) { setEmailPreferences(input: $input) { id ${FIELDS} } }`,
    { input: { accountId, ...input } },
    token,
  );
}
const read = (token = owner) =>
  server.gql<{ account: { emailPreferences: Preferences } }>(
    `query ($id: ID!) { account(id: $id) { ${FIELDS} } }`,
    { id: accountId },
    token,
  );
const preferences = async () => (await read()).data?.account.emailPreferences;

/** A link in the newest mail to an address, once that is there: a job of the server may be sending it just now. */
async function linkTo(address: string, path: 'confirm' | 'unsubscribe'): Promise<string> {
  let link: string | undefined;
  await until(async () => {
    await server.app.mails.work();
    const mail = smtp.taken.findLast(({ to }) => to === address)?.mail.text ?? '';
    link = new RegExp(`http://[^\\s]+/mail/${path}/[\\w.-]+`).exec(mail)?.[0];
    return link !== undefined;
  });
  return link ?? '';
}

/** An address that is confirmed, for these kinds. */
async function confirmed(kinds: Record<string, boolean>): Promise<string> {
  const address = newAddress();
  await set({ address, ...kinds });
  expect((await fetch(await linkTo(address, 'confirm'))).status).toBe(200);
  return address;
}

const goLow = () =>
  server.gql(
    'mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { ... on ReservationReceipt { replayed } ... on Problem { message } } }',
    { input: { accountId, idempotencyKey: `low-${addresses}`, operations: [{ operation: 'image.mid', quantity: 9 }] } },
  );

test('nothing is set, and nothing is sent, until somebody asks', async () => {
  expect(await preferences()).toEqual(NOTHING);
  await goLow();
  await server.app.mails.work();
  expect(smtp.taken).toEqual([]);
});

test('anyone who is signed in is told where to ask; strangers are not', async () => {
  const query = '{ supportAddress }';
  const viewer = await server.userToken(accountId, 'viewer');
  expect((await server.gql<unknown>(query, {}, viewer)).data).toEqual({ supportAddress: 'help@studio.example' });
  expect((await server.gql<unknown>(query, {}, null)).errors?.[0]).toMatchObject({
    extensions: { code: 'UNAUTHENTICATED' },
  });
});

test('an address is confirmed by the link that goes there, and gets what was asked for from then on', async () => {
  const address = newAddress();
  const { data } = await set({ address, lowBalance: true });
  expect(data?.setEmailPreferences.emailPreferences).toEqual({ ...NOTHING, address, lowBalance: true });
  const link = await linkTo(address, 'confirm');
  expect(smtp.taken.map(({ mail }) => mail.subject)).toEqual(['[Sandbox] Please confirm your address']);
  expect((await fetch(link, { method: 'HEAD' })).status).toBe(404);
  expect((await preferences())?.confirmed).toBe(false);
  const answer = await fetch(link);
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining(`Mails go to ${address}`)]);
  expect((await fetch(link)).status).toBe(200);
  expect((await preferences())?.confirmed).toBe(true);
  await goLow();
  await linkTo(address, 'unsubscribe');
  expect(smtp.taken.at(-1)?.mail.subject).toBe('[Sandbox] 10 credits left');
});

test('each call changes only what it names', async () => {
  const address = await confirmed({ lowBalance: true, receipts: true });
  await set({ expiring: true, receipts: false, lowBalance: null });
  expect(await preferences()).toEqual({ ...NOTHING, address, confirmed: true, lowBalance: true, expiring: true });
  await set({ address });
  expect((await preferences())?.confirmed).toBe(true);
  await set({ address: null });
  expect(await preferences()).toEqual({ ...NOTHING, lowBalance: true, expiring: true });
});

test('an address that is replaced is not confirmed, and links to the old one do nothing', async () => {
  const old = newAddress();
  await set({ address: old, lowBalance: true });
  const link = await linkTo(old, 'confirm');
  const address = newAddress();
  await set({ address });
  expect((await fetch(link)).status).toBe(404);
  expect(await preferences()).toMatchObject({ address, confirmed: false });
  expect((await fetch(`${link.slice(0, -3)}AAA`)).status).toBe(404);
  const [claim = ''] = link.split('/').at(-1)?.split('.') ?? [];
  for (const token of ['x', 'x.y', claim, `${claim}.`, '%00', 'a'.repeat(150)])
    for (const path of ['confirm', 'unsubscribe'])
      expect((await fetch(`${server.url}/mail/${path}/${token}`)).status).toBe(404);
  expect((await fetch(link.replace('confirm', 'unsubscribe'), { method: 'POST' })).status).toBe(404);
});

test.each([
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'List-Unsubscribe=One-Click'],
  [
    'a form of parts',
    { 'content-type': 'multipart/form-data; boundary=x' },
    '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
  ],
  ['nothing', {}, ''],
])('one click stops mails of a kind without signing in: a mail program posts %s', async (_what, headers, body) => {
  const address = await confirmed({ lowBalance: true, receipts: true });
  await goLow();
  const link = await linkTo(address, 'unsubscribe');
  expect(smtp.taken.at(-1)?.header('list-unsubscribe')).toBe(`<${link}>`);
  const asked = await fetch(link);
  expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining('<button>')]);
  expect((await preferences())?.lowBalance).toBe(true);
  const answer = await fetch(link, { method: 'POST', headers, body });
  expect([answer.status, await answer.text()]).toEqual([
    200,
    expect.stringContaining('No more mails about low balances'),
  ]);
  expect(await preferences()).toMatchObject({ confirmed: true, lowBalance: false, receipts: true });
  expect((await fetch(link, { method: 'POST', headers, body })).status).toBe(200);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
});

test('the audit log tells who changed what, and keeps no address', async () => {
  const address = await confirmed({ lowBalance: true });
  await set({ address });
  await goLow();
  await fetch(await linkTo(address, 'unsubscribe'), { method: 'POST' });
  const { data } = await server.gql<{
    auditLog: { edges: { node: { action: string; actor: string; summary: string } }[] };
  }>(
    'query ($id: ID!) { auditLog(accountId: $id) { edges { node { action actor summary } } } }',
    { id: accountId },
    owner,
  );
  expect(data?.auditLog.edges.map(({ node }) => node).filter(({ action }) => action.startsWith('email.'))).toEqual([
    {
      action: 'email.stopped',
      actor: 'recipient',
      summary: 'Mails about low balances were stopped by the link in one of them.',
    },
    {
      action: 'email.confirmed',
      actor: 'recipient',
      summary: 'The address a…@example.com was confirmed by the link that was sent there.',
    },
    {
      action: 'email.changed',
      actor: 'user:test-user',
      summary: 'Has mails sent to a…@example.com; Asked for mails about low balances.',
    },
  ]);
});

test('members neither see nor change them', async () => {
  const member = await server.userToken(accountId, 'member');
  expect((await read(member)).errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  expect((await set({ lowBalance: true }, member)).errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  expect((await set({ lowBalance: true }, '')).errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
});

test('nobody can have a stranger’s mailbox filled: five links a day', async () => {
  const address = newAddress();
  for (let times = 0; times < 5; times += 1) expect((await set({ address })).errors).toBeUndefined();
  const refused = await set({ address });
  expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED' });
  accountId = await server.openAccount();
  owner = await server.userToken(accountId);
  expect((await set({ address, receipts: true })).errors?.[0]?.extensions?.['code']).toBe('RATE_LIMITED');
  expect(await preferences()).toEqual(NOTHING);
});

test.each([
  '',
  ' ',
  'anna',
  'anna@',
  '@example.com',
  'anna@localhost',
  'anna@127.0.0.1',
  'anna@[127.0.0.1]',
  'anna@example..com',
  'anna..b@example.com',
  '.anna@example.com',
  'anna @example.com',
  'anna@exam ple.com',
  'Anna <anna@example.com>',
  'anna@example.com, eve@example.com',
  'anna@example.com;eve@example.com',
  '"anna"@example.com',
  'anna@example.com\r\nBcc: eve@example.com',
  'anna\0@example.com',
  'änna@example.com',
  'anna@-example.com',
  `${'a'.repeat(65)}@example.com`,
  `anna@${'a'.repeat(64)}.com`,
  `anna@${'abcdefgh.'.repeat(40)}com`,
])('%j is the address of no mailbox', async (address) => {
  const { errors } = await set({ address });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'address' });
  expect(await preferences()).toEqual(NOTHING);
});

test('an address is kept in one spelling', () => {
  expect(readEmailAddress("Anna.o'Neil+credits@Example.COM")).toBe("Anna.o'Neil+credits@example.com");
  expect(readEmailAddress('anna@bücher.example')).toBe('anna@xn--bcher-kva.example');
});

// The last one: from here on the server's jobs are not woken by its mails.
test('a commit has its mail sent at once', async () => {
  await confirmed({ lowBalance: true });
  const isWoken = new Promise<void>((resolve) => server.app.mails.onWoken(resolve));
  await goLow();
  await isWoken;
});
