import type { IncomingMessage } from 'node:http';
import { pino } from 'pino';
import { createClientAddress, networkOf } from './client-address.js';
import { schemaOf, startTestDoors } from './test-doors.js';

/** As much of a request as its address is read from. */
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
  ['a port behind an IPv6 address', ['loopback'], '::1', '[2001:db8::1]:52344', '2001:db8:0:0::/64'],
  ['an IPv6 address', ['loopback'], '::1', '2001:db8::1', '2001:db8:0:0::/64'],
  ['IPv4 as IPv6', ['loopback'], '::ffff:127.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ['IPv4 as IPv6 without a proxy', [], '::ffff:203.0.113.9', undefined, '203.0.113.9'],
  ['a peer that is gone', ['loopback'], undefined, '203.0.113.9', ''],
] as const)('%s', (_name, trusted, peer, forwarded, address) => {
  expect(createClientAddress(trusted)(from(peer, forwarded))).toBe(address);
});

test.each([
  ['2001:DB8:0000:0000:1:2:3:4', '2001:db8:0:0::/64'],
  ['2001:db8::ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
  ['2001:db8:0:1::', '2001:db8:0:1::/64'],
  ['2001:db8:1::1', '2001:db8:1:0::/64'],
  ['2001:0:0:4:5:6:7:8', '2001:0:0:4::/64'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
  ['1:2:3:4:5::', '1:2:3:4::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::2:3:4:5:6:7:8', '0:2:3:4::/64'],
  ['64:ff9b::1:203.0.113.9', '64:ff9b:0:0::/64'],
  ['64:ff9b:1::203.0.113.9', '64:ff9b:1:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('the IPv6 address %s counts as its network %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  '::ffff:203.0.113.9',
  '::FFFF:203.0.113.9',
  '::ffff:cb00:7109',
  '0:0:0:0:0:ffff:cb00:7109',
  '64:ff9b::203.0.113.9',
  '64:FF9B::cb00:7109',
  '64:ff9b:0:0:0:0:cb00:7109',
  '203.0.113.9',
])('every spelling of an IPv4 address counts as that address: %s', (address) => {
  expect(networkOf(address)).toBe('203.0.113.9');
});

test('callers behind NAT64 count each by an own IPv4 address', () => {
  expect(['64:ff9b::', '64:ff9b::1', '64:ff9b::0.1.0.0', '64:ff9b::255.255.255.255'].map(networkOf)).toEqual([
    '0.0.0.0',
    '0.0.0.1',
    '0.1.0.0',
    '255.255.255.255',
  ]);
});

test('every address of one /64 counts as the same, behind a proxy and without one', () => {
  const addresses = Array.from({ length: 500 }, (_, index) => `2001:db8:1:2:${index.toString(16)}::${index}`);
  const direct = createClientAddress([]);
  const proxied = createClientAddress(['loopback']);
  const counted = addresses.flatMap((address) => [direct(from(address)), proxied(from('127.0.0.1', address))]);
  expect([...new Set(counted)]).toEqual(['2001:db8:1:2::/64']);
});

test('what is no address is left as it is', () => {
  expect(['', 'unknown', '1.2.3', '010.1.2.3'].map(networkOf)).toEqual(['', 'unknown', '1.2.3', '010.1.2.3']);
});

test.each([
  ['a header while nobody is trusted is told, once', [], '203.0.113.9', ['127.0.0.1']],
  ['a header of a trusted proxy is not', ['loopback'], '203.0.113.9', []],
  ['nor that there is no header', [], undefined, []],
] as const)('%s', (_name, trusted, forwarded, told) => {
  const peers: string[] = [];
  const addressOf = createClientAddress(trusted, (peer) => peers.push(peer));
  for (let asked = 0; asked < 3; asked++) addressOf(from('127.0.0.1', forwarded));
  expect(peers).toEqual(told);
});

test('the log warns once of a proxy that TRUST_PROXY does not name', async () => {
  const lines: string[] = [];
  const doors = await startTestDoors({
    schema: schemaOf('type Query { hello: String }', { 'Query.hello': () => 'world' }),
    logger: pino({ level: 'warn' }, { write: (line) => void lines.push(line) }),
  });
  try {
    for (let asked = 0; asked < 3; asked++)
      await doors.post({ query: '{ hello }' }, { authorization: 'Bearer wrong', 'x-forwarded-for': '203.0.113.9' });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ peer: '127.0.0.1', msg: expect.stringContaining('TRUST_PROXY is empty') as string }),
    ]);
  } finally {
    await doors.close();
  }
});
