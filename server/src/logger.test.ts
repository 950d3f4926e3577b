import { Writable } from 'node:stream';
import { createLogger, logFormatOf } from './logger.js';

test('secrets are not logged, wherever they turn up', () => {
  let text = '';
  const logger = createLogger({ logLevel: 'info', logFormat: null }, { write: (line: string) => void (text += line) });
  logger.info({ authorization: 'Bearer hunter2', requestId: 'r1' }, 'one');
  logger.info({ req: { headers: { cookie: 'hunter2' } } }, 'two');
  logger.error({ err: Object.assign(new Error('failed'), { connectionString: 'hunter2' }) }, 'three');
  logger.warn({ payload: { session: { token: 'hunter2' } }, session: { secret: 'hunter2' } }, 'four');
  expect(text).not.toContain('hunter2');
  expect(text).toContain('"requestId":"r1"');
  expect(text.trim().split('\n')).toHaveLength(4);
});

test('words for a person at a terminal, JSON for programs, and what is asked for in any case', () => {
  expect(logFormatOf({ logFormat: null }, true)).toBe('words');
  expect(logFormatOf({ logFormat: null }, false)).toBe('json');
  expect(logFormatOf({ logFormat: 'json' }, true)).toBe('json');
  expect(logFormatOf({ logFormat: 'words' }, false)).toBe('words');
});

test('a line of JSON says when and how bad in words; a line of words has the same, secrets left out of both', () => {
  const written = { json: '', words: '' };
  for (const logFormat of ['json', 'words'] as const) {
    const stream = new Writable({
      write(line: Buffer, _encoding, done) {
        written[logFormat] += line.toString();
        done();
      },
    });
    const logger = createLogger({ logLevel: 'info', logFormat }, stream);
    logger.warn({ limit: 'failed_logins', token: 'hunter2' }, 'rate limited');
  }
  expect(JSON.parse(written.json)).toMatchObject({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    msg: 'rate limited',
    limit: 'failed_logins',
  });
  expect(written.words).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: rate limited\n {4}limit: "failed_logins"\n/);
  expect(written.json + written.words).not.toContain('hunter2');
});
