import pg from 'pg';
import { v7 } from 'uuid';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../db/data-source.js';
import { ledgerTypes, ISO_IN_UTC } from '../db/ledger-types.js';
import type { Command } from '../ledger/core/commands.js';
import type { Ledger } from '../ledger/core/ledger.js';
import type { PurchaseState } from '../ledger/core/purchase.js';
import { AccountReader } from '../ledger/graph/read-account.js';
import { clock, createTestLedger, type TestLedger } from '../testing/test-ledger.js';
import { paidFact, PROVIDER, purchase, purchaseOf, settle } from '../testing/test-purchases.js';
import { closeVerified } from '../testing/test-verified.js';
import { boughtBy, setTopUp } from '../testing/test-top-ups.js';
import { fulfil } from './fulfil.js';
import { MethodRemovals } from './method-removals.js';
import { openPurchaseCheckout } from './open-purchase-checkout.js';
import { PaymentProviders } from './payment-providers.js';
import { reconcile, reconcileAccount, type ReconcileDeps } from './reconcile.js';
import { SandboxCheckout } from './sandbox/sandbox-checkout.js';
import { SandboxProvider } from './sandbox/sandbox-provider.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const ERA = { id: v7(), publicId: 'hist_test', forkedAfter: 0 };

let books: TestLedger;
let dataSource: DataSource;
let reader: pg.Pool;
let sandbox: SandboxProvider;
const errors: unknown[] = [];

beforeAll(async () => {
  books = await createTestLedger();
  dataSource = await createDataSource({ url: books.url, applicationName: 'reconcile-test' }).initialize();
  reader = new pg.Pool({ connectionString: books.url, types: ledgerTypes, options: ISO_IN_UTC, max: 4 });
  sandbox = new SandboxProvider({ dataSource, nextId: v7 });
});
afterEach(async () => {
  // Whatever a test left open is not the next one's.
  await books.pool.query('UPDATE purchase SET is_settled = true');
  errors.length = 0;
});
afterAll(async () => {
  await reader.end();
  await dataSource.destroy();
  await closeVerified(books);
});

/** Billing over a ledger, or over one that is killed before some command: whatever was to come after it never does. */
function billing(ledger: Pick<Ledger, 'submit'> = books.ledger): ReconcileDeps {
  const providers = new PaymentProviders([sandbox]);
  const onError = (error: unknown): void => void errors.push(error);
  const accounts = new AccountReader({ reader, ledger: books.ledger, history: { present: ERA } });
  const providerOf = providers.of.bind(providers);
  const removals = new MethodRemovals({ dataSource, reader, accounts, providerOf });
  const deps = { ledger, nextId: v7, providerOf, removals, onUnknown: onError, onError };
  return {
    ledger,
    providers,
    providerOf: deps.providerOf,
    publicUrl: () => 'https://credits.example',
    reader,
    dataSource,
    accounts,
    removals,
    tell: (fact) => fulfil(deps, fact),
    onError,
  };
}

class Killed extends Error {}

function killedAt(type: Command['type']): Pick<Ledger, 'submit'> {
  return {
    submit: (command) => (command.type === type ? Promise.reject(new Killed(type)) : books.ledger.submit(command)),
  };
}

async function begin(account: string): Promise<PurchaseState> {
  return purchaseOf(await books.ledger.submit(purchase(account, 'pack.200')));
}

async function pay(
  deps: ReconcileDeps,
  { checkoutUrl }: PurchaseState,
  outcome: 'succeed' | 'never',
): Promise<unknown> {
  const checkout = new SandboxCheckout({ dataSource, nextId: v7, tell: deps.tell });
  const token = (checkoutUrl ?? '').slice('/checkout/'.length);
  return checkout.choose(token, { outcome, card: '4242', saves: false });
}

async function read({ accountId, id }: PurchaseState): Promise<Record<string, unknown>> {
  const { rows } = await books.pool.query<Record<string, unknown>>(
    `SELECT status, is_settled, checkout_ref, payment_id,
        (SELECT count(*) FROM credit_grant g WHERE g.account_id = p.account_id AND g.purchase_id = p.purchase_id)::integer AS grants
      FROM purchase p WHERE account_id = $1 AND purchase_id = $2`,
    [accountId, id],
  );
  return rows[0] ?? {};
}

async function askAgain(): Promise<void> {
  await books.pool.query(`UPDATE payment_watch SET ask_at = '2000-01-01'`);
}

