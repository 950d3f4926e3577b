import type { IncomingMessage, Server } from 'node:http';

/** The path of a public URL, as in `/credits` of `https://office.example/credits`; empty for the root of an origin. */
export function basePathOf(publicUrl: string | null): string {
  return publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
}

/**
 * Lets everything be asked for below a path too, so that a proxy in front may keep that path or take it away.
 *
 * It is taken off requests and upgrades before anything else looks at them.
 */
export function serveBelow(server: Server, basePath: string): void {
  if (basePath === '') return;
  const takeOff = (request: IncomingMessage): void => {
    request.url = withoutBase(request.url ?? '/', basePath);
  };
  server.prependListener('request', takeOff);
  server.prependListener('upgrade', takeOff);
}

function withoutBase(url: string, basePath: string): string {
  if (!url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}

/** The built page with its own files' addresses (`./…`) below that path; from wherever the page is opened, they are found. */
export function placePage(html: string, basePath: string): string {
  const escaped = basePath.replaceAll('&', '&amp;');
  return html.replaceAll('="./', () => `="${escaped}/`);
}
