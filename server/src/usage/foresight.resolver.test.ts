import { startTestApp, type TestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

let keys = 0;
async function spend(accountId: string, operation: string, quantity: number): Promise<void> {
  const { errors } = await server.gql(
    'mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }',
    { input: { accountId, idempotencyKey: `s-${(keys += 1)}`, operations: [{ operation, quantity }] } },
  );
  expect(errors).toBeUndefined();
}

async function move(accountId: string, to: string): Promise<void> {
  await server.gql('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId, to },
  });
}

const FORESIGHT = `query ($id: ID!) { account(id: $id) {
  forecast { insufficientData burnPerDay runsOutAt runsOutEarliestAt runsOutLatestAt lastsUntilReset }
  scans: forecast(creditType: SCAN) { insufficientData burnPerDay }
  planAdvice { insufficientData from to credits options { plan { code } packs { pack { id } quantity } price { amountMinor } covers current } } } }`;

async function foresight(id: string) {
  const { data, errors } = await server.gql<{
    account: Record<'forecast' | 'scans', Record<string, unknown>> & {
      planAdvice: { options: { plan: { code: string } }[]; [field: string]: unknown };
    };
  }>(FORESIGHT, { id });
  expect(errors).toBeUndefined();
  if (data == null) throw new Error('no answer');
  return data.account;
}

test('a new account says that it knows too little', async () => {
  const { forecast, scans, planAdvice } = await foresight(await server.openAccount());
  const nothing = {
    burnPerDay: null,
    runsOutAt: null,
    runsOutEarliestAt: null,
    runsOutLatestAt: null,
    lastsUntilReset: null,
  };
  expect(forecast).toEqual({ insufficientData: true, ...nothing });
  expect(scans).toEqual({ insufficientData: true, burnPerDay: null });
  expect(planAdvice).toEqual({
    insufficientData: true,
    from: '2025-12-03',
    to: '2026-01-01',
    credits: 0,
    options: [],
  });
});

test('a month of five a day: how long it lasts, and which plan suits', async () => {
  const accountId = await server.openAccount({ timeZone: 'Asia/Tokyo' });
  for (let day = 1; day <= 16; day++) {
    await spend(accountId, 'image.short', 1);
    await move(accountId, `2026-01-${String(day + 1).padStart(2, '0')}T00:00:00Z`);
  }
  // 100 - 16 x 5 are left on the 17th, and fourteen whole days had 5 each: four days.
  const { forecast, planAdvice } = await foresight(accountId);
  const out = '2026-01-21T00:00:00.000Z';
  expect(forecast).toEqual({
    insufficientData: false,
    burnPerDay: 5,
    runsOutAt: out,
    runsOutEarliestAt: out,
    runsOutLatestAt: out,
    lastsUntilReset: false,
  });
  expect(planAdvice).toEqual({
    insufficientData: false,
    from: '2025-12-19',
    to: '2026-01-17',
    credits: 80,
    options: [
      { plan: { code: 'PRO' }, packs: [], price: { amountMinor: 2_900 }, covers: true, current: true },
      { plan: { code: 'ENTERPRISE' }, packs: [], price: { amountMinor: 12_900 }, covers: true, current: false },
      { plan: { code: 'FREE' }, packs: [], price: { amountMinor: 0 }, covers: false, current: false },
    ],
  });
  expect(await foresight(accountId)).toEqual({ forecast, scans: expect.anything() as unknown, planAdvice });
  await move(accountId, '2026-02-01T00:00:00Z');
  expect((await foresight(accountId)).forecast).toMatchObject({ insufficientData: true });
});

test('neither is told to whom may not read the account', async () => {
  const accountId = await server.openAccount();
  const own = await server.openAccount();
  for (const field of ['forecast { insufficientData }', 'planAdvice { insufficientData }']) {
    const query = `query ($id: ID!) { account(id: $id) { ${field} } }`;
    expect(errorsOf(await server.gql(query, { id: accountId }, await server.userToken(own)))).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    expect((await server.gql(query, { id: own }, await server.userToken(own, 'viewer'))).errors).toBeUndefined();
  }
});
