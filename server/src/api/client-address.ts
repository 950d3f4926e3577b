import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';

/** Whose request it is; limits by address count by it. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * The peer's address; behind trusted proxies the last one in `X-Forwarded-For` that is none of theirs. What stands before
 * that was written by the caller and is not believed. Where a proxy says no address, it is the proxy's own.
 *
 * @param trustedProxies  addresses, networks (10.0.0.0/8), or `loopback`, `linklocal`, `uniquelocal`
 * @throws TypeError for one that is none of these
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  return (request) => {
    const peer = request.socket.remoteAddress;
    // A peer that is gone has no address any more.
    if (peer === undefined) return '';
    const forwarded = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map(plainAddress)
      .join(', ');
    const said = { socket: request.socket, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage;
    const address = proxyAddr(said, isTrusted);
    return plainAddress(isIP(address) === 0 ? peer : address);
  };
}

/** Without the port that some proxies add, and an IPv4 address as itself, not as the IPv6 address that stands for it. */
function plainAddress(text: string): string {
  const [, bracketed, plain] = /^\s*(?:\[([^\]]*)\](?::\d+)?|([^:\s]+)(?::\d+)?)\s*$/.exec(text) ?? [];
  return (bracketed ?? plain ?? text.trim()).replace(/^::ffff:(?=\d+\.)/i, '');
}
