import { v7 } from 'uuid';
import { formatId, formatReservationId } from '@aibc/shared/ids';
import type { TestApp } from '../../testing/test-app.js';
import { startTestApp } from '../../testing/test-app.js';
import { errorsOf } from '../../testing/test-errors.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly creditType: string;
  readonly cause: string;
  readonly explanation: string;
  readonly grantId: string;
  readonly at: string;
  readonly reservation: { readonly id: string; readonly [field: string]: string | null } | null;
}
interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Entry }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

let keys = 0;
async function send<T>(field: string, type: string, shown: string, input: object, token?: string): Promise<T> {
  const { data, errors } = await server.gql<Record<string, T>>(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${shown} } }`,
    { input: { ...(type === 'AdvanceTestClockInput' ? {} : { idempotencyKey: `k${(keys += 1)}` }), ...input } },
    token ?? server.serviceToken,
  );
  if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors));
  return data[field] as T;
}

const SHOWN = 'id kind creditType cause explanation grantId at reservation { id reference project member }';

async function page(accountId: string, more: Record<string, unknown>): Promise<Page> {
  const { data, errors } = await server.gql<{ account: { entries: Page } }>(
    `query ($id: ID!, $creditType: CreditType, $filter: EntryFilter, $first: Int! = 100, $after: ID) { account(id: $id) {
      entries(creditType: $creditType, filter: $filter, first: $first, after: $after) {
        edges { cursor node { ${SHOWN} } } pageInfo { hasNextPage endCursor } } } }`,
    { id: accountId, ...more },
  );
  if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors));
  return data.account.entries;
}

const all = async (accountId: string, more: Record<string, unknown> = {}): Promise<readonly Entry[]> =>
  (await page(accountId, more)).edges.map(({ node }) => node);

const tick = (accountId: string, to: string) =>
  send('advanceTestClock', 'AdvanceTestClockInput', 'id', { accountId, to });

const RESERVATION = '... on ReservationReceipt { reservation { id } }';

/** Work of two projects, three members and two references, over three days of New York, with both types of credits. */
async function openWithWork() {
  const accountId = await server.openAccount({
    plan: 'ENTERPRISE',
    now: '2026-01-10T02:00:00Z',
    billingAnchor: '2026-01-01T00:00:00Z',
    timeZone: 'America/New_York',
  });
  const reserve = async (operation: string, more: object): Promise<string> =>
    (
      await send<{ reservation: { id: string } }>('reserveCredits', 'ReserveCreditsInput', RESERVATION, {
        accountId,
        operations: [{ operation }],
        ...more,
      })
    ).reservation.id;
  const commit = (reservationId: string, amount: number) =>
    send('commitReservation', 'CommitReservationInput', RESERVATION, { reservationId, amount });
  const grant = { accountId, credits: 9, creditType: 'SCAN', source: 'PROMOTION', reason: 'test' };
  const shown = '... on GrantReceipt { grant { id } }';
  const scan = await send<{ grant: { id: string } }>(
    'grantCredits',
    'GrantCreditsInput',
    shown,
    grant,
    server.operatorToken,
  );
  const first = await reserve('image.long', { project: 'spring', member: 'ada', reference: 'a-1' });
  await commit(first, 15);
  await tick(accountId, '2026-01-10T12:00:00Z');
  await reserve('deep_scan', { project: 'spring', member: 'bob' });
  const second = await reserve('image.mid', { member: 'ada', reference: 'a-2' });
  await send('releaseReservation', 'ReleaseReservationInput', RESERVATION, { reservationId: second });
  await tick(accountId, '2026-01-12T12:00:00Z');
  await reserve('audio.short', { project: 'autumn', member: 'cleo', reference: 'a-1', ttlSeconds: 60 });
  return { accountId, first, second, scanGrant: scan.grant.id };
}

/** The day of an instant in New York in January. */
const dayOf = (at: string): string => new Date(Date.parse(at) - 5 * 3_600_000).toISOString().slice(0, 10);

test('each filter lets through what it says, alone and together, in pages without a gap', async () => {
  const { accountId, first, second, scanGrant } = await openWithWork();
  const entries = await all(accountId);
  expect(entries.length).toBe(10);
  const table: readonly (readonly [Record<string, unknown>, (entry: Entry) => boolean])[] = [
    [{}, () => true],
    [{ kinds: ['RESERVE'] }, ({ kind }) => kind === 'RESERVE'],
    [{ kinds: ['GRANT', 'EXPIRE'] }, ({ kind }) => kind === 'GRANT'],
    [{ kinds: ['REFUND'] }, () => false],
    [{ reservationId: first }, ({ reservation }) => reservation?.id === first],
    [{ reservationId: first, kinds: ['COMMIT'] }, (e) => e.reservation?.id === first && e.kind === 'COMMIT'],
    [{ reservationId: first, member: 'bob' }, () => false],
    [{ reference: 'a-1' }, ({ reservation }) => reservation?.['reference'] === 'a-1'],
    [{ reference: 'nobody’s' }, () => false],
    [{ project: 'spring' }, ({ reservation }) => reservation?.['project'] === 'spring'],
    [{ project: '' }, ({ reservation }) => reservation !== null && reservation['project'] === null],
    [{ member: 'ada' }, ({ reservation }) => reservation?.['member'] === 'ada'],
    [
      { member: 'ada', project: 'spring' },
      ({ reservation: r }) => r?.['member'] === 'ada' && r['project'] === 'spring',
    ],
    [{ member: 'ada', kinds: ['RELEASE'] }, (e) => e.reservation?.['member'] === 'ada' && e.kind === 'RELEASE'],
    [{ grantId: scanGrant }, ({ grantId }) => grantId === scanGrant],
    [{ grantId: scanGrant, member: 'bob' }, (e) => e.grantId === scanGrant && e.reservation?.['member'] === 'bob'],
    [{ from: '2026-01-10' }, ({ at }) => dayOf(at) >= '2026-01-10'],
    [{ to: '2026-01-09' }, ({ at }) => dayOf(at) <= '2026-01-09'],
    [{ from: '2026-01-10', to: '2026-01-11' }, ({ at }) => ['2026-01-10', '2026-01-11'].includes(dayOf(at))],
    [{ from: '2026-02-01' }, () => false],
    [
      { from: '2026-01-12', reference: 'a-1' },
      (e) => dayOf(e.at) >= '2026-01-12' && e.reservation?.['reference'] === 'a-1',
    ],
    [{ to: '2026-01-10', reservationId: second }, ({ reservation }) => reservation?.id === second],
    [{ from: '2026-01-11', reservationId: second }, () => false],
  ];
  for (const [filter, lets] of table)
    for (const creditType of [null, 'STANDARD', 'SCAN']) {
      const wanted = entries.filter((entry) => lets(entry) && (creditType === null || entry.creditType === creditType));
      expect([filter, creditType, await all(accountId, { filter, creditType })]).toEqual([filter, creditType, wanted]);
      const walked: string[] = [];
      let after: string | null = null;
      do {
        const { edges, pageInfo }: Page = await page(accountId, { filter, creditType, first: 1, after });
        walked.push(...edges.map(({ node }) => node.id));
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after !== null);
      expect([filter, walked]).toEqual([filter, wanted.map(({ id }) => id)]);
    }
});

test('reservations are found by reference, project and member, alone and together', async () => {
  const { accountId } = await openWithWork();
  const find = async (asked: string) => {
    const { data } = await server.gql<{
      account: { reservations: { edges: { node: Record<string, string | null> }[] } };
    }>(
      `query ($id: ID!) { account(id: $id) { reservations(${asked}) { edges { node { reference project member status } } } } }`,
      { id: accountId },
    );
    return data?.account.reservations.edges.map(({ node }) => [node['reference'], node['project'], node['member']]);
  };
  const autumn = ['a-1', 'autumn', 'cleo'];
  const spring = ['a-1', 'spring', 'ada'];
  const free = ['a-2', null, 'ada'];
  const scan = [null, 'spring', 'bob'];
  expect(await find('reference: "a-1"')).toEqual([autumn, spring]);
  expect(await find('reference: ""')).toEqual([scan]);
  expect(await find('project: "spring"')).toEqual([scan, spring]);
  expect(await find('project: ""')).toEqual([free]);
  expect(await find('member: "ada"')).toEqual([free, spring]);
  expect(await find('member: "ada", status: RELEASED')).toEqual([free]);
  expect(await find('member: "ada", project: "spring", status: RELEASED')).toEqual([]);
  expect(await find('project: "spring", reference: "a-1", member: "ada", status: COMMITTED')).toEqual([spring]);
});

const LONG = 'x'.repeat(201);
test.each([
  [{ kinds: [] }, 'kinds'],
  [{ reservationId: 'rsv_none' }, 'reservationId'],
  [{ grantId: 'grant_none' }, 'grantId'],
  [{ reference: LONG }, 'reference'],
  [{ project: LONG }, 'project'],
  [{ member: LONG }, 'member'],
  [{ member: '' }, 'member'],
  [{ project: 'a\tb' }, 'project'],
  [{ reference: '\u0000' }, 'reference'],
  [{ from: '1969-12-31' }, 'from'],
  [{ to: '1969-12-31' }, 'to'],
  [{ from: '2026-01-02', to: '2026-01-01' }, 'to'],
])('entries by %j are refused over both doors, naming %s', async (filter, field) => {
  const accountId = await server.openAccount();
  const query =
    'query ($id: ID!, $filter: EntryFilter) { account(id: $id) { entries(filter: $filter) { edges { cursor } } } }';
  const wanted = [{ code: 'BAD_USER_INPUT', field }];
  expect(errorsOf(await server.gql(query, { id: accountId, filter }))).toMatchObject(wanted);
  const socket = await server.signedIn(server.serviceToken);
  expect((await socket.gql(query, { id: accountId, filter })).errors?.[0]?.extensions).toMatchObject(wanted[0] ?? {});
  socket.close();
});

test('a reservation or a grant that is unknown or foreign is NOT_FOUND', async () => {
  const { first, scanGrant } = await openWithWork();
  const accountId = await server.openAccount();
  const own = formatReservationId(v7(), v7());
  for (const filter of [
    { reservationId: first },
    { reservationId: own },
    { grantId: scanGrant },
    { grantId: formatId('grant', v7()) },
  ]) {
    const answer = await server.gql(
      'query ($id: ID!, $filter: EntryFilter) { account(id: $id) { entries(filter: $filter) { edges { cursor } } } }',
      { id: accountId, filter },
    );
    expect(errorsOf(answer)).toMatchObject([{ code: 'NOT_FOUND' }]);
  }
});

test.each([
  ['reference', LONG],
  ['project', 'a\nb'],
  ['member', ''],
])('reservations by a %s that no reservation has are refused', async (field, text) => {
  const accountId = await server.openAccount();
  const answer = await server.gql(
    `query ($id: ID!, $text: ${field === 'member' ? 'ID' : 'String'}) { account(id: $id) { reservations(${field}: $text) { edges { cursor } } } }`,
    { id: accountId, text },
  );
  expect(errorsOf(answer)).toMatchObject([{ code: 'BAD_USER_INPUT', field }]);
});

test('each entry says its cause, and its sentence comes from the same', async () => {
  const { accountId } = await openWithWork();
  const work = { accountId, operations: [{ operation: 'image.short' }] };
  await send('spendCredits', 'SpendCreditsInput', RESERVATION, work);
  const grant = { accountId, credits: 9, source: 'PROMOTION', reason: 'sorry' };
  const promise = await send<{ grant: { id: string } }>(
    'grantCredits',
    'GrantCreditsInput',
    '... on GrantReceipt { grant { id } }',
    grant,
    server.operatorToken,
  );
  await send(
    'revokeGrant',
    'RevokeGrantInput',
    '__typename',
    { accountId, grantId: promise.grant.id, reason: 'a mistake' },
    server.operatorToken,
  );
  await send(
    'grantCredits',
    'GrantCreditsInput',
    '__typename',
    { ...grant, expiresAt: '2026-01-13T00:00:00Z' },
    server.operatorToken,
  );
  const buy = async () => {
    const shown = '... on PurchaseReceipt { purchase { id checkoutUrl } }';
    const { purchase } = await send<{ purchase: { id: string; checkoutUrl: string } }>(
      'purchaseCredits',
      'PurchaseCreditsInput',
      shown,
      { accountId, packId: 'pack.200' },
    );
    return {
      ...purchase,
      settle: (outcome: string) =>
        fetch(purchase.checkoutUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ outcome }),
        }),
    };
  };
  const [back, disputed] = [await buy(), await buy()];
  await back.settle('succeed');
  await send('refundPurchase', 'RefundPurchaseInput', '__typename', { purchaseId: back.id });
  await disputed.settle('succeed');
  await disputed.settle('dispute');
  await disputed.settle('dispute_won');
  await send('changePlan', 'ChangePlanInput', '__typename', { accountId, plan: 'FREE' });
  await tick(accountId, '2026-02-02T00:00:00Z');
  await send('changePlan', 'ChangePlanInput', '__typename', { accountId, plan: 'PRO' });
  const said = new Map<string, Set<string>>();
  for (const { cause, kind, explanation } of await all(accountId)) {
    said.set(cause, (said.get(cause) ?? new Set()).add(kind));
    expect(explanation.length).toBeGreaterThan(10);
  }
  const kindsOf = Object.fromEntries([...said].map(([cause, kinds]) => [cause, [...kinds].sort()]));
  expect(kindsOf).toEqual({
    ACCOUNT_CREATED: ['GRANT'],
    GRANTED: ['GRANT'],
    RESERVED: ['RESERVE'],
    COMMITTED: ['COMMIT', 'RELEASE'],
    RELEASED: ['RELEASE'],
    RESERVATION_EXPIRED: ['RELEASE'],
    SPENT: ['COMMIT', 'RESERVE'],
    REVOKED: ['REVOKE'],
    GRANT_EXPIRED: ['EXPIRE'],
    PURCHASED: ['GRANT'],
    REFUNDED: ['REFUND', 'REVOKE'],
    DISPUTED: ['GRANT', 'REVOKE'],
    PERIOD_RESET: ['EXPIRE'],
    PLAN_CHANGED: ['GRANT'],
  });
});
