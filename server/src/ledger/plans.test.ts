import { balanceOf } from './core/balance.js';
import { createTestLedger, clock, grant, SERVICE, type TestLedger } from '../testing/test-ledger.js';
import { Scenario } from '../testing/test-scenario.js';
import { verifyLedger } from './books/verify.js';

/** How to read these tables: see `Scenario`. `plan PRO` asks for a plan; `plan FREE next PRO` is what is in force and what takes over. */
let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

function scenario(name: string, table: string): void {
  test(name, async () => {
    const { expected, actual } = await new Scenario(books).play(table);
    expect(actual).toEqual(expected);
  });
}

describe('up', () => {
  scenario(
    'at once, on the same anchor: the difference as an upgrade until the boundary, then the whole allowance',
    `
    open PRO at 2026-01-31T10:00:00Z            -> available 100 allowance 100 version 1
    spend S1 30                                 -> available 70 used 30
    clock +10d
    plan ENTERPRISE                             -> plan ENTERPRISE next - ; since 2026-02-10T10:00:00.000Z ; available 470 allowance 500 allowanceLeft 470 used 30 ; period 0 ; resets 2026-02-28T10:00:00.000Z ; entries GRANT:400:allowance ; events PLAN_CHANGED
    clock boundary                              -> available 500 allowance 500 used 0 ; period 1 ; resets 2026-03-31T10:00:00.000Z ; entries EXPIRE:70:allowance EXPIRE:400:allowance GRANT:500:allowance ; events PERIOD_RESET
    `,
  );
  scenario(
    'what was to take over is forgotten by going up',
    `
    open PRO
    plan FREE                                   -> plan PRO next FREE
    plan ENTERPRISE                             -> plan ENTERPRISE next - ; available 500
    clock boundary                              -> plan ENTERPRISE next - ; available 500
    `,
  );
  scenario(
    'open holds stay, and what they give back of the allowance is there',
    `
    open PRO
    reserve R1 60 ttl 24h                       -> available 40 held 60
    plan ENTERPRISE                             -> available 440 held 60 ; R1 HELD held 60
    commit R1 10                                -> available 490 used 10
    `,
  );
  scenario(
    'another plan is a start: rules take a new base and arm again, judged once',
    `
    open PRO
    spend S1 90                                 -> available 10 level LOW ; marks BALANCE_LOW:LOW:20
    plan ENTERPRISE                             -> available 410 level OK ; marks BALANCE_RECOVERED:LOW:20
    spend S2 327                                -> available 83 level OK ; marks
    spend S3 1                                  -> available 82 level LOW ; marks BALANCE_LOW:LOW:82
    `,
  );
});

describe('down', () => {
  scenario(
    'at the boundary: nothing moves until then, and nothing is told',
    `
    open ENTERPRISE at 2026-01-15T00:00:00Z
    plan PRO                                    -> plan ENTERPRISE next PRO ; since 2026-02-15T00:00:00.000Z ; available 500 version 2 ; entries ; events
    clock boundary-1ms                          -> plan ENTERPRISE next PRO ; available 500
    `,
  );
  scenario(
    'the reset puts the next plan in force and grants its allowance',
    `
    open ENTERPRISE at 2026-01-15T00:00:00Z
    plan PRO
    clock boundary                              -> plan PRO next - ; available 100 allowance 100 ; period 1 ; events PLAN_CHANGED PERIOD_RESET
    clock boundary                              -> plan PRO next - ; available 100 ; period 2 ; events PERIOD_RESET
    `,
  );
  scenario(
    'taken back by asking for the present plan; nothing is granted for it',
    `
    open ENTERPRISE                             -> version 1
    plan PRO                                    -> version 2
    plan ENTERPRISE                             -> plan ENTERPRISE next - ; available 500 version 3 ; events
    clock boundary                              -> plan ENTERPRISE next - ; available 500 ; events PERIOD_RESET
    `,
  );
  scenario(
    'down and up again grants nothing twice, however often',
    `
    open PRO
    plan ENTERPRISE                             -> available 500 allowance 500
    plan PRO                                    -> plan ENTERPRISE next PRO ; available 500
    plan ENTERPRISE                             -> plan ENTERPRISE next - ; available 500 allowance 500
    plan FREE                                   -> plan ENTERPRISE next FREE
    plan PRO                                    -> plan ENTERPRISE next PRO
    plan ENTERPRISE                             -> plan ENTERPRISE next - ; available 500 allowance 500
    `,
  );
  scenario(
    'to FREE at the boundary: bought credits wait then, without an entry, and what the plan granted ends',
    `
    open PRO
    grant G1 40 source PURCHASE                 -> available 140 purchased 40
    plan FREE                                   -> plan PRO next FREE ; available 140 waiting 0
    clock boundary                              -> plan FREE next - ; available 0 purchased 0 waiting 40 allowance 0 level EMPTY ; entries EXPIRE:100:allowance ; events GRANT_ADDED PLAN_CHANGED PERIOD_RESET BALANCE_LOW:EMPTY
    `,
  );
  scenario(
    'holds stay open across the change, and give back to what waits',
    `
    open PRO
    grant G1 40 source PURCHASE
    clock boundary-1h
    reserve R1 regeneration.basic*120 ttl 24h   -> available 20 held 120
    plan FREE
    clock boundary                              -> plan FREE next - ; available 0 held 120 waiting 20 ; R1 HELD held 120
    release R1                                  -> available 0 held 0 waiting 40 ; G1 available 40
    `,
  );
});

