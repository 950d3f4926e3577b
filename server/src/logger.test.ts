import { createLogger } from './logger.js';

test('secrets are not logged, wherever they turn up', () => {
  let text = '';
  const logger = createLogger({ logLevel: 'info' }, { write: (line: string) => void (text += line) });
  logger.info({ authorization: 'Bearer hunter2', requestId: 'r1' }, 'one');
  logger.info({ req: { headers: { cookie: 'hunter2' } } }, 'two');
  logger.error({ err: Object.assign(new Error('failed'), { connectionString: 'hunter2' }) }, 'three');
  logger.warn({ payload: { session: { token: 'hunter2' } }, session: { secret: 'hunter2' } }, 'four');
  expect(text).not.toContain('hunter2');
  expect(text).toContain('"requestId":"r1"');
  expect(text.trim().split('\n')).toHaveLength(4);
});
