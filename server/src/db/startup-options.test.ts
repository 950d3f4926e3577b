import { parseStartupOptions } from './startup-options.js';

test.each([
  [undefined, {}, undefined],
  ['', {}, undefined],
  ['-c search_path=app,public', { search_path: 'app,public' }, undefined],
  [
    '-csearch_path=app --statement-timeout=5s  -c jit=off',
    { search_path: 'app', statement_timeout: '5s', jit: 'off' },
    undefined,
  ],
  ['-c search_path=my\\ schema\\\\x', { search_path: 'my schema\\x' }, undefined],
  ['-c geqo=off -O -c a.b=c=d', { geqo: 'off', 'a.b': 'c=d' }, '-O'],
  ['-B 5\\ 0', {}, '-B 5\\ 0'],
  ['-c', {}, '-c'],
])('%s', (options, settings, rest) => {
  expect(parseStartupOptions(options)).toEqual({ settings, rest });
});
