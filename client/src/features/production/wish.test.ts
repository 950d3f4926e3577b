import { readWish } from './wish.js';

const kept = { accountId: 'acct_1', code: 'video.long', name: 'Long video' };

test('a wish is read back for its own account alone', () => {
  expect(readWish(JSON.stringify(kept), 'acct_1')).toEqual(kept);
  expect(readWish(JSON.stringify(kept), 'acct_2')).toBeNull();
});

test.each([
  null,
  '',
  '{',
  'null',
  '{}',
  '[]',
  JSON.stringify({ ...kept, code: 5 }),
  JSON.stringify({ ...kept, name: '' }),
])('what is no wish is none: %s', (text) => {
  expect(readWish(text, 'acct_1')).toBeNull();
});
