import { addressOf, roleIn } from './role.js';

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
