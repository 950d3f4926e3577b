import { v7 } from 'uuid';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../db/data-source.js';
import { History } from '../db/history.js';
import { nextUuid } from '../kit/next-uuid.js';
import { AccountReader } from '../ledger/graph/read-account.js';
import { commit, createTestLedger, grant, release, reserve, type TestLedger } from '../testing/test-ledger.js';
import { paidFact, purchase, purchaseOf, settle } from '../testing/test-purchases.js';
import { startTestSmtp, type TestSmtp } from '../testing/test-smtp.js';
import { MAIL_KINDS, type MailKind } from './mail-kind.js';
import { Mails, type MailsOptions } from './mails.js';
import { addChoice, confirmAddress, readPreferences, removeChoice, writeAddress } from './preference-rows.js';
import { type MailTransport, openSmtpTransport } from './smtp-transport.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 10, 12);

let bench: TestLedger;
let dataSource: DataSource;
let reader: pg.Pool;
let smtp: TestSmtp;
let transport: MailTransport;
let options: MailsOptions;
let mails: Mails;
let now = START;
const errors: string[] = [];
/** Done while the mail server has a mail and has not said so. */
let whileTaken: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  bench = await createTestLedger({ onError: (error) => errors.push(String(error)) });
  dataSource = await createDataSource({ url: bench.url, applicationName: 'mails-test' }).initialize();
  const history = await History.open({ pool: bench.pool, nextId: nextUuid, clock: () => now });
  reader = bench.pool;
  smtp = await startTestSmtp(() => whileTaken());
  transport = openSmtpTransport({
    url: smtp.url,
    from: 'credits@studio.example',
    supportAddress: 'help@studio.example',
  });
  options = {
    dataSource,
    reader,
    accounts: new AccountReader({ reader, ledger: bench.ledger, history }),
    history,
    nextId: nextUuid,
    clock: () => now,
    secret: Buffer.alloc(32, 7),
    publicUrl: () => 'https://credits.example',
    from: 'credits@studio.example',
    supportAddress: 'help@studio.example',
    transport,
    onError: (error, what) => errors.push(`${what}: ${String(error)}`),
  };
  mails = new Mails(options);
}, 60_000);
afterAll(async () => {
  transport.close();
  await smtp.close();
  await dataSource.destroy();
  await bench.close();
});
beforeEach(() => {
  now = START;
  smtp.taken.length = 0;
  errors.length = 0;
});
afterEach(() => expect(errors).toEqual([]));

let addresses = 0;

/** A PRO account with 100 credits whose owner wants mails of these kinds. */
async function open(
  kinds: readonly MailKind[] = MAIL_KINDS,
  account: Parameters<TestLedger['open']>[1] = {},
): Promise<{ id: string; address: string }> {
  const id = await bench.open('PRO', { timeZone: 'Europe/Berlin', ...account });
  const address = `anna${++addresses}@example.com`;
  await writeAddress(dataSource, id, address);
  await confirmAddress(dataSource, id, address, now);
  for (const kind of kinds) await addChoice(dataSource, id, kind);
  return { id, address };
}

const sentTo = (address: string) => smtp.taken.filter(({ to }) => to === address);
const subjects = (address: string) => sentTo(address).map(({ mail }) => mail.subject);
/** Credits in tens. */
const spend = (id: string, credits: number) =>
  bench.ledger.submit(reserve(id, { 'image.mid': credits / 10 }, { spend: true }));

async function hold(id: string, credits: number): Promise<string> {
  const command = reserve(id, { 'image.mid': credits / 10 });
  await bench.ledger.submit(command);
  return command.reservationId;
}

const statuses = async (id: string): Promise<string[]> =>
  (
    await dataSource.query<{ status: string }[]>('SELECT status FROM mail WHERE account_id = $1 ORDER BY mail_id', [id])
  ).map(({ status }) => status);

test('an account whose owner wants a kind gets mails of it, and of no other', async () => {
  const { id, address } = await open(['LOW_BALANCE']);
  await bench.ledger.submit(grant(id, 5));
  await spend(id, 90);
  await mails.work();
  await mails.work();
  expect(subjects(address)).toEqual(['[Sandbox] 15 credits left']);
  const none = await open([]);
  await spend(none.id, 90);
  await mails.work();
  expect(subjects(none.address)).toEqual([]);
});

