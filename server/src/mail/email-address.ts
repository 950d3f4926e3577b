import { domainToASCII } from 'node:url';

const ADDRESS_CHARS_MAX = 254;
const LOCAL_CHARS_MAX = 64;
/** What may stand before the @ without quotes: words joined by single dots. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
/** Two labels at least, the last one with a letter in it, so that it is no IP address. */
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * An address to which mails can be sent, in the one spelling that is kept: the domain in lower case and in ASCII.
 *
 * One mailbox alone: no name beside it, no comment, no quotes, no list. Before the @ only ASCII, which every mail server takes.
 *
 * @returns null for anything else
 */
export function readEmailAddress(text: string): string | null {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  if (at < 1 || local.length > LOCAL_CHARS_MAX || !LOCAL.test(local)) return null;
  const domain = domainToASCII(text.slice(at + 1));
  const address = `${local}@${domain}`;
  return DOMAIN.test(domain) && address.length <= ADDRESS_CHARS_MAX ? address : null;
}

/** An address as it is told to those who keep it for good: `a…@example.com`. */
export function maskEmailAddress(address: string): string {
  return `${address.slice(0, 1)}…${address.slice(address.lastIndexOf('@'))}`;
}
