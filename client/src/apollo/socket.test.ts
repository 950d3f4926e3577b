import { retryDelayMs } from './socket.js';

test('the first try after a drop comes within 100 ms, later ones double, none waits longer than 5 s', () => {
  expect(retryDelayMs(0, 0)).toBe(50);
  expect(retryDelayMs(0, 0.999)).toBeLessThanOrEqual(100);
  expect(retryDelayMs(3, 0)).toBe(400);
  expect(retryDelayMs(40, 1)).toBe(5_000);
});