test('a mail has both forms, says the same in them, and what mail programs need', async () => {
  const { id, address } = await open(['LOW_BALANCE'], { sandbox: false });
  await spend(id, 90);
  await mails.work();
  const [taken] = sentTo(address);
  expect(taken?.mail).toMatchObject({
    subject: '10 credits left',
    from: { name: 'AIBC Credits', address: 'credits@studio.example' },
    to: [{ address }],
    replyTo: [{ address: 'help@studio.example' }],
  });
  for (const form of [taken?.mail.text, taken?.mail.html]) {
    expect(form).toContain('10 credits left, at or below the low mark of 20.');
    expect(form).toContain('(Europe/Berlin)');
    expect(form).toContain('help@studio.example');
    expect(form).toContain('https://credits.example/mail/unsubscribe/');
  }
  expect(taken?.mail.html).not.toMatch(/<img|<script|<link|src=|url\(/);
  expect(taken?.header('list-unsubscribe')).toMatch(/^<https:\/\/credits\.example\/mail\/unsubscribe\/[\w.-]+>$/);
  expect(taken?.header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  expect(taken?.header('auto-submitted')).toBe('auto-generated');
  expect(taken?.header('message-id')).toMatch(/^<[0-9a-f]{40}@studio\.example>$/);
});

test('nothing goes to an address that is not confirmed', async () => {
  const id = await bench.open('PRO');
  await writeAddress(dataSource, id, 'nobody@example.com');
  await addChoice(dataSource, id, 'LOW_BALANCE');
  await spend(id, 90);
  await mails.work();
  await confirmAddress(dataSource, id, 'nobody@example.com', now);
  await mails.work();
  expect(subjects('nobody@example.com')).toEqual([]);
});

test('a period’s reset, a receipt, a declined payment, credits that expired: each is told once', async () => {
  const { id, address } = await open(MAIL_KINDS, { now: START, billingAnchor: START });
  await bench.ledger.submit(grant(id, 40, { expiresAt: START + HOUR }));
  const bought = purchaseOf(await bench.ledger.submit(purchase(id, 'pack.200')));
  await bench.ledger.submit(settle(id, bought.id, paidFact(bought, `pay-${v7()}`)));
  const declined = purchaseOf(await bench.ledger.submit(purchase(id, 'pack.50')));
  await bench.ledger.submit(settle(id, declined.id, { is: 'failed', declineCode: 'card_declined' }));
  await bench.ledger.submit({
    type: 'clock',
    accountId: id,
    actor: { name: 'service:test', member: 'test', closesAny: true },
    to: START + 40 * 24 * HOUR,
  });
  await mails.work();
  await mails.work();
  expect(subjects(address).sort((a = '', b = '') => a.localeCompare(b))).toEqual([
    '[Sandbox] A new period has begun',
    '[Sandbox] Credits have expired',
    `[Sandbox] Receipt: ${bought.packName}`,
    '[Sandbox] Your payment was declined',
  ]);
  const receipt = sentTo(address).find(({ mail }) => mail.subject?.includes('Receipt'));
  expect(receipt?.mail.text).toMatch(/Paid: +\d+\.\d\d USD/);
  expect(receipt?.mail.text).toContain('https://pay.example/receipts/');
  const reset = sentTo(address).find(({ mail }) => mail.subject?.includes('period'));
  expect(reset?.mail.text).toMatch(/Next renewal: +10 March 2026 at 13:00 \(Europe\/Berlin\)/);
});

test('credits that will expire are told of seven, three and one days before', async () => {
  const { id, address } = await open(['EXPIRING'], { now: START, billingAnchor: START });
  const day = 24 * HOUR;
  await bench.ledger.submit(grant(id, 40, { expiresAt: START + 10 * day }));
  for (const to of [2, 5, 8, 9.5]) {
    await bench.ledger.submit({
      type: 'clock',
      accountId: id,
      actor: { name: 'service:test', member: 'test', closesAny: true },
      to: START + to * day,
    });
    await mails.work();
  }
  expect(subjects(address)).toEqual(Array.from({ length: 3 }, () => '[Sandbox] Credits will expire soon'));
  expect(sentTo(address).map(({ mail }) => /40 credits will expire in .*\./.exec(mail.text ?? '')?.[0])).toEqual([
    '40 credits will expire in 7 days.',
    '40 credits will expire in 3 days.',
    '40 credits will expire in a day.',
  ]);
});

describe('a warning that a hold brought', () => {
  test('is taken back when the work failed', async () => {
    const { id, address } = await open(['LOW_BALANCE']);
    const held = await hold(id, 90);
    await mails.work();
    expect(subjects(address)).toEqual([]);
    await bench.ledger.submit(release(id, held));
    await mails.work();
    now += 2 * HOUR;
    await mails.work();
    expect(subjects(address)).toEqual([]);
    expect(await statuses(id)).toEqual(['TAKEN_BACK', 'TAKEN_BACK']);
  });

  test('is sent as soon as the work is done, with what is left then', async () => {
    const { id, address } = await open(['LOW_BALANCE']);
    const held = await hold(id, 90);
    await mails.work();
    await bench.ledger.submit(commit(id, held, { amount: 85 }));
    await mails.work();
    expect(subjects(address)).toEqual(['[Sandbox] 15 credits left']);
  });

  test('is sent after an hour if the hold goes on', async () => {
    const { id, address } = await open(['LOW_BALANCE']);
    const command = reserve(id, { 'image.mid': 9 }, { ttlSeconds: 86_400 });
    await bench.ledger.submit(command);
    await mails.work();
    now += HOUR - 1;
    await mails.work();
    expect(subjects(address)).toEqual([]);
    now += 1;
    await mails.work();
    expect(subjects(address)).toEqual(['[Sandbox] 10 credits left']);
  });

  test('above the threshold and below the margin it waits: when the credits fall again it is sent, once', async () => {
    const { id, address } = await open(['LOW_BALANCE']);
    await bench.ledger.submit(grant(id, 1));
    await spend(id, 80);
    const held = await hold(id, 10);
    await mails.work();
    await bench.ledger.submit(release(id, held));
    await mails.work();
    expect(subjects(address)).toEqual([]);
    await spend(id, 10);
    now += 10 * MINUTE;
    await mails.work();
    expect(subjects(address)).toEqual(['[Sandbox] 11 credits left']);
  });
});

describe('low balances', () => {
  test('at most one mail an hour for a rule, with the newest state in it', async () => {
    const { id, address } = await open(['LOW_BALANCE']);
    await spend(id, 80);
    await mails.work();
    expect(subjects(address)).toEqual(['[Sandbox] 20 credits left']);
    now += 5 * MINUTE;
    await bench.ledger.submit(grant(id, 80));
    await mails.work();
    await spend(id, 80);
    await mails.work();
    await spend(id, 10);
    await mails.work();
    now = START + HOUR - 1;
    await mails.work();
    expect(subjects(address)).toEqual(['[Sandbox] 20 credits left', '[Sandbox] 100 credits available again']);
    now += 1;
    await mails.work();
    expect(subjects(address).slice(2)).toEqual(['[Sandbox] 10 credits left']);
    now += HOUR;
    await mails.work();
    expect(subjects(address)).toHaveLength(3);
  });

  test('nobody is told that credits are back who was not told that they were low', async () => {
    const { id, address } = await open(['LOW_BALANCE']);
    await hold(id, 90);
    await bench.ledger.submit(grant(id, 80));
    await mails.work();
    now += 2 * HOUR;
    await mails.work();
    expect(subjects(address)).toEqual([]);
  });

  test('several rules crossed at once or before a mail went out are one mail, of the most severe', async () => {
    const { id, address } = await open(['LOW_BALANCE']);
    await spend(id, 80);
    await spend(id, 20);
    await mails.work();
    expect(subjects(address)).toEqual(['[Sandbox] No credits left']);
    expect(sentTo(address)[0]?.mail.text).toContain('No credits are left.');
  });
});

test('three refusals of a recipient, one after the other, stop the kind and no other', async () => {
  const { id, address } = await open(['RECEIPTS', 'EXPIRING', 'LOW_BALANCE']);
  const fail = async () => {
    const begun = purchaseOf(await bench.ledger.submit(purchase(id, 'pack.50')));
    await bench.ledger.submit(settle(id, begun.id, { is: 'failed', declineCode: 'card_declined' }));
    await mails.work();
  };
  smtp.refuse(address, 550);
  await fail();
  await fail();
  smtp.refuse(address, null);
  await fail();
  expect(subjects(address)).toHaveLength(1);
  smtp.refuse(address, 550);
  await fail();
  await fail();
  expect((await readPreferences(dataSource, [id])).get(id)?.kinds).toContain('RECEIPTS');
  await fail();
  expect((await readPreferences(dataSource, [id])).get(id)?.kinds).toEqual(new Set(['EXPIRING', 'LOW_BALANCE']));
  await fail();
  expect(await statuses(id)).toEqual(['REFUSED', 'REFUSED', 'SENT', 'REFUSED', 'REFUSED', 'REFUSED']);
  const audited = await dataSource.query<{ action: string; actor: string }[]>(
    'SELECT action, actor FROM audit_entry WHERE account_id = $1 AND action LIKE $2',
    [id, 'email.%'],
  );
  expect(audited).toEqual([{ action: 'email.stopped', actor: 'system' }]);
});

test('a recipient who is refused for now is tried again, later each time, and others do not wait', async () => {
  const first = await open(['LOW_BALANCE']);
  const second = await open(['LOW_BALANCE']);
  smtp.refuse(first.address, 451);
  await spend(first.id, 90);
  await spend(second.id, 90);
  await mails.work();
  expect([subjects(first.address), subjects(second.address)]).toEqual([[], ['[Sandbox] 10 credits left']]);
  smtp.refuse(first.address, null);
  await mails.work();
  expect(subjects(first.address)).toEqual([]);
  now += MINUTE;
  await mails.work();
  expect(subjects(first.address)).toEqual(['[Sandbox] 10 credits left']);
});

test('a mail server that is away loses nothing', async () => {
  const { id, address } = await open(['LOW_BALANCE']);
  await spend(id, 90);
  const away = openSmtpTransport({ url: 'smtp://127.0.0.1:9', from: 'a@studio.example', supportAddress: null });
  await new Mails({ ...options, transport: away }).work();
  away.close();
  expect(errors.splice(0)).toEqual([expect.stringMatching(/^mail server: .*ECONNREFUSED/)]);
  expect(await statuses(id)).toEqual(['WAITING']);
  now += MINUTE;
  await mails.work();
  expect(subjects(address)).toEqual(['[Sandbox] 10 credits left']);
});

test('while a mail is being sent nobody waits for the mail server', async () => {
  const { id, address } = await open(['LOW_BALANCE']);
  await spend(id, 80);
  let isDone = false;
  whileTaken = async () => {
    whileTaken = () => Promise.resolve();
    await spend(id, 20);
    await new Mails({ ...options, transport: null }).work();
    isDone = true;
  };
  await mails.work();
  expect(isDone).toBe(true);
  await mails.work();
  expect(subjects(address)).toEqual(['[Sandbox] 20 credits left', '[Sandbox] No credits left']);
});

test('what a recipient does not want any more is not sent, though it was written', async () => {
  const { id, address } = await open(['LOW_BALANCE']);
  await hold(id, 90);
  await mails.work();
  await removeChoice(dataSource, id, 'LOW_BALANCE');
  now += HOUR;
  await mails.work();
  expect([subjects(address), await statuses(id)]).toEqual([[], ['UNWANTED']]);
});

test('many processes at once send each mail once', async () => {
  const accounts = await Promise.all(Array.from({ length: 20 }, () => open(['LOW_BALANCE'])));
  for (const { id } of accounts) await spend(id, 90);
  await Promise.all(Array.from({ length: 3 }, () => mails.work()));
  await mails.work();
  for (const { address } of accounts) expect(subjects(address)).toHaveLength(1);
});

test('what cannot be written is told and does not keep the others waiting', async () => {
  const [broken, fine] = [await open(['LOW_BALANCE']), await open(['LOW_BALANCE'])];
  await spend(broken.id, 90);
  await spend(fine.id, 90);
  const accounts: MailsOptions['accounts'] = {
    readAll: (ids) =>
      ids.includes(broken.id) ? Promise.reject(new Error('cannot be read')) : options.accounts.readAll(ids),
  };
  await new Mails({ ...options, accounts }).work();
  expect(subjects(fine.address)).toHaveLength(1);
  expect(errors.splice(0)).toEqual([expect.stringMatching(/^mail .*: Error: cannot be read$/)]);
  now += MINUTE;
  await mails.work();
  expect(subjects(broken.address)).toHaveLength(1);
});

test('names that people typed stand in mails as they are written', async () => {
  const { id, address } = await open(['LOW_BALANCE']);
  await dataSource.query(`UPDATE account SET name = '<b>"Bold" & Söhne</b>' WHERE account_id = $1`, [id]);
  await spend(id, 90);
  await mails.work();
  const [taken] = sentTo(address);
  expect(taken?.mail.text).toContain('<b>"Bold" & Söhne</b>');
  expect(taken?.mail.html).toContain('&lt;b&gt;&quot;Bold&quot; &amp; Söhne&lt;/b&gt;');
});

test('a sandbox account is sent a hundred mails a day at most', async () => {
  const { id, address } = await open(['RECEIPTS']);
  await dataSource.query(
    `INSERT INTO mail (account_id, mail_id, message_key, kind, address, event_type, event_version, event_ordinal, credit_type, status, attempts, created_at, send_at, ended_at)
     SELECT $1, gen_random_uuid(), 'k' || n, 'RECEIPTS', $2, 'PURCHASE_PAID', 0, n, 'STANDARD', 'SENT', 1, $3, $3, $3 FROM generate_series(1, 100) n`,
    [id, address, new Date(START)],
  );
  const begun = purchaseOf(await bench.ledger.submit(purchase(id, 'pack.50')));
  await bench.ledger.submit(settle(id, begun.id, { is: 'failed', declineCode: 'card_declined' }));
  await mails.work();
  expect(subjects(address)).toEqual([]);
  expect(await statuses(id)).toContain('UNWANTED');
});
