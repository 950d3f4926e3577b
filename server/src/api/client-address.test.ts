import type { IncomingMessage } from 'node:http';
import { createClientAddress } from './client-address.js';

const from = (remoteAddress: string | undefined, forwarded?: string): IncomingMessage =>
  ({ socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }) as never;

test.each([
  [
    'nobody is trusted: what a caller says of itself is not believed',
    [],
    '198.51.100.7',
    '203.0.113.9',
    '198.51.100.7',
  ],
  ['a trusted proxy says for whom it asks', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9', '203.0.113.9'],
  ['through two of them', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9, 10.4.4.4', '203.0.113.9'],
  ['what the caller put in front is not believed', ['10.0.0.0/8'], '10.1.2.3', '1.2.3.4, 203.0.113.9', '203.0.113.9'],
  ['another peer than the proxy', ['10.0.0.0/8'], '198.51.100.7', '203.0.113.9', '198.51.100.7'],
  ['without the header', ['loopback'], '127.0.0.1', undefined, '127.0.0.1'],
  ['nonsense of a proxy is an address of its own', ['loopback'], '127.0.0.1', '203.0.113.9, nonsense', 'nonsense'],
  ['a peer that is gone', ['loopback'], undefined, '203.0.113.9', ''],
] as const)('%s', (_name, trusted, peer, forwarded, address) => {
  expect(createClientAddress(trusted)(from(peer, forwarded))).toBe(address);
});
