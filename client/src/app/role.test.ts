import { accountIn, addressOf, roleIn } from './role.js';

test.each([
  ['as=pro', 'pro'],
  ['?days=7&as=enterprise', 'enterprise'],
  ['as=root', null],
  ['as=', null],
  ['', null],
])('%p asks for the demo account %p', (search, role) => {
  expect(roleIn(search)).toBe(role);
});

test('a link carries the demo account, and nothing else of the present address', () => {
  expect(addressOf('/production', 'as=free&days=7&spend=table')).toBe('/production?as=free');
  expect(addressOf('/production', 'days=7')).toBe('/production');
  expect(addressOf('/', 'as=%3Cscript%3E')).toBe('/');
});

test('where one signs in, a link carries the account that the address names', () => {
  expect(addressOf('/usage', '?account=acct_01jq3&days=7')).toBe('/usage?account=acct_01jq3');
  expect(addressOf('/usage', '?account=%2F%2Fevil')).toBe('/usage');
  expect([accountIn('?account=acct_01jq3'), accountIn('?account=pro'), accountIn('')]).toEqual([
    'acct_01jq3',
    null,
    null,
  ]);
});
