/**
 * The path below which the server is reached, as in `/credits`; empty at the root of its origin.
 *
 * The server writes it into the page (`PUBLIC_URL`). `./` is what the build leaves there: the root, when nobody wrote anything.
 */
export const basePath = readBasePath();

function readBasePath(): string {
  if (typeof document === 'undefined') return '';
  const written = document.querySelector<HTMLMetaElement>('meta[name="base-path"]')?.content ?? './';
  return written.startsWith('/') ? written.replace(/\/+$/, '') : '';
}
