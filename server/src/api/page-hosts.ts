import type { IncomingMessage } from 'node:http';

/** Nothing that could end a source, a directive or the header. */
const HOST = /^(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Where the page may open connections to, besides its own origin: WebSockets to the host that it came from and to the host of
 * PUBLIC_URL. Older browsers do not count those as its origin.
 */
export function pageHosts(publicUrl: string | null): (request: Pick<IncomingMessage, 'headers'>) => string {
  const publicHost = publicUrl === null ? null : new URL(publicUrl).host;
  return ({ headers: { host } }) => {
    const hosts = new Set([host, publicHost].filter((one) => typeof one === 'string' && HOST.test(one)));
    return [...hosts].map((one) => `ws://${one} wss://${one}`).join(' ');
  };
}
