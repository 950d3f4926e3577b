import { v7 } from 'uuid';
import { HesitantClient } from '../../testing/test-faults.js';
import { createTestLedger, grant, reserve, type TestLedger } from '../../testing/test-ledger.js';
import { verifyLedger } from '../books/verify.js';

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

/** Waits until a session of this database fits the condition. */
async function untilSession(fits: string): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${fits}`;
  while ((await books.pool.query(sql)).rows.length === 0);
}

const HAS_WRITTEN = `state = 'idle in transaction' AND query LIKE '%ledger.write%'`;
const WAITS = `state = 'active' AND wait_event_type = 'Lock'`;

test.each(['remembered by both', 'new to both'])(
  'a writer that comes between what another wrote and its COMMIT waits and decides by that: the account is %s',
  async (seen) => {
    let letGo = (): void => {};
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    let hesitates = false;
    const slow = books.another({
      lanes: 1,
      connect: (config) => new HesitantClient(config, () => (hesitates ? gate : null)),
    });
    const quick = books.another({ lanes: 1 });
    const account = await books.open('PRO');
    if (seen === 'remembered by both')
      for (const writer of [slow, quick]) await writer.submit(grant(account, 1, { key: v7() }));
    hesitates = true;
    const first = slow.submit(reserve(account, { 'regeneration.basic': 60 }));
    await untilSession(HAS_WRITTEN);
    const second = quick.submit(reserve(account, { 'regeneration.basic': 60 }));
    await untilSession(WAITS);
    letGo();
    expect(await first).toMatchObject({ kind: 'reservation' });
    expect(await second).toMatchObject({ kind: 'refused', refusal: { kind: 'InsufficientCredits' } });
    expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
    await Promise.all([slow.close(), quick.close()]);
  },
);
