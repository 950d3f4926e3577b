import { Unwinding } from './unwinding.js';

const never = (): Promise<void> => new Promise(() => {});

test('what was opened last is closed first, each after the one before', async () => {
  const closed: number[] = [];
  const unwinding = new Unwinding(() => {});
  for (const step of [1, 2, 3])
    unwinding.push(async () => {
      await Promise.resolve();
      closed.push(step);
    });
  await Promise.all([unwinding.close(), unwinding.close()]);
  expect(closed).toEqual([3, 2, 1]);
});

test('a step that fails, or never ends, keeps no other from being taken', async () => {
  const errors: string[] = [];
  const closed: number[] = [];
  const unwinding = new Unwinding((error) => errors.push((error as Error).message));
  unwinding.push(() => void closed.push(1));
  unwinding.push(() => Promise.reject(new Error('failed')));
  unwinding.push(never, 200);
  unwinding.push(() => void closed.push(4));
  await unwinding.close();
  expect(closed).toEqual([4, 1]);
  expect(errors).toEqual(['was not closed within 200 ms and is left behind', 'failed']);
});

test('when the time for all is up, every step left still has a moment', async () => {
  const errors: string[] = [];
  const closed: number[] = [];
  const unwinding = new Unwinding((error) => errors.push((error as Error).message));
  unwinding.push(() => void closed.push(1));
  for (let count = 0; count < 3; count++) unwinding.push(never, 60_000);
  await unwinding.close(300);
  expect(closed).toEqual([1]);
  expect(errors).toHaveLength(3);
});
