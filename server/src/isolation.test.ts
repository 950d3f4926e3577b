import type { GraphQLArgument, GraphQLInputField, GraphQLInputType } from 'graphql';
import {
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { v7 } from 'uuid';
import {
  formatId,
  formatOwnedId,
  formatPlaceId,
  formatReservationId,
  parseId,
  parseOwnedId,
  parseEventId,
  parsePlaceId,
  splitSeal,
  parseReservationId,
} from '@aibc/shared/ids';
import { buildApiSchema } from './api/api-schema.js';
import type { GraphQLAnswer, TestApp } from './testing/test-app.js';
import { startTestApp } from './testing/test-app.js';
import { recordQueries } from './testing/test-queries.js';

/*
 * A foreign account's id is passed to every argument of every root field that takes one, over both doors. The arguments are read from the
 * schema: a new one that is not known here fails this test until it is said what a foreign value of it is.
 */

/** Names a thing somebody owns: what a foreign value of it is. */
type Owned =
  | 'account'
  | 'reservation'
  | 'event'
  | 'key'
  | 'external id'
  | 'audit entry'
  | 'grant'
  | 'purchase'
  | 'budget';

const OWNED: Readonly<Record<string, Owned>> = {
  'account.id': 'account',
  'accountByExternalId.externalId': 'external id',
  'reservation.id': 'reservation',
  'purchase.id': 'purchase',
  'setBudget.id': 'budget',
  'removeBudget.id': 'budget',
  'previewBudget.id': 'budget',
  'createAccount.externalId': 'external id',
  'revokeApiKey.id': 'key',
  'auditLog.after': 'audit entry',
  'markEventsRead.upTo': 'event',
  'lowBalance.after': 'event',
  'creditEvents.after': 'event',
};
/** Ids that no account owns. */
const UNOWNED = /(^|\.)(operation|member|packId)$/;

/** What a required input is filled with, by its name or its type's. */
const FILLERS: Readonly<Record<string, unknown>> = {
  idempotencyKey: 'key',
  ttlSeconds: 60,
  credits: 5,
  limit: 5,
  reason: 'test',
  name: 'test',
  scopes: ['credits:read'],
  enabled: false,
  operation: 'image.short',
  packId: 'pack.50',
  grantId: formatId('grant', v7()),
  upTo: formatPlaceId('evt', { accountId: v7(), version: 1, ordinal: 0 }),
  LocalDate: '2026-01-02',
  DateTime: '2026-01-02T00:00:00Z',
};

interface Attempt {
  readonly operation: 'query' | 'mutation' | 'subscription';
  readonly field: string;
  readonly argument: string;
  readonly owned: Owned;
  readonly document: string;
  /** The variables with a foreign value in the argument; whatever else is required is filled. */
  readonly variablesOf: (foreign: string) => Readonly<Record<string, unknown>>;
}

const schema = await buildApiSchema();

function* attempts(): Generator<Attempt> {
  for (const [operation, type] of [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const) {
    for (const [field, { args, type: result }] of Object.entries(type?.getFields() ?? {})) {
      for (const argument of args) {
        for (const path of ownedPaths(argument)) {
          const others = args.filter((other) => other !== argument && isRequiredArgument(other));
          const variables = [argument, ...others].map(({ name, type: of }) => `$${name}: ${String(of)}`).join(', ');
          const given = [argument, ...others].map(({ name }) => `${name}: $${name}`).join(', ');
          const selection = isCompositeType(getNamedType(result)) ? ' { __typename }' : '';
          yield {
            operation,
            field,
            argument: path.join('.'),
            owned: ownedAt(field, path),
            document: `${operation} (${variables}) { ${field}(${given})${selection} }`,
            variablesOf: (foreign) => ({
              ...Object.fromEntries(others.map((other) => [other.name, fill(other, [], '')])),
              [argument.name]: fill(argument, path, foreign),
            }),
          };
        }
      }
    }
  }
}

/** Paths from an argument to every id inside it, lists taken as their one item. */
function ownedPaths(at: GraphQLArgument | GraphQLInputField, above: readonly string[] = []): string[][] {
  const path = [...above, at.name];
  const type = getNamedType(at.type);
  if (isInputObjectType(type)) return Object.values(type.getFields()).flatMap((field) => ownedPaths(field, path));
  const isOwned = (type.name === 'ID' && !UNOWNED.test(path.join('.'))) || at.name === 'externalId';
  return isOwned ? [path] : [];
}

function ownedAt(field: string, path: readonly string[]): Owned {
  const last = path.at(-1) ?? '';
  const owned =
    OWNED[`${field}.${last}`] ??
    {
      accountId: 'account' as const,
      reservationId: 'reservation' as const,
      purchaseId: 'purchase' as const,
      grantId: 'grant' as const,
    }[last];
  if (owned === undefined) throw new Error(`say what a foreign value of ${field}(${path.join('.')}) is`);
  return owned;
}

function fill(at: GraphQLArgument | GraphQLInputField, path: readonly string[], foreign: string): unknown {
  if (path.length === 1 && at.name === path[0]) return foreign;
  return fillType(at.type, at.name, path, foreign);
}

function fillType(type: GraphQLInputType, name: string, path: readonly string[], foreign: string): unknown {
  if (type instanceof GraphQLNonNull) return fillType(type.ofType, name, path, foreign);
  // Beside a foreign thing stands the caller's own account: it is not found there.
  const filler = name === 'accountId' ? own : (FILLERS[name] ?? FILLERS[getNamedType(type).name]);
  if (filler !== undefined) return filler;
  if (type instanceof GraphQLList) return [fillType(type.ofType, name, path, foreign)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!(type instanceof GraphQLInputObjectType)) throw new Error(`say how ${name} is filled`);
  const filled = Object.values(type.getFields()).flatMap((field) => {
    const inner = path[0] === name ? path.slice(1) : [];
    const isAsked = inner[0] === field.name;
    const isNeeded = field.type instanceof GraphQLNonNull && field.defaultValue === undefined;
    return isAsked || isNeeded ? [[field.name, fill(field, inner, foreign)]] : [];
  });
  return Object.fromEntries(filled);
}

/** The lists of a type that take a cursor. */
function paged(type: 'Account' | 'Viewer'): string[] {
  const fields = schema.getType(type);
  if (!isObjectType(fields)) throw new Error(`there is no type ${type}`);
  return Object.values(fields.getFields())
    .filter(({ args }) => args.some(({ name }) => name === 'after'))
    .map(({ name }) => name);
}

let server: TestApp;
let foreign: Record<Owned, string>;
let own: string;
/** A cursor of each list of the foreign account. */
const cursors = new Map<string, string>();
let strangers: { name: string; token: string }[];
/** A key of all live accounts; the foreign account is a sandbox one. */
let ofOtherSide: { name: string; token: string };

beforeAll(async () => {
  server = await startTestApp();
  const account = await server.openAccount({ externalId: 'theirs' });
  const reserved = await server.gql<{ reserveCredits: { reservation: { id: string } } }>(
    'mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) { ... on ReservationReceipt { reservation { id } } } }',
    { input: { accountId: account, idempotencyKey: 'hold', operations: [{ operation: 'image.long', quantity: 4 }] } },
  );
  const bought = await server.gql<{ purchaseCredits: { purchase: { id: string } } }>(
    'mutation ($input: PurchaseCreditsInput!) { purchaseCredits(input: $input) { ... on PurchaseReceipt { purchase { id } } } }',
    { input: { accountId: account, idempotencyKey: 'pack', packId: 'pack.50' } },
  );
  const limited = await server.gql<{ setBudget: { budget: { id: string } } }>(
    'mutation ($input: SetBudgetInput!) { setBudget(input: $input, idempotencyKey: "limit") { ... on BudgetReceipt { budget { id } } } }',
    { input: { accountId: account, name: 'theirs', limit: 500 } },
  );
  const key = await server.gql<{ createApiKey: { apiKey: { id: string } } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } } }',
    { input: { accountId: account, name: 'theirs', scopes: ['credits:read'] } },
  );
  const granted = await server.gql<{ account: { grants: { edges: { node: { id: string } }[] } } }>(
    'query ($id: ID!) { account(id: $id) { grants { edges { node { id } } } } }',
    { id: account },
  );
  const lists = await server.gql<{ account: Record<string, { edges: { cursor: string }[] }> }>(
    `query ($id: ID!) { account(id: $id) { ${paged('Account')
      .map((list) => `${list} { edges { cursor } }`)
      .join(' ')} } }`,
    { id: account },
  );
  const log = await server.gql<{ auditLog: { edges: { cursor: string }[] } }>(
    'query ($id: ID!) { auditLog(accountId: $id) { edges { cursor } } }',
    { id: account },
  );
  for (const list of paged('Account')) cursors.set(list, lists.data?.account[list]?.edges[0]?.cursor ?? '');
  foreign = {
    account,
    'external id': 'theirs',
    reservation: reserved.data?.reserveCredits.reservation.id ?? '',
    key: key.data?.createApiKey.apiKey.id ?? '',
    grant: granted.data?.account.grants.edges[0]?.node.id ?? '',
    purchase: bought.data?.purchaseCredits.purchase.id ?? '',
    budget: limited.data?.setBudget.budget.id ?? '',
    event: cursors.get('events') ?? '',
    'audit entry': log.data?.auditLog.edges[0]?.cursor ?? '',
  };
  own = await server.openAccount();
  const ownKey = await server.gql<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    {
      input: {
        accountId: own,
        name: 'own',
        scopes: ['credits:read', 'events:read', 'credits:reserve', 'credits:purchase', 'keys:admin'],
      },
    },
  );
  const liveKey = await server.gql<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { name: 'live', scopes: ['credits:read', 'events:read', 'credits:reserve', 'keys:admin'] } },
  );
  ofOtherSide = { name: 'a key of all live accounts', token: liveKey.data?.createApiKey.secret ?? '' };
  strangers = [
    { name: 'the owner of another account', token: await server.userToken(own) },
    { name: 'a key of another account', token: ownKey.data?.createApiKey.secret ?? '' },
    {
      name: 'an operator bound to another account',
      token: await server.token({ kind: 'operator', accounts: { [own]: 'owner' } }),
    },
  ];
});
afterAll(() => server.close());

