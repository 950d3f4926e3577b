import { gql } from '@apollo/client';
import fc from 'fast-check';
import { Kind } from 'graphql';
import type { DocumentNode } from 'graphql';
import { BalanceFieldsFragmentDoc, RecentGenerationsDocument } from '../gql/operations.js';
import type { BalanceFieldsFragment, ReservationFieldsFragment } from '../gql/operations.js';
import { NewestWinsCache } from './cache.js';

const accountId = 'acct_1';

function balance(version: number, id = 'bal_1', history = 'hist_1'): BalanceFieldsFragment {
  return {
    __typename: 'Balance',
    id,
    accountId,
    creditType: 'STANDARD',
    available: 1_000 - version,
    held: version % 7,
    used: version,
    allowance: 1_000,
    allowanceLeft: 1_000 - version,
    purchased: 0,
    promotional: 0,
    waiting: 0,
    usedPercent: version / 10,
    level: 'OK',
    nextResetAt: '2026-12-01T00:00:00.000Z',
    version,
    history,
    asOf: '2026-11-22T00:00:00.000Z',
  };
}

function reservation(version: number, status: ReservationFieldsFragment['status']): ReservationFieldsFragment {
  return {
    __typename: 'Reservation',
    id: 'rsv_1',
    accountId,
    creditType: 'STANDARD',
    status,
    reserved: 5,
    held: status === 'HELD' ? 5 : 0,
    committed: status === 'COMMITTED' ? 5 : 0,
    released: 0,
    outcome: null,
    reference: null,
    version,
    history: 'hist_1',
    createdAt: '2026-11-22T00:00:00.000Z',
    expiresAt: '2026-11-22T00:15:00.000Z',
    closedAt: null,
    mayClose: true,
    lines: [],
  };
}

/** A document that uses the balance's one selection. */
function withBalance(document: DocumentNode): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: [...document.definitions, ...BalanceFieldsFragmentDoc.definitions] };
}

const balanceQuery = withBalance(gql`
  query {
    balance(accountId: "acct_1") {
      ...BalanceFields
    }
  }
`);
const receiptMutation = withBalance(gql`
  mutation {
    reserveCredits {
      replayed
      balance {
        ...BalanceFields
      }
    }
  }
`);

/** The ways a balance reaches the cache. */
const doors: ((cache: NewestWinsCache, each: BalanceFieldsFragment) => void)[] = [
  (cache, each) => cache.writeQuery({ query: balanceQuery, data: { balance: each } }),
  (cache, each) =>
    cache.write({
      query: receiptMutation,
      dataId: 'ROOT_MUTATION',
      result: { reserveCredits: { __typename: 'ReservationReceipt', replayed: false, balance: each } },
    }),
  (cache, each) =>
    cache.writeFragment({
      fragment: BalanceFieldsFragmentDoc,
      fragmentName: 'BalanceFields',
      id: `Balance:${each.id}`,
      data: each,
    }),
];

const read = (cache: NewestWinsCache, id = 'bal_1'): BalanceFieldsFragment | null =>
  cache.readFragment({ fragment: BalanceFieldsFragmentDoc, fragmentName: 'BalanceFields', id: `Balance:${id}` });

test('shuffled, repeated and dropped writes through every door end at the highest version, whole', () => {
  const writes = fc.array(fc.record({ version: fc.integer({ min: 1, max: 300 }), door: fc.nat(doors.length - 1) }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(writes, (each) => {
      const cache = new NewestWinsCache();
      for (const { version, door } of each) doors[door]?.(cache, balance(version));
      expect(read(cache)).toEqual(balance(Math.max(...each.map(({ version }) => version))));
    }),
  );
});

test('a query that arrives late reads the newer balance, and what else it brought is kept', () => {
  const cache = new NewestWinsCache();
  doors[2]?.(cache, balance(9));
  const home = withBalance(gql`
    query {
      account {
        id
        name
        standard: balance {
          ...BalanceFields
        }
      }
    }
  `);
  cache.writeQuery({
    query: home,
    data: { account: { __typename: 'Account', id: accountId, name: 'Demo', standard: balance(4) } },
  });
  expect(cache.readQuery({ query: home })).toMatchObject({ account: { name: 'Demo', standard: balance(9) } });
});

test('one balance does not hold back another', () => {
  const cache = new NewestWinsCache();
  doors[0]?.(cache, balance(9, 'bal_standard'));
  doors[2]?.(cache, balance(3, 'bal_scan'));
  expect(read(cache, 'bal_standard')?.version).toBe(9);
  expect(read(cache, 'bal_scan')?.version).toBe(3);
});

test('an older reservation inside a list does not reopen a closed one', () => {
  const cache = new NewestWinsCache();
  const write = (each: ReservationFieldsFragment): void =>
    void cache.writeQuery({
      query: RecentGenerationsDocument,
      variables: { accountId, held: 5, latest: 5 },
      data: {
        account: {
          __typename: 'Account',
          id: accountId,
          held: { __typename: 'ReservationConnection', edges: [] },
          latest: {
            __typename: 'ReservationConnection',
            edges: [{ __typename: 'ReservationEdge', node: each }],
          },
        },
      },
    });
  write(reservation(8, 'COMMITTED'));
  write(reservation(7, 'HELD'));
  const data = cache.readQuery({ query: RecentGenerationsDocument, variables: { accountId, held: 5, latest: 5 } });
  expect(data?.account?.latest.edges[0]?.node).toEqual(reservation(8, 'COMMITTED'));
});

test('after a reset the first balance counts again', async () => {
  const cache = new NewestWinsCache();
  doors[0]?.(cache, balance(9));
  await cache.reset();
  doors[0]?.(cache, balance(2));
  expect(read(cache)).toEqual(balance(2));
});

test('a balance of another history replaces what is stored, through every door, however low its version', () => {
  for (const door of doors) {
    const cache = new NewestWinsCache();
    doors[0]?.(cache, balance(53));
    door(cache, balance(2, 'bal_1', 'hist_2'));
    expect(read(cache)).toEqual(balance(2, 'bal_1', 'hist_2'));
    door(cache, balance(1, 'bal_1', 'hist_2'));
    expect(read(cache)?.version).toBe(2);
  }
});

test('what still arrives of a history that was left replaces nothing, however high its version', () => {
  const cache = new NewestWinsCache();
  doors[0]?.(cache, balance(53));
  doors[2]?.(cache, balance(2, 'bal_1', 'hist_2'));
  for (const door of doors) {
    door(cache, balance(60));
    expect(read(cache)).toEqual(balance(2, 'bal_1', 'hist_2'));
  }
});

test('each history that follows another is told once, the first one not', async () => {
  const cache = new NewestWinsCache();
  let told = 0;
  cache.onHistory = () => (told += 1);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  for (const version of [3, 4]) doors[0]?.(cache, balance(version));
  await turn();
  expect(told).toBe(0);
  for (const version of [1, 2]) doors[2]?.(cache, balance(version, 'bal_1', 'hist_2'));
  doors[1]?.(cache, balance(9));
  await turn();
  expect(told).toBe(1);
  doors[1]?.(cache, balance(1, 'bal_2', 'hist_3'));
  await turn();
  expect(told).toBe(2);
});