describe('from FREE', () => {
  scenario(
    'a period of its own begins, the anchor moves, and what waited is usable in the same step',
    `
    open PRO at 2026-01-31T10:00:00Z
    grant G1 40 source PURCHASE
    plan FREE
    clock boundary                              -> plan FREE next - ; period 1 ; available 0 waiting 40 ; resets 2026-03-31T10:00:00.000Z ; events GRANT_ADDED PLAN_CHANGED PERIOD_RESET BALANCE_LOW:EMPTY
    clock 2026-03-15T12:00:00Z
    plan PRO                                    -> plan PRO next - ; since 2026-03-15T12:00:00.000Z ; period 2 ; available 140 waiting 0 allowance 100 used 0 ; resets 2026-04-15T12:00:00.000Z ; entries GRANT:100:allowance ; events PLAN_CHANGED PERIOD_RESET BALANCE_RECOVERED:EMPTY
    clock boundary                              -> period 3 ; resets 2026-05-15T12:00:00.000Z
    `,
  );
  scenario(
    'the 31st: later boundaries count from the new anchor, the day clamped to the month',
    `
    open FREE at 2026-01-05T00:00:00Z
    clock 2026-01-31T23:30:00Z
    plan PRO                                    -> period 1 ; resets 2026-02-28T23:30:00.000Z
    clock boundary                              -> period 2 ; resets 2026-03-31T23:30:00.000Z
    clock boundary                              -> period 3 ; resets 2026-04-30T23:30:00.000Z
    `,
  );
  scenario(
    'the new period may end before the old one would have: it ends then, and not later',
    `
    open FREE at 2026-01-28T23:59:00Z           -> resets 2026-02-28T23:59:00.000Z
    clock 2026-01-29T00:30:00Z
    plan PRO                                    -> resets 2026-02-28T00:30:00.000Z ; period 1
    clock 2026-02-28T00:30:00Z                  -> period 2 ; available 100
    `,
  );
  scenario(
    'spent credits of the FREE period are not used ones of the new',
    `
    open FREE
    grant G1 10
    spend S1 4                                  -> used 4 available 6
    plan ENTERPRISE                             -> used 0 available 506 allowance 500 ; period 1
    `,
  );
});

describe('what is so already, and keys', () => {
  scenario(
    'the plan in force, or the one that takes over: a receipt that changes nothing',
    `
    open PRO                                    -> version 1
    plan PRO key a                              -> plan PRO next - ; since 2026-01-01T00:00:00.000Z ; version 1 ; fresh
    plan PRO key a                              -> replayed ; version 1
    plan FREE key b                             -> version 2 ; fresh
    plan FREE key c                             -> plan PRO next FREE ; since 2026-02-01T00:00:00.000Z ; version 2 ; fresh
    plan ENTERPRISE key c                       -> IdempotencyConflict plan ; version 2
    `,
  );
  scenario(
    'a key answers what was decided first, the account as it is now',
    `
    open PRO
    plan ENTERPRISE key up                      -> since 2026-01-01T00:00:00.000Z ; available 500
    spend S1 100
    clock +3d
    plan ENTERPRISE key up                      -> replayed ; since 2026-01-01T00:00:00.000Z ; available 400
    `,
  );
  scenario(
    'whoever has to pay is told that nothing can be paid; going down costs nothing',
    `
    open PRO
    plan ENTERPRISE pays by ann key p           -> PaymentsUnavailable ; plan PRO next - ; version 1
    plan ENTERPRISE pays by ann key p           -> replayed
    plan FREE pays by ann                       -> plan PRO next FREE
    plan PRO pays by ann                        -> plan PRO next -
    `,
  );
});

