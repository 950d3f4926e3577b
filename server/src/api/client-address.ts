import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** Whose request it is; limits by address count by it. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * The peer's address; behind trusted proxies the last one in `X-Forwarded-For` that is none of theirs. What stands before
 * that was written by the caller and is not believed.
 *
 * @param trustedProxies  addresses, networks (10.0.0.0/8), or `loopback`, `linklocal`, `uniquelocal`
 * @throws TypeError for one that is none of these
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  // A peer that is gone has no address any more.
  return (request) => (request.socket.remoteAddress === undefined ? '' : proxyAddr(request, isTrusted));
}
