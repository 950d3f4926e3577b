import { balanceOf, readStamp } from './stamp.js';

const stamp = {
  id: 'bal_1',
  accountId: 'acct_1',
  creditType: 'STANDARD',
  available: 62,
  version: 41,
  history: 'hist_1',
  plan: 'PRO',
  account: { id: 'acct_1' },
  session: { as: 'pro', token: 't' },
};

test('a stamp gives the balance without what is beside it', () => {
  const read = readStamp(JSON.stringify(stamp));
  expect(read?.available).toBe(62);
  expect(read === null ? null : balanceOf(read)).toEqual({
    __typename: 'Balance',
    id: 'bal_1',
    accountId: 'acct_1',
    creditType: 'STANDARD',
    available: 62,
    version: 41,
    history: 'hist_1',
  });
});

test.each([
  [null],
  [undefined],
  [''],
  ['{'],
  ['null'],
  ['{"available":62}'],
  ['{"id":"b","accountId":"a","version":1}'],
])('%p is no stamp', (text) => {
  expect(readStamp(text)).toBeNull();
});