/** How often the sandbox was asked under each key. */
async function callsOf(account: string): Promise<Record<string, number>> {
  const { rows } = await books.pool.query<{ key: string; calls: number }>(
    'SELECT key, calls FROM sandbox_call WHERE account_id = $1',
    [account],
  );
  return Object.fromEntries(rows.map(({ key, calls }) => [key.split(':')[0] ?? '', calls]));
}

test('a process that ends before the checkout is opened, or before that is remembered: it is opened, once for the provider', async () => {
  const account = await books.open('PRO');
  const bought = await begin(account);
  await expect(openPurchaseCheckout(billing(killedAt('open-checkout')), bought, null)).rejects.toThrow(Killed);
  expect(await read(bought)).toMatchObject({ checkout_ref: null });
  await reconcile(billing());
  expect(await read(bought)).toMatchObject({ status: 'PENDING', checkout_ref: bought.id });
  expect(await callsOf(account)).toEqual({ checkout: 2 });
  const { rows } = await books.pool.query('SELECT FROM sandbox_order WHERE account_id = $1', [account]);
  expect(rows).toHaveLength(1);
});

test('a payment that nobody told of is found, once, by any number of processes at once', async () => {
  const account = await books.open('PRO');
  const opened = await openPurchaseCheckout(billing(), await begin(account), null);
  await pay(billing(), opened, 'never');
  expect(await read(opened)).toMatchObject({ status: 'PENDING', grants: 0 });
  const rounds = await Promise.all(Array.from({ length: 5 }, () => reconcile(billing())));
  // One that has listed it before another settled it may ask once more, which changes nothing.
  expect(rounds.reduce((sum, looked) => sum + looked, 0)).toBeGreaterThanOrEqual(1);
  expect(await read(opened)).toMatchObject({ status: 'PAID', is_settled: true, grants: 2 });
  expect((await books.pool.query('SELECT FROM payment_watch WHERE account_id = $1', [account])).rowCount).toBe(0);
});

test('a process that ends before a payment is written: the next round writes it, and the late word changes nothing', async () => {
  const account = await books.open('PRO');
  const opened = await openPurchaseCheckout(billing(), await begin(account), null);
  await expect(pay(billing(killedAt('settle-purchase')), opened, 'succeed')).rejects.toThrow(Killed);
  await reconcile(billing(killedAt('settle-purchase')));
  expect(errors).toEqual([expect.any(Killed)]);
  expect(await read(opened)).toMatchObject({ status: 'PENDING', grants: 0 });
  expect(await reconcile(billing())).toBe(0);
  await askAgain();
  await Promise.all([reconcile(billing()), pay(billing(), opened, 'succeed')]);
  expect(await read(opened)).toMatchObject({ status: 'PAID', grants: 2 });
});

