import type { IncomingMessage } from 'node:http';
import { SocketAddress, isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';

/** As whose a request counts: what limits by address count by. See `networkOf`. */
export type ClientAddress = (request: IncomingMessage) => string;

/** Groups of an IPv6 address that name the network of one customer; the rest they choose as they like. */
const NETWORK_GROUPS = 4;
const IPV6_GROUPS = 8;
/** 64:ff9b::/96 */
const NAT64_GROUPS = ['64', 'ff9b', '0', '0', '0', '0'];

/**
 * Whose request it is, by the peer's address; behind trusted proxies by the last one in `X-Forwarded-For` that is none of theirs. What
 * stands before that was written by the caller and is not believed. Where a proxy says no address, it is the proxy's own.
 *
 * @param trustedProxies  addresses, networks (10.0.0.0/8), or `loopback`, `linklocal`, `uniquelocal`
 * @param onUnheard  told once, of the first peer that says for whom it asks while nobody is trusted: perhaps a proxy that was forgotten,
 *   whose callers all count as one
 * @returns for each request `networkOf` that address; empty for a peer that is gone
 * @throws TypeError for a proxy that is none of these
 */
export function createClientAddress(
  trustedProxies: readonly string[],
  onUnheard: (peer: string) => void = () => undefined,
): ClientAddress {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  let isToTell = trustedProxies.length === 0;
  return (request) => {
    const peer = request.socket.remoteAddress;
    // A peer that is gone has no address any more.
    if (peer === undefined) return '';
    const header = request.headers['x-forwarded-for'];
    if (header === undefined) return networkOf(peer);
    if (isToTell) {
      isToTell = false;
      onUnheard(networkOf(peer));
    }
    if (trustedProxies.length === 0) return networkOf(peer);
    const forwarded = String(header).split(',').map(withoutPort).join(', ');
    const said = { socket: request.socket, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage;
    const address = proxyAddr(said, isTrusted);
    return networkOf(isIP(address) === 0 ? peer : address);
  };
}

/**
 * What an address counts as, in one spelling: an IPv4 address as itself, also where IPv6 stands for it (`::ffff:203.0.113.9`,
 * `::ffff:cb00:7109`, and `64:ff9b::cb00:7109` behind NAT64, where all of IPv4 would be one network); an IPv6 address as its network
 * of 64 bits (`2001:db8:0:1::/64`), since whoever has one address of it has all 2^64.
 *
 * @param address  IPv4 or IPv6, also with a zone (`fe80::1%eth0`); anything else is returned as it is
 */
export function networkOf(address: string): string {
  const family = isIP(address);
  if (family !== 6) return address;
  const [plain = ''] = address.split('%', 1);
  const spelled = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  const ipv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(spelled)?.[1];
  if (ipv4 !== undefined) return ipv4;
  const groups = groupsOf(spelled);
  return translatedIpv4(groups) ?? `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** The IPv4 address that an address of NAT64 stands for, which ends with it; null for any other. Source: RFC 6052, 2.1 */
function translatedIpv4(groups: readonly string[]): string | null {
  if (groups.slice(0, NAT64_GROUPS.length).join(':') !== NAT64_GROUPS.join(':')) return null;
  const [high = 0, low = 0] = groups.slice(NAT64_GROUPS.length).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
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
