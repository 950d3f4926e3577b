import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { allowHalfOpen, bytesTakenFrom } from './beneath-node.js';

test('this Node says what a peer has taken; without either member it does not, and of a closed connection it is nothing', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const [[connection]] = (await Promise.all([
    once(server, 'connection'),
    once(connect((server.address() as AddressInfo).port, '127.0.0.1'), 'connect'),
  ])) as [[Socket], unknown];
  connection.write('twelve bytes');
  await new Promise(setImmediate);
  expect(bytesTakenFrom(connection)).toBe(12);
  for (const handle of [{ bytesWritten: 12 }, { writeQueueSize: 0 }, undefined])
    expect(bytesTakenFrom(new Proxy(connection, { get: () => handle }))).toBeNull();
  connection.destroy();
  expect(bytesTakenFrom(connection)).toBe(0);
  server.close();
});

test('this Node has the switch for peers that have sent their last; a server without it is left as it is', () => {
  const server = createServer();
  expect(allowHalfOpen(server)).toBe(true);
  expect(Reflect.get(server, 'httpAllowHalfOpen')).toBe(true);
  Reflect.deleteProperty(server, 'httpAllowHalfOpen');
  expect(allowHalfOpen(server)).toBe(false);
  expect(Object.hasOwn(server, 'httpAllowHalfOpen')).toBe(false);
});