const all = [...attempts()];

test('there is something foreign of every kind', () => {
  expect(Object.values(foreign)).not.toContain('');
  expect(all.length).toBeGreaterThan(20);
});

/** Arguments of an account's own fields that name something somebody owns; cursors are tried as pages are. */
function* ofAccount(): Generator<Attempt> {
  const type = schema.getType('Account');
  if (!isObjectType(type)) throw new Error('there is no type Account');
  for (const [field, { args, type: result }] of Object.entries(type.getFields()))
    for (const argument of args)
      for (const path of ownedPaths(argument).filter((one) => one.at(-1) !== 'after')) {
        const others = args.filter((other) => other !== argument && isRequiredArgument(other));
        const given = [argument, ...others];
        const selection = isCompositeType(getNamedType(result)) ? ' { __typename }' : '';
        yield {
          operation: 'query',
          field,
          argument: path.join('.'),
          owned: ownedAt(field, path),
          document: `query ($own: ID!, ${given.map(({ name, type: of }) => `$${name}: ${String(of)}`).join(', ')}) {
            account(id: $own) { ${field}(${given.map(({ name }) => `${name}: $${name}`).join(', ')})${selection} } }`,
          variablesOf: (id) => ({
            own,
            ...Object.fromEntries(others.map((other) => [other.name, fill(other, [], '')])),
            [argument.name]: fill(argument, path, id),
          }),
        };
      }
}

