import { retryDelayMs } from './socket.js';

test('the first try after a drop comes within 100 ms, later ones double', () => {
  expect(retryDelayMs(0, 0, false)).toBe(50);
  expect(retryDelayMs(0, 1, false)).toBe(100);
  expect(retryDelayMs(2, 0, false)).toBe(200);
});

test.each([
  [false, 400, 800],
  [true, 5_000, 10_000],
])('hidden %s: after a long outage between %d and %d ms pass between two tries', (isHidden, least, most) => {
  expect(retryDelayMs(40, 0, isHidden)).toBe(least);
  expect(retryDelayMs(40, 1, isHidden)).toBe(most);
});
