import { seeded } from '../testing/test-history.js';
import type { TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';
import type { RawSocket } from '../testing/test-socket.js';
import { until } from '../testing/test-until.js';

/** More than a suite has time for: QUOTE_STEPS=1000. */
const STEPS = Number(process.env['QUOTE_STEPS'] ?? 60);

let server: TestApp;
let other: TestApp;
beforeAll(async () => {
  server = await startTestApp();
  other = await server.another();
});
afterAll(() => server.close());

type Fields = Readonly<Record<string, unknown>>;

const OPERATION = 'code name credits';
const QUOTED = `__typename ... on Problem { message } ... on InvalidAmount { field } ... on OperationUnknown { operation }
  ... on OperationNotInPlan { operation plan upgrade { code } }
  ... on Quote { token expiresAt priceListVersion creditType total sufficient shortfall availableAfter lowAfter allowed setAside
    lines { operation { ${OPERATION} } quantity unitCredits credits affordableQuantity }
    balance { id available held used allowance allowanceLeft purchased promotional waiting usedPercent level nextResetAt version history asOf }
    blockedBy { message budgetId limit consumed held needed resetsAt version } alternatives { ${OPERATION} } smallestPack { id } upgrade { code } }`;
const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { ${QUOTED} } }`;
const CHANGED = `subscription ($input: QuoteInput!) { quoteChanged(input: $input) { ${QUOTED} } }`;

let keys = 0;
const nextKey = () => `key-${(keys += 1)}`;

/** What is news of a quote. */
function news(quote: unknown): string {
  const isNoNews = ['token', 'expiresAt', 'priceListVersion', 'version', 'asOf'];
  return JSON.stringify(quote, (name, value: unknown) => (isNoNews.includes(name) ? undefined : value));
}

async function mutate(name: string, type: string, input: Fields, token?: string, key = ''): Promise<Fields> {
  const answer = await server.gql<Record<string, Fields>>(
    `mutation ($input: ${type}!) { ${name}(input: $input${key}) { __typename ${
      /reserve|spend/i.test(name) ? '... on ReservationReceipt { reservation { id } }' : ''
    } } }`,
    { input },
    token,
  );
  if (answer.data == null) throw new Error(JSON.stringify(answer.errors));
  return answer.data[name] as Fields;
}

const ask = async (input: Fields, token?: string) =>
  (await server.gql<{ quote: Fields }>(QUOTE, { input }, token)).data?.quote as Fields;

/** A live quote as a client sees it. */
class Watch {
  readonly told: Fields[] = [];
  readonly openedAt = performance.now();

  private constructor(readonly socket: RawSocket) {
    socket.ws.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as {
        type: string;
        payload?: { data?: { quoteChanged: Fields } };
      };
      const quote = payload?.data?.quoteChanged;
      if (type !== 'next' || quote === undefined) return;
      this.told.push(quote);
    });
  }

  static async open(at: TestApp, token: string, input: Fields): Promise<Watch> {
    const watch = new Watch(await at.signedIn(token));
    watch.socket.subscribe(CHANGED, { input });
    return watch;
  }

  async has(count: number): Promise<Fields> {
    await until(
      () => this.told.length >= count,
      undefined,
      () => JSON.stringify(this.told.at(-1)),
    );
    return this.told[count - 1] as Fields;
  }
}

/** Why a live quote is refused on a socket. */
async function refusedOn(socket: RawSocket, input: Fields): Promise<unknown> {
  socket.subscribe(CHANGED, { input });
  const { type, payload } = await socket.next();
  const errors = type === 'error' ? payload : (payload as { errors: unknown }).errors;
  return errorsOf({ errors: errors as never })[0];
}

test(`quoteChanged and quote agree after every step of ${STEPS}, in both processes, and no push is missing at the end`, async () => {
  const random = seeded(20);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const accountId = await server.openAccount({ plan: 'PRO', timeZone: 'Europe/Berlin' });
  let now = Date.UTC(2026, 0, 1);
  const questions: Fields[] = [
    { accountId, operations: [{ operation: 'image.short', quantity: 3 }, { operation: 'image.long' }] },
    { accountId, operations: [{ operation: 'regeneration.basic' }], project: 'spring', member: 'ann' },
    { accountId, operations: [{ operation: 'video.mid', quantity: 2 }], member: 'ben' },
  ];
  const watches = await Promise.all(
    questions.flatMap((input) => [server, other].map((at) => Watch.open(at, server.serviceToken, input))),
  );
  const holds: string[] = [];
  const work = () => ({
    accountId,
    idempotencyKey: nextKey(),
    operations: [
      { operation: pick(['image.short', 'image.mid', 'regeneration.basic']), quantity: 1 + Math.floor(random() * 3) },
    ],
    member: pick(['ann', 'ben']),
    project: pick(['spring', null]),
  });
  const budgets = [
    { name: 'each', eachMember: true, window: 'HOUR' },
    { name: 'spring', project: 'spring', window: 'DAY' },
    { name: 'kept', project: 'autumn', setAside: true },
  ];
  // The other process sees a list that it did not publish within seconds, so that this step is rare.
  const publish = () =>
    mutate(
      'publishPriceList',
      'PublishPriceListInput',
      {
        sandbox: true,
        idempotencyKey: nextKey(),
        prices: [{ operation: 'image.short', credits: 4 + Math.floor(random() * 3) }],
      },
      server.operatorToken,
    );
  const steps: (() => Promise<unknown>)[] = [
    async () => {
      const { reservation } = await mutate('reserveCredits', 'ReserveCreditsInput', { ...work(), ttlSeconds: 900 });
      if (reservation !== undefined) holds.push((reservation as { id: string }).id);
    },
    () => mutate('spendCredits', 'SpendCreditsInput', work()),
    async () => {
      if (holds.length === 0) return;
      const input = {
        reservationId: pick(holds),
        idempotencyKey: nextKey(),
        operations: [{ operation: 'image.short' }],
      };
      await mutate('addToReservation', 'AddToReservationInput', input);
    },
    async () => {
      if (holds.length === 0) return;
      const [reservationId] = holds.splice(Math.floor(random() * holds.length), 1);
      await mutate('releaseReservation', 'ReleaseReservationInput', { reservationId, idempotencyKey: nextKey() });
    },
    () =>
      mutate(
        'grantCredits',
        'GrantCreditsInput',
        { accountId, idempotencyKey: nextKey(), credits: 1 + Math.floor(random() * 30), reason: 'test' },
        server.operatorToken,
      ),
    async () => {
      now += pick([20_000, 9 * 60_000, 3_600_000, 86_400_000, 20 * 86_400_000]);
      await mutate('advanceTestClock', 'AdvanceTestClockInput', { accountId, to: new Date(now).toISOString() });
    },
    () =>
      mutate(
        'setBudget',
        'SetBudgetInput',
        { accountId, ...pick(budgets), limit: Math.floor(random() * 40) },
        undefined,
        `, idempotencyKey: "${nextKey()}"`,
      ),
    publish,
    () =>
      mutate('changePlan', 'ChangePlanInput', {
        accountId,
        plan: pick(['PRO', 'ENTERPRISE', 'FREE']),
        idempotencyKey: nextKey(),
      }),
  ];
  for (let step = 0; step < STEPS; step++) {
    await pick(step % 20 === 19 ? steps : steps.filter((one) => one !== publish))();
    const quoted = await Promise.all(questions.map((input) => ask(input)));
    await until(
      () => watches.every(({ told }, index) => news(told.at(-1)) === news(quoted[Math.floor(index / 2)])),
      undefined,
      () => watches.map(({ told }, index) => `${news(told.at(-1))}\n${news(quoted[Math.floor(index / 2)])}`).join('\n'),
    );
  }
  const shown = questions.map((input) => ask(input));
  for (const [index, quote] of (await Promise.all(shown)).entries())
    for (const { told } of watches.slice(index * 2, index * 2 + 2)) expect(news(told.at(-1))).toBe(news(quote));
  for (const { told, openedAt, socket } of watches) {
    // No push says the same as the one before it, but to bring a fresh token.
    for (let index = 1; index < told.length; index++)
      if (news(told[index]) === news(told[index - 1]))
        expect(String(told[index]?.['expiresAt']) > String(told[index - 1]?.['expiresAt'])).toBe(true);
    // Frames may bunch up on the way, so that all of them are counted.
    expect(told.length).toBeLessThanOrEqual(1 + (performance.now() - openedAt) / 250);
    socket.close();
  }
});

test('a fresh token comes when the clock has moved close to the end of the old one, and it can be reserved with', async () => {
  const accountId = await server.openAccount();
  const input = { accountId, operations: [{ operation: 'image.short' }] };
  const watch = await Watch.open(server, server.serviceToken, input);
  const first = await watch.has(1);
  expect(first['expiresAt']).toBe('2026-01-01T00:10:00.000Z');
  await mutate('advanceTestClock', 'AdvanceTestClockInput', { accountId, to: '2026-01-01T00:08:40.000Z' });
  const second = await watch.has(2);
  expect([second['expiresAt'], news(second) === news(first)]).toEqual(['2026-01-01T00:18:40.000Z', true]);
  const reserved = { accountId, idempotencyKey: nextKey(), quoteToken: second['token'] };
  expect(await mutate('reserveCredits', 'ReserveCreditsInput', reserved)).toMatchObject({
    __typename: 'ReservationReceipt',
  });
  expect(await watch.has(3)).toMatchObject({ balance: { available: 95, held: 5 } });
  watch.socket.close();
});

test('a price list takes effect at its instant without a touch, and the live quote says so', async () => {
  const accountId = await server.openAccount({ sandbox: false });
  const input = { accountId, operations: [{ operation: 'image.mid' }] };
  const watch = await Watch.open(other, server.serviceToken, input);
  expect(await watch.has(1)).toMatchObject({ total: 10 });
  const list = {
    idempotencyKey: nextKey(),
    prices: [{ operation: 'image.mid', credits: 12 }],
    effectiveAt: new Date(Date.now() + 2_000).toISOString(),
  };
  await mutate('publishPriceList', 'PublishPriceListInput', list, server.operatorToken);
  expect(await watch.has(2)).toMatchObject({ total: 12 });
  expect(watch.told).toHaveLength(2);
  watch.socket.close();
});

test('who asks for whom: members see what is theirs, services ask for anybody, users for nobody else', async () => {
  const accountId = await server.openAccount();
  await mutate(
    'setBudget',
    'SetBudgetInput',
    { accountId, name: 'Ann', member: 'ann', limit: 4 },
    undefined,
    ', idempotencyKey: "ann"',
  );
  const input = { accountId, operations: [{ operation: 'image.short' }] };
  const ann = await server.userToken(accountId, 'member', 'ann');
  const ben = await server.userToken(accountId, 'viewer', 'ben');
  const allowed = async (token: string, more: Fields = {}) => {
    const watch = await Watch.open(server, token, { ...input, ...more });
    const quote = await watch.has(1);
    watch.socket.close();
    return quote['allowed'];
  };
  expect(await allowed(ann)).toBe(false);
  expect(await allowed(ben)).toBe(true);
  expect(await allowed(server.serviceToken, { member: 'ann' })).toBe(false);
  expect(await allowed(server.serviceToken)).toBe(true);
  const socket = await server.signedIn(ben);
  expect(await refusedOn(socket, { ...input, member: 'ann' })).toMatchObject({ code: 'FORBIDDEN' });
});

test.each([
  ['a malformed account', { accountId: 'acct_1' }, { code: 'BAD_USER_INPUT', field: 'accountId' }],
  ['an unknown account', { accountId: `acct_${'0'.repeat(26)}` }, { code: 'NOT_FOUND' }],
  ['a project that cannot be kept', { project: 'a\0b' }, { code: 'BAD_USER_INPUT', field: 'project' }],
  ['an empty member', { member: '' }, { code: 'BAD_USER_INPUT', field: 'member' }],
  ['a fraction', { operations: [{ operation: 'image.short', quantity: 1.5 }] }, { code: 'BAD_USER_INPUT' }],
])('refused: %s', async (_, more, expected) => {
  const accountId = await server.openAccount();
  const socket = await server.signedIn(server.serviceToken);
  const input = { accountId, operations: [{ operation: 'image.short' }], ...more };
  expect(await refusedOn(socket, input)).toMatchObject(expected);
  socket.close();
});

test.each([
  ['no lines', { operations: [] }, { __typename: 'InvalidAmount', field: 'operations' }],
  ['an unknown operation', { operations: [{ operation: 'image.gone' }] }, { operation: 'image.gone' }],
  [
    'two kinds of credits',
    { operations: [{ operation: 'image.short' }, { operation: 'deep_scan' }] },
    { __typename: 'MixedCreditTypes' },
  ],
])('a refusal is a value: %s', async (_, more, expected) => {
  const watch = await Watch.open(server, server.serviceToken, { accountId: await server.openAccount(), ...more });
  expect(await watch.has(1)).toMatchObject(expected);
  watch.socket.close();
});

test('it ends with the access: an expired token, a revoked key, a scope that is missing', async () => {
  const accountId = await server.openAccount();
  const input = { accountId, operations: [{ operation: 'image.short' }] };
  const brief = await server.token({ kind: 'service', scope: 'credits:read', expiresInSeconds: 1 });
  const expiring = await Watch.open(server, brief, input);
  await expiring.has(1);
  const made = await server.gql<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }',
    { input: { accountId, name: 'quotes', scopes: ['credits:read'] } },
  );
  if (made.data == null) throw new Error(JSON.stringify(made.errors));
  const { secret, apiKey } = made.data.createApiKey;
  const revoked = await Watch.open(server, secret, input);
  await revoked.has(1);
  await server.gql('mutation ($id: ID!) { revokeApiKey(id: $id) }', { id: apiKey.id });
  expect(await revoked.socket.ended()).toMatchObject({ code: 4403 });
  expect(await expiring.socket.ended()).toMatchObject({ code: 4403 });
  const blind = await server.signedIn(await server.token({ kind: 'service', scope: 'events:read' }));
  expect(await refusedOn(blind, input)).toMatchObject({ code: 'FORBIDDEN' });
});
