import type { IncomingMessage } from 'node:http';
import { SocketAddress, isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';

/** As whose a request counts: what limits by address count by. See `networkOf`. */
export type ClientAddress = (request: IncomingMessage) => string;

/** Groups of an IPv6 address that name the network of one customer; the rest they choose as they like. */
const NETWORK_GROUPS = 4;
const IPV6_GROUPS = 8;

/**
 * Whose request it is, by the peer's address; behind trusted proxies by the last one in `X-Forwarded-For` that is none of theirs. What
 * stands before that was written by the caller and is not believed. Where a proxy says no address, it is the proxy's own.
 *
 * @param trustedProxies  addresses, networks (10.0.0.0/8), or `loopback`, `linklocal`, `uniquelocal`
 * @returns for each request `networkOf` that address; empty for a peer that is gone
 * @throws TypeError for a proxy that is none of these
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  return (request) => {
    const peer = request.socket.remoteAddress;
    // A peer that is gone has no address any more.
    if (peer === undefined) return '';
    const header = request.headers['x-forwarded-for'];
    if (header === undefined || trustedProxies.length === 0) return networkOf(peer);
    const forwarded = String(header).split(',').map(withoutPort).join(', ');
    const said = { socket: request.socket, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage;
    const address = proxyAddr(said, isTrusted);
    return networkOf(isIP(address) === 0 ? peer : address);
  };
}

/**
 * What an address counts as, in one spelling: an IPv4 address as itself, also where IPv6 stands for it (`::ffff:203.0.113.9`,
 * `::ffff:cb00:7109`); an IPv6 address as its network of 64 bits (`2001:db8:0:1::/64`), since whoever has one address of it has
 * all 2^64.
 *
 * @param address  IPv4 or IPv6, also with a zone (`fe80::1%eth0`); anything else is returned as it is
 */
export function networkOf(address: string): string {
  const family = isIP(address);
  if (family !== 6) return address;
  const [plain = ''] = address.split('%', 1);
  const spelled = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  const ipv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(spelled)?.[1];
  return ipv4 ?? `${groupsOf(spelled).slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** The groups of an IPv6 address as the system spells it, the left-out zeros included. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  // IPv4 in dots at the end stands for two groups.
  const written = before.length + after.length + (tail.includes('.') ? 1 : 0);
  return [...before, ...Array<string>(IPV6_GROUPS - written).fill('0'), ...after];
}

/** Without the port that some proxies add. */
function withoutPort(text: string): string {
  const [, bracketed, plain] = /^\s*(?:\[([^\]]*)\](?::\d+)?|([^:\s]+)(?::\d+)?)\s*$/.exec(text) ?? [];
  return bracketed ?? plain ?? text.trim();
}