describe('at once by several', () => {
  test('two that go up at once: one upgrade is granted, the other is answered as it then is', async () => {
    const account = await books.open('PRO');
    const writers = [books.ledger, books.another()];
    const ask = (writer: number, key: string) =>
      writers[writer]?.submit({
        type: 'change-plan',
        accountId: account,
        actor: SERVICE,
        keyed: { key, scope: 'change-plan|server', input: { plan: 'ENTERPRISE' } },
        plan: 'ENTERPRISE',
        payment: null,
      });
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, index) => ask(index % 2, `k${index}`)));
    const answered = outcomes.map(
      (outcome) => outcome?.kind === 'plan' && balanceOf(outcome.account, 'STANDARD').available,
    );
    expect(answered).toEqual(Array.from({ length: 10 }, () => 500));
    const { rows } = await books.pool.query<{ grants: number; version: number }>(
      `SELECT (SELECT count(*) FROM credit_grant g WHERE g.account_id = a.account_id AND g.source = 'UPGRADE') AS grants, version
        FROM ledger_account a WHERE account_id = $1`,
      [account],
    );
    expect(rows).toEqual([{ grants: 1, version: 2 }]);
    expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
  });

  test.each(['ENTERPRISE', 'FREE'] as const)(
    'a change to %s asked at the instant of a reset is decided in the period that begins',
    async (plan) => {
      const account = await books.open('PRO', { now: Date.UTC(2026, 0, 1) });
      await books.ledger.submit(grant(account, 7));
      const boundary = Date.UTC(2026, 1, 1);
      const [moved, changed] = await Promise.all([
        books.ledger.submit(clock(account, boundary)),
        books.ledger.submit({
          type: 'change-plan',
          accountId: account,
          actor: SERVICE,
          keyed: { key: 'k', scope: 'change-plan|server', input: { plan } },
          plan,
          payment: null,
        }),
      ]);
      expect([moved.kind, changed.kind]).toEqual(['account', 'plan']);
      if (changed.kind !== 'plan') return;
      expect([changed.account.period.number, changed.effectiveAt]).toEqual([
        1,
        plan === 'FREE' ? Date.UTC(2026, 2, 1) : boundary,
      ]);
      expect(balanceOf(changed.account, 'STANDARD').available).toBe(plan === 'FREE' ? 107 : 507);
      expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
    },
  );
});

describe('the books say when a plan or a period is not what was asked and told', () => {
  test.each([
    [
      'another plan',
      `UPDATE ledger_account SET plan = 'ENTERPRISE' WHERE account_id = $1`,
      /plan is ENTERPRISE, replayed PRO/,
    ],
    [
      'a plan that takes over',
      `UPDATE ledger_account SET next_plan = 'FREE' WHERE account_id = $1`,
      /next plan is FREE, replayed null/,
    ],
    [
      'an anchor',
      `UPDATE ledger_account SET anchor_at = anchor_at - interval '1 day' WHERE account_id = $1`,
      /anchor is \d+, replayed \d+/,
    ],
    [
      'a period',
      `UPDATE ledger_account SET period_number = 7 WHERE account_id = $1`,
      /number of the period is 7, replayed 1/,
    ],
    [
      'an allowance',
      `UPDATE ledger_account SET standard_allowance = 101 WHERE account_id = $1`,
      /allowance is 101, replayed 100/,
    ],
    [
      'a change that nobody told',
      `DELETE FROM event WHERE account_id = $1 AND type = 'PLAN_CHANGED'`,
      /ordinal|PLAN_CHANGED|plan/,
    ],
  ] as const)('%s', async (_, sql, says) => {
    const account = await books.open('FREE');
    await books.ledger.submit({
      type: 'change-plan',
      accountId: account,
      actor: SERVICE,
      keyed: { key: 'k', scope: 'change-plan|server', input: { plan: 'PRO' } },
      plan: 'PRO',
      payment: null,
    });
    expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
    const client = await books.pool.connect();
    await client.query('SET session_replication_role = replica');
    expect((await client.query(sql, [account])).rowCount).toBe(1);
    await client.query('RESET session_replication_role');
    client.release();
    expect((await verifyLedger({ ...books, accountIds: [account] })).problems.join('\n')).toMatch(says);
  });
});
