import { nearestTo } from './nearest.js';

const rooms = [
  { path: '/', title: 'Dashboard' },
  { path: '/production', title: 'Production Room' },
  { path: '/usage', title: 'Usage' },
  { path: '/activity', title: 'Activity' },
];

test.each([
  ['/produktion', '/production'],
  ['/prod', '/production'],
  ['/production/old', '/production'],
  ['/room', '/production'],
  ['/Usages', '/usage'],
  ['/account/activty', '/activity'],
  ['/dashbord', '/'],
])('%s most likely means %s', (asked, meant) => {
  expect(nearestTo(asked, rooms)[0]?.path).toBe(meant);
});

test('every room is named once, whatever was asked for', () => {
  for (const asked of ['/', '/x', '/%F0%9F%A6%8A', `/${'a'.repeat(2_000)}`])
    expect(
      nearestTo(asked, rooms)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(['/', '/activity', '/production', '/usage']);
});
