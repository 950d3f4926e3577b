import proxyAddr from '@fastify/proxy-addr';
import { z } from 'zod';
import { readEmailAddress } from './mail/email-address.js';

export const flag = z.enum(['0', '1', 'true', 'false']).transform((value) => value === '1' || value === 'true');
export const count = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be between ${least} and ${most}`);
export const url = (...protocols: string[]) =>
  z.string().refine(
    (value) => {
      return URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1));
    },
    `must be a URL (${protocols.map((protocol) => `${protocol}://…`).join(' or ')})`,
  );

export function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Origin and path, nothing else. */
export function isAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { username, password, search, hash } = new URL(value);
  return username + password + search + hash === '' && !/[?#]$/.test(value);
}

export function isMailbox(value: string): boolean {
  return readEmailAddress(value) === value;
}

export function isProxy(entry: string): boolean {
  try {
    proxyAddr.compile(entry);
    return true;
  } catch {
    return false;
  }
}