test('what nobody pays is asked about later and later, and canceled for good when the provider says so', async () => {
  const account = await books.open('PRO', { now: START });
  const opened = await openPurchaseCheckout(billing(), await begin(account), null);
  const waits: number[] = [];
  for (let round = 0; round < 9; round++) {
    expect(await reconcile(billing())).toBe(1);
    const { rows } = await books.pool.query<{ minutes: number }>(
      `SELECT round(extract(epoch FROM ask_at - clock_timestamp()) / 60)::integer AS minutes FROM payment_watch WHERE account_id = $1`,
      [account],
    );
    waits.push(rows[0]?.minutes ?? 0);
    await askAgain();
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  await books.ledger.submit(clock(account, START + 24 * HOUR));
  expect(await read(opened)).toMatchObject({ status: 'CANCELED', is_settled: false });
  await reconcile(billing());
  expect(await read(opened)).toMatchObject({ status: 'CANCELED', is_settled: true });
  expect(await reconcile(billing())).toBe(0);
});

test('what was paid in time and told by nobody still counts when the purchase has ended', async () => {
  const account = await books.open('PRO', { now: START });
  const opened = await openPurchaseCheckout(billing(), await begin(account), null);
  await pay(billing(), opened, 'never');
  await books.ledger.submit(clock(account, START + 48 * HOUR));
  expect(await read(opened)).toMatchObject({ status: 'CANCELED' });
  expect(await reconcileAccount(billing(), account)).toBe(true);
  expect(await read(opened)).toMatchObject({ status: 'PAID', grants: 2 });
});

test('money that has to go back is sent once, wherever a process ends', async () => {
  const account = await books.open('PRO');
  const opened = await openPurchaseCheckout(billing(), await begin(account), null);
  await pay(billing(), opened, 'succeed');
  // Somebody paid a second time at the provider.
  await dataSource.query(
    `INSERT INTO sandbox_payment (account_id, payment_id, order_id, amount_minor, currency) VALUES ($1, 'second', $2, 3200, 'USD')`,
    [account, opened.id],
  );
  const twice = settle(account, opened.id, paidFact(opened, 'second'));
  await books.ledger.submit(twice);
  const unsent = async () =>
    (await books.pool.query('SELECT FROM refund WHERE account_id = $1 AND ref IS NULL', [account])).rowCount;
  expect(await unsent()).toBe(1);
  await reconcile(billing(killedAt('send-refund')));
  expect([await unsent(), errors]).toEqual([1, [expect.any(Killed)]]);
  await askAgain();
  await reconcile(billing());
  expect(await unsent()).toBe(0);
  expect(await callsOf(account)).toMatchObject({ refund: 2 });
  const { rows } = await books.pool.query('SELECT payment_id, amount_minor FROM sandbox_refund WHERE account_id = $1', [
    account,
  ]);
  expect(rows).toEqual([{ payment_id: 'second', amount_minor: 3200 }]);
});

test('a provider that is not configured any more is said aloud, and the others are looked after', async () => {
  const [account, other] = [await books.open('PRO'), await books.open('PRO')];
  const lost = await begin(account);
  await books.pool.query(`UPDATE purchase SET provider = 'stripe' WHERE purchase_id = $1`, [lost.id]);
  const bought = await begin(other);
  await reconcile(billing());
  expect(errors.map(String)).toEqual(['PaymentsDown: stripe is not configured']);
  expect(await read(bought)).toMatchObject({ checkout_ref: bought.id });
});

describe('what auto top-up buys', () => {
  /** A sandbox account with a card that the provider knows, whose auto top-up has just begun a purchase. */
  async function toppedUp(): Promise<string> {
    const account = await books.open('PRO', { now: START });
    const opened = await sandbox.openCheckout({
      accountId: account,
      kind: 'method',
      orderId: v7(),
      title: 'Save a payment method',
      price: null,
      subscribes: null,
      savesMethod: true,
      returnUrl: 'https://credits.example/billing',
      expiresAt: START + HOUR,
      customerRef: null,
    });
    const checkout = new SandboxCheckout({ dataSource, nextId: v7, tell: billing().tell });
    await checkout.choose(opened.url.slice('/checkout/'.length), { outcome: 'succeed', card: '4242', saves: true });
    await books.ledger.submit(setTopUp(account, { threshold: 100 }));
    return account;
  }
  const ended = async (account: string) => (await boughtBy(books, account)).map(({ status }) => status);
  const paymentsOf = async (account: string) =>
    (await books.pool.query('SELECT FROM sandbox_payment WHERE account_id = $1', [account])).rowCount;

  test('a process that ends after the charge and before it is told: it is told later, and charged once', async () => {
    const account = await toppedUp();
    await reconcile(billing(killedAt('settle-purchase')));
    expect([await ended(account), await paymentsOf(account), errors.length]).toEqual([['PENDING'], 1, 1]);
    await askAgain();
    await reconcile(billing());
    expect([await ended(account), await paymentsOf(account)]).toEqual([['PAID'], 1]);
    expect(await callsOf(account)).toMatchObject({ charge: 2 });
  });

  test('many processes at once charge it once', async () => {
    const account = await toppedUp();
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 4 }, () => reconcile(billing())));
      await askAgain();
    }
    expect([await ended(account), await paymentsOf(account)]).toEqual([['PAID'], 1]);
  });

  test('a method that is left and not forgotten yet is forgotten by the job', async () => {
    const account = await toppedUp();
    await reconcile(billing());
    const { removals } = billing();
    await (removals as MethodRemovals).expect(account);
    await books.ledger.submit({ type: 'remove-method', accountId: account, actor: PROVIDER });
    await reconcile(billing());
    const { rows } = await books.pool.query('SELECT is_forgotten FROM sandbox_method WHERE account_id = $1', [account]);
    expect(rows).toEqual([{ is_forgotten: true }]);
  });
});
