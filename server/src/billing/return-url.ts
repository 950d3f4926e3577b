import { badUserInput } from '../kit/errors.js';

const URL_CHARS_MAX = 2_000;
const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;

/** Where browsers reach this server, and which other pages may be led back to. */
export interface ReturnRules {
  /** Without a slash at the end. */
  readonly publicUrl: () => string;
  readonly allowedOrigins: ReadonlySet<string>;
}

/**
 * Where a checkout leads back to, in one spelling; null when the caller leaves it out.
 *
 * @throws BAD_USER_INPUT `returnUrl` for what is no address of a page on an allowed origin: a checkout leads nobody astray
 */
export function readReturnUrl(
  url: string | null | undefined,
  { publicUrl, allowedOrigins }: ReturnRules,
): string | null {
  if (url === null || url === undefined || url === '') return null;
  if (url.length > URL_CHARS_MAX || !URL.canParse(url))
    throw badUserInput('returnUrl', `returnUrl is an address of at most ${URL_CHARS_MAX} characters.`);
  const { protocol, origin, username, password, hostname, port, href } = new URL(url);
  const own = new URL(publicUrl());
  // One machine has several names: whoever opened the page at `localhost` returns there.
  const isOwn = origin === own.origin || (LOOPBACK.test(hostname) && LOOPBACK.test(own.hostname) && port === own.port);
  const isPage = protocol === 'https:' || protocol === 'http:';
  if (!isPage || username + password !== '' || !(isOwn || allowedOrigins.has(origin)))
    throw badUserInput('returnUrl', 'returnUrl is not on an origin that this server knows (ALLOWED_ORIGINS).');
  return href;
}

/** Where a checkout leads back to: where the buyer came from, else the dashboard's billing. */
export function backUrlOf(order: { readonly returnUrl: string | null }, publicUrl: string): string {
  return order.returnUrl ?? `${publicUrl}/billing`;
}