test.each([...ofAccount()].map((one) => [`${one.field}(${one.argument})`, one] as const))(
  'Account.%s of a foreign account is not found in one’s own',
  async (_, { owned, document, variablesOf }) => {
    const token = await server.userToken(own);
    for (const id of [foreign[owned], unknown(owned)]) {
      const { errors = [] } = await server.gql(document, variablesOf(id), token);
      expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['NOT_FOUND']);
      const socket = await server.signedIn(token);
      const told = await socket.gql(document, variablesOf(id));
      expect((told.errors ?? []).map(({ extensions }) => extensions?.['code'])).toEqual(['NOT_FOUND']);
      socket.close();
    }
  },
);

/** What an answer's program sees of it: the codes of its errors, and what was answered beside them. */
function seen({ data, errors = [] }: Pick<GraphQLAnswer<Record<string, unknown>>, 'data' | 'errors'>, field: string) {
  const result = data?.[field] ?? null;
  return {
    codes: errors.map(({ extensions }) => extensions?.['code']),
    answered: Array.isArray(result) ? (result as unknown[]) : [result],
  };
}

const DENIED = { codes: [expect.stringMatching(/^(NOT_FOUND|FORBIDDEN)$/) as unknown], answered: [null] };

test.each(
  all
    .filter(({ operation }) => operation !== 'subscription')
    .map((one) => [`${one.field}(${one.argument})`, one] as const),
)(
  '%s of a foreign account is denied over HTTP and over the socket',
  async (_, { field, owned, document, variablesOf }) => {
    const variables = variablesOf(foreign[owned]);
    for (const { token } of strangers) {
      expect(seen(await server.gql(document, variables, token), field)).toEqual(DENIED);
      const socket = await server.signedIn(token);
      expect(seen(await socket.gql(document, variables), field)).toEqual(DENIED);
      socket.close();
    }
  },
);

test.each(
  all
    .filter(({ operation }) => operation === 'subscription')
    .map((one) => [`${one.field}(${one.argument})`, one] as const),
)('%s of a foreign account opens no feed', async (_, { field, owned, document, variablesOf }) => {
  for (const { token } of strangers) {
    const socket = await server.signedIn(token);
    const { errors = [], data } = await socket.gql(document, variablesOf(foreign[owned]));
    expect(seen({ errors, data: data ?? null }, field)).toEqual(DENIED);
    socket.close();
  }
});

