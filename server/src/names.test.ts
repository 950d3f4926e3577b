import type { GraphQLAnswer, TestApp } from './testing/test-app.js';
import { startTestApp } from './testing/test-app.js';

/* What people type is held to one rule wherever it comes in, is kept in one spelling, and does not turn the sentences around it. */

let app: TestApp;
let accountId: string;
beforeAll(async () => {
  app = await startTestApp();
  accountId = await app.openAccount();
});
afterAll(() => app.close());

let keys = 0;
const key = (): string => `key-${++keys}`;
const create = (input: Record<string, unknown>) =>
  app.gql<{ createAccount: { id: string; name: string; timeZone: string } }>(
    'mutation ($input: CreateAccountInput!) { createAccount(input: $input) { id name timeZone } }',
    { input: { name: 'Studio', sandbox: true, now: '2026-01-01T00:00:00Z', ...input } },
  );
const work = (field: string, text: string) => ({
  accountId,
  idempotencyKey: key(),
  operations: [{ operation: 'content.generate' }],
  [field]: text,
});
const reserve = (field: string, text: string) =>
  app.gql<{ reserveCredits: { reservation: { project: string | null } } }>(
    'mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) { ... on ReservationReceipt { reservation { project } } ... on Problem { message } } }',
    { input: work(field, text) },
  );
const grant = (reason: string) =>
  app.gql<{ grantCredits: { grant: { id: string } } }>(
    'mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { ... on GrantReceipt { grant { id } } } }',
    { input: { accountId, idempotencyKey: key(), credits: 5, reason } },
    app.operatorToken,
  );
const usage = (project: string) =>
  app.gql('query ($input: UsageInput!) { usage(input: $input) { total } }', {
    input: { accountId, from: '2026-01-01', to: '2026-01-31', groupBy: [], project },
  });

type Send = (text: string) => Promise<Pick<GraphQLAnswer<unknown>, 'errors'>>;

const inputs: [field: string, send: Send][] = [
  ['name', (name) => create({ name })],
  ['externalId', (externalId) => create({ externalId })],
  ['externalId', (id) => app.gql('query ($id: String!) { accountByExternalId(externalId: $id) { id } }', { id })],
  [
    'name',
    (name) =>
      app.gql(
        'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
        { input: { name, scopes: ['credits:read'], accountId } },
        app.operatorToken,
      ),
  ],
  ['project', (text) => reserve('project', text)],
  ['reference', (text) => reserve('reference', text)],
  ['member', (text) => reserve('member', text)],
  ['project', usage],
  ['reason', grant],
  [
    'operations[0].operation',
    (operation) =>
      app.gql('query ($input: QuoteInput!) { quote(input: $input) { __typename } }', {
        input: { accountId, operations: [{ operation }] },
      }),
  ],
];

test.each(
  inputs.flatMap(([field, send]) => [' \u200b ', 'a\u202eb', 'a\nb'].map((text) => [field, text, send] as const)),
)('%s %j is BAD_USER_INPUT', async (field, text, send) => {
  const { errors } = await send(text);
  expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
});

test('names and projects are kept composed, and found in either spelling', async () => {
  const [apart, together] = ['Zoe\u0308', 'Zo\u00eb'];
  expect((await create({ name: apart })).data?.createAccount.name).toBe(together);
  expect((await reserve('project', apart)).data?.reserveCredits.reservation.project).toBe(together);
  const same = { externalId: 'composed' };
  const first = await create({ ...same, name: apart });
  expect((await create({ ...same, name: together })).data?.createAccount.id).toBe(first.data?.createAccount.id);
});

test('a reason and an operation that run from right to left are isolated in the sentences that quote them', async () => {
  await grant('שלום 5');
  const { data } = await app.gql<{ account: { entries: { edges: { node: { explanation: string } }[] } } }>(
    'query ($id: ID!) { account(id: $id) { entries(first: 1) { edges { node { explanation } } } } }',
    { id: accountId },
  );
  expect(data?.account.entries.edges[0]?.node.explanation).toContain(': \u2068שלום 5\u2069.');
  const unknown = await app.gql<{ quote: { message: string } }>(
    'query ($input: QuoteInput!) { quote(input: $input) { ... on Problem { message } } }',
    { input: { accountId, operations: [{ operation: 'שלום' }] } },
  );
  expect(unknown.data?.quote.message).toBe('There is no operation \u2068שלום\u2069.');
});

describe('time zones', () => {
  test.each(['IST', 'ist', 'PST', 'SystemV/AST4', 'Mars/Olympus'])(
    '%s is refused, and its externalId stays free',
    async (timeZone) => {
      const externalId = `zone-${timeZone}`;
      const { errors } = await create({ externalId, timeZone });
      expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', field: 'timeZone' }]);
      const { data } = await create({ externalId, timeZone: 'Asia/Kolkata' });
      expect(data?.createAccount.timeZone).toBe('Asia/Kolkata');
    },
  );

  test('are stored in one spelling, in which a repetition is the same input', async () => {
    const first = await create({ externalId: 'berlin', timeZone: 'europe/berlin' });
    expect(first.data?.createAccount.timeZone).toBe('Europe/Berlin');
    for (const timeZone of ['Europe/Berlin', 'EUROPE/BERLIN']) {
      const again = await create({ externalId: 'berlin', timeZone });
      expect(again.data?.createAccount).toEqual(first.data?.createAccount);
    }
  });

  test('of a claim from before zones had one spelling: the same input still answers its account', async () => {
    const first = await create({ externalId: 'older', timeZone: 'Europe/Berlin' });
    await app.app.dataSource.query(
      `UPDATE external_account SET input = replace(input::text, 'Europe/Berlin', 'europe/BERLIN') WHERE external_id = 'older'`,
    );
    expect((await create({ externalId: 'older', timeZone: 'Europe/Berlin' })).data).toEqual(first.data);
  });
});

test.each([
  ['now', { now: '1999-12-31T23:59:59Z' }],
  ['now', { now: '2200-01-01T00:00:00Z' }],
  ['now', { sandbox: false }],
  ['billingAnchor', { billingAnchor: '1969-12-31T23:59:59Z' }],
  ['billingAnchor', { billingAnchor: '2026-01-01T00:00:00.001Z' }],
  ['billingAnchor', { billingAnchor: '9999-12-31T23:59:59Z', now: null }],
  ['name', { name: '' }],
])('an account that is refused for %s leaves its externalId free: %j', async (field, wrong) => {
  const externalId = `refused-${key()}`;
  const { errors } = await create({ externalId, ...wrong });
  expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', field }]);
  expect((await create({ externalId })).data?.createAccount.id).toMatch(/^acct_/);
});
