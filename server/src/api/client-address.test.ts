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
  ['a proxy that says no address', ['loopback'], '127.0.0.1', '203.0.113.9, nonsense', '127.0.0.1'],
  ['a port behind the address', ['loopback'], '127.0.0.1', '203.0.113.9:52344', '203.0.113.9'],
  ['a port behind an IPv6 address', ['loopback'], '::1', '[2001:db8::1]:52344', '2001:db8::1'],
  ['an IPv6 address', ['loopback'], '::1', '2001:db8::1', '2001:db8::1'],
  ['IPv4 as IPv6', ['loopback'], '::ffff:127.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ['IPv4 as IPv6 without a proxy', [], '::ffff:203.0.113.9', undefined, '203.0.113.9'],
  ['a peer that is gone', ['loopback'], undefined, '203.0.113.9', ''],
] as const)('%s', (_name, trusted, peer, forwarded, address) => {
  expect(createClientAddress(trusted)(from(peer, forwarded))).toBe(address);
});