/** Something of a kind that nobody has. */
function unknown(owned: Owned): string {
  if (owned === 'account') return formatId('acct', v7());
  if (owned === 'reservation') return formatReservationId(v7(), v7());
  if (owned === 'audit entry') return formatOwnedId('audit', { accountId: v7(), id: v7() });
  if (owned === 'purchase') return formatOwnedId('pur', { accountId: v7(), id: v7() });
  if (owned === 'budget') return formatOwnedId('budget', { accountId: v7(), id: v7() });
  if (owned === 'grant') return formatId('grant', v7());
  if (owned === 'event') return formatPlaceId('evt', { accountId: v7(), version: 1, ordinal: 0 });
  return owned === 'key' ? formatId('key', v7()) : `nobody ${v7()}`;
}

/** What statements say when they ask for it: the uuids in an id, or the text of an external one. */
function namesOf(owned: Owned, id: string): string[] {
  if (owned === 'account') return [String(parseId('acct', id))];
  if (owned === 'grant') return [String(parseId('grant', id))];
  if (owned === 'key') return [String(parseId('key', id))];
  if (owned === 'reservation') return Object.values(parseReservationId(id) ?? {});
  if (owned === 'purchase') return Object.values(parseOwnedId('pur', id) ?? {});
  if (owned === 'budget') return Object.values(parseOwnedId('budget', id) ?? {});
  if (owned === 'audit entry') return Object.values(parseOwnedId('audit', id.split('~')[0] ?? '') ?? {});
  if (owned !== 'event') return [id];
  return [String((parsePlaceId('evt', id) ?? parseEventId(splitSeal(id)[0])?.place)?.accountId)];
}

/** Whether a statement's values hold a text, or a uuid in binary. */
function holds(value: unknown, name: string): boolean {
  if (Buffer.isBuffer(value)) return value.includes(Buffer.from(name.replaceAll('-', ''), 'hex'));
  return Array.isArray(value)
    ? value.some((one) => holds(one, name))
    : typeof value === 'string' && value.includes(name);
}

/** Every statement that this process sends while `work` runs and that asks for one of the names. */
async function statementsFor(names: readonly string[], work: () => Promise<unknown>): Promise<string[]> {
  const sent = await recordQueries(work);
  return sent.filter(({ values }) => names.some((name) => holds(values, name))).map(({ text }) => text);
}

test.each(
  all
    .filter(({ operation }) => operation !== 'subscription')
    .map((one) => [`${one.field}(${one.argument})`, one] as const),
)('%s takes the same look-ups for a foreign and for an unknown one, and so the same time', async (_, one) => {
  const { field, owned, document, variablesOf } = one;
  for (const { token } of [...strangers, ...(owned === 'account' || owned === 'reservation' ? [ofOtherSide] : [])]) {
    const ask = async (id: string) => {
      let answer: unknown = null;
      const asked = await statementsFor(namesOf(owned, id), async () => {
        answer = seen(await server.gql(document, variablesOf(id), token), field);
      });
      return { asked, answer };
    };
    await ask(foreign[owned]);
    expect(await ask(foreign[owned])).toEqual(await ask(unknown(owned)));
  }
});

test('statements are seen: one who may see an account looks it up', async () => {
  const document = 'query ($id: ID!) { balance(accountId: $id) { available } }';
  const ask = () => server.gql(document, { id: foreign.account });
  expect(await statementsFor(namesOf('account', foreign.account), ask)).toEqual([
    expect.stringContaining('read.accounts'),
  ]);
});

test.each(paged('Account'))("a cursor of a foreign account's %s is not found in one's own", async (list) => {
  const document = `query ($id: ID!, $after: ID!) { account(id: $id) { ${list}(after: $after) { edges { cursor } } } }`;
  const variables = { id: own, after: cursors.get(list) };
  expect(variables.after).toBeTruthy();
  for (const { token } of strangers) {
    expect(seen(await server.gql(document, variables, token), 'account')).toEqual(DENIED);
    const socket = await server.signedIn(token);
    expect(seen(await socket.gql(document, variables), 'account')).toEqual(DENIED);
    socket.close();
  }
});

test.each(paged('Viewer'))("a foreign account is no cursor of the viewer's %s", async (list) => {
  const document = `query ($after: ID!) { viewer { ${list}(after: $after) { edges { cursor } } } }`;
  for (const { token } of strangers) {
    expect(seen(await server.gql(document, { after: foreign.account }, token), 'viewer')).toEqual(DENIED);
  }
});
