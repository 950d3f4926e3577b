/**
 * 500 accounts whose owners want to hear of low balances all go low, and a real mail server takes what a server process sends. In the middle
 * of it the process is ended by `kill -9`, again and again, some of the times after the mail server has taken a mail and before the process has heard so.
 * Afterwards each owner has the mail once: none is lost, and one that came twice has the same Message-ID both times.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { parseId } from '../shared/dist/ids.js';
import { createTestDatabase } from '../server/dist/db/test-database.js';
import { freePort } from '../server/dist/testing/test-server.js';
import { startTestSmtp } from '../server/dist/testing/test-smtp.js';
import { Server, signService } from './server.mjs';

const MAILS = 500;
const WAIT_MS_MAX = 120_000;

export async function prove({ bounded, check }) {
  const kills = bounded ? 4 : 20;
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  /** Called with each mail that the mail server has taken, before the sender hears so. */
  let onTaken = () => {};
  const smtp = await startTestSmtp(() => onTaken());
  const settings = { SMTP_URL: smtp.url, MAIL_FROM: 'credits@studio.example' };
  const server = new Server(await freePort(), database.url, { settings, token: await signService() });
  try {
    await server.start();
    const accounts = await openAccounts(server, pool);
    for (let number = 1; number <= kills; number += 1) {
      const at = lowMails(smtp).length + Math.floor(MAILS / (kills + 1));
      await server.wake();
      const reached = new Promise((resolve) => {
        onTaken = async () => {
          if (lowMails(smtp).length < at) return;
          onTaken = () => {};
          // Before it hears that this mail was taken, or at any moment of the few after that.
          if (number % 2 === 0) await server.kill();
          else setTimeout(() => void server.kill(), Math.random() * 20);
          resolve();
        };
      });
      await within(reached, `kill ${number} of ${kills}`);
      await server.closed;
      await server.start();
    }
    onTaken = () => {};
    await server.wake();
    const wanted = new Set(accounts.map(({ address }) => address));
    await within(
      (async () => {
        while (new Set(lowMails(smtp).map(({ to }) => to)).size < wanted.size || (await countWaiting(pool)) > 0)
          await sleep(100);
      })(),
      'all mails',
    );
    const mails = lowMails(smtp);
    const idsOf = groupBy(mails, ({ to }) => to);
    const lost = [...wanted].filter((address) => !idsOf.has(address));
    const twice = [...idsOf].filter(([, some]) => new Set(some.map((one) => one.header('message-id'))).size > 1);
    check(`${kills} kills amid ${MAILS} mails: none is lost`, lost.join(', '));
    check('each owner has one mail, by its Message-ID', twice.map(([address]) => address).join(', '));
    const repeated = mails.length - wanted.size;
    check(
      `${repeated} came twice, at most one a kill`,
      repeated > kills ? `${repeated} repeated after ${kills} kills` : '',
    );
    const foreign = mails.filter(({ to }) => !wanted.has(to));
    check('nobody else got one', foreign.map(({ to }) => to).join(', '));
  } finally {
    await server.kill();
    await smtp.close();
    await pool.end();
    await database.drop();
  }
}

function lowMails({ taken }) {
  return taken.filter(({ mail }) => mail.subject?.endsWith('credits left'));
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

async function countWaiting(pool) {
  const { rows } = await pool.query(
    `SELECT count(*)::integer AS waiting FROM mail WHERE status = 'WAITING' AND kind = 'LOW_BALANCE'`,
  );
  return rows[0].waiting;
}

/** Accounts that have just gone low, each with an address that was confirmed. */
async function openAccounts(server, pool) {
  const accounts = [];
  const next = async () => {
    while (accounts.length < MAILS) {
      const account = { address: `owner${accounts.length}@example.com`, id: '' };
      accounts.push(account);
      account.id = await server.openAccount();
      await pool.query('INSERT INTO mail_address (account_id, address, confirmed_at) VALUES ($1, $2, now())', [
        parseId('acct', account.id),
        account.address,
      ]);
      await pool.query(`INSERT INTO mail_choice (account_id, kind, refusals) VALUES ($1, 'LOW_BALANCE', 0)`, [
        parseId('acct', account.id),
      ]);
      await server.ask(
        'mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { ... on ReservationReceipt { replayed } } }',
        {
          input: {
            accountId: account.id,
            idempotencyKey: 'low',
            operations: [{ operation: 'image.mid', quantity: 9 }],
          },
        },
      );
    }
  };
  await Promise.all(Array.from({ length: 8 }, next));
  return accounts;
}

async function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${WAIT_MS_MAX / 1000} s`)), WAIT_MS_MAX);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
