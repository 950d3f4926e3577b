import { SCOPES } from './caller.js';
import type { Caller } from './caller.js';
import { HeavyReads } from './heavy-reads.js';

const caller = (id: string): Caller => ({
  kind: 'user',
  id,
  name: id,
  scopes: new Set(SCOPES),
  accounts: new Map(),
  sides: ['sandbox'],
  keyId: null,
  expiresAt: null,
});

/** Reads that end when they are told to. */
function heldReads(reads: HeavyReads) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  return {
    begun,
    ask: (who: string, name: string) =>
      reads.run(caller(who), () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.push(() => resolve(name)));
      }),
    end: async () => {
      ends.shift()?.();
      await new Promise(setImmediate);
    },
  };
}

test('two reads of a caller run, eight wait in their order, the next is RATE_LIMITED; another caller waits for none of them', async () => {
  const reads = new HeavyReads();
  const { begun, ask, end } = heldReads(reads);
  const names = Array.from({ length: 10 }, (_, index) => `a${index}`);
  const asked = names.map((name) => ask('ada', name));
  await expect(ask('ada', 'one too many')).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    extensions: { retryAfterMs: 1_000 },
  });
  const bobs = ask('bob', 'b');
  expect(begun).toEqual(['a0', 'a1', 'b']);
  await end();
  expect(begun).toEqual(['a0', 'a1', 'b', 'a2']);
  for (let left = 0; left < 10; left++) await end();
  expect(await Promise.all(asked)).toEqual(names);
  expect(await bobs).toBe('b');
});

test('a read that fails gives its place to the next, and a caller with none left is as new', async () => {
  const reads = new HeavyReads();
  const fail = () => reads.run(caller('ada'), () => Promise.reject(new Error('gone')));
  const all = await Promise.allSettled(Array.from({ length: 10 }, fail));
  expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'rejected'));
  expect(await reads.run(caller('ada'), () => Promise.resolve('done'))).toBe('done');
});
