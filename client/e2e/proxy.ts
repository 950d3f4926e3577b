import { createServer, request as ask } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';

/** An office's proxy: one path of its origin leads to the server, every other is somebody else's. */
export type Proxy = {
  /** Its origin, without the path. */
  readonly origin: string;
  close(): Promise<void>;
};

export type ProxyOptions = {
  /** As in `/credits`. */
  readonly path: string;
  /** Where the server listens; asked with each request, since it may not have started yet. */
  readonly target: () => string;
  /** Whether the server is asked without the path. */
  readonly takesPathAway: boolean;
  /** Whether the server hears which host the browser asked, or its own. */
  readonly keepsHost: boolean;
  /** What it answers by itself, by its address; null or left out: it asks the server. */
  readonly own?: (pathname: string) => { readonly type: string; readonly body: string | Buffer } | null;
};

/** Listens on a free port of 127.0.0.1 and passes requests and WebSockets on, as a plain reverse proxy does. */
export async function openProxy({ path, target, takesPathAway, keepsHost, own }: ProxyOptions): Promise<Proxy> {
  const addressed = ({ url = '/', headers, method }: IncomingMessage) => {
    if (url !== path && !url.startsWith(`${path}/`) && !url.startsWith(`${path}?`)) return null;
    const { hostname, port, host } = new URL(target());
    const rest = url.slice(path.length);
    const passed = takesPathAway ? (rest.startsWith('/') ? rest : `/${rest}`) : url;
    return { hostname, port, method, path: passed, headers: { ...headers, ...(keepsHost ? {} : { host }) } };
  };
  const server = createServer((request, response) => {
    const given = own?.(new URL(request.url ?? '/', target()).pathname) ?? null;
    if (given !== null) return void response.writeHead(200, { 'content-type': given.type }).end(given.body);
    const to = addressed(request);
    if (to === null) return void response.writeHead(418).end('another application');
    const onward = ask(to, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('upgrade', (request, browser, head) => {
    const to = addressed(request);
    if (to === null) return void browser.destroy();
    const upstream = connect(Number(to.port), to.hostname, () => {
      const headers = Object.entries(to.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
      upstream.write(`GET ${to.path} HTTP/1.1\r\n${headers.join('')}\r\n`);
      upstream.write(head);
      upstream.pipe(browser).pipe(upstream);
    });
    for (const end of [upstream, browser]) {
      end.once('error', () => undefined);
      end.once('close', () => {
        upstream.destroy();
        browser.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
