import { isIP } from 'node:net';

/** Whether a request's `Host` header names this server. */
export type KnowsHost = (host: string | undefined) => boolean;

/** What a request for another host is told (421). */
export const UNKNOWN_HOST =
  'A demo answers at http://localhost and at PUBLIC_URL: set PUBLIC_URL to the address at which it is to be reached.';

export interface DemoHostOptions {
  /** Where browsers reach the demo; null: as they addressed it. */
  readonly publicUrl: string | null;
  /** Whether the demo listens beyond this machine. */
  readonly isPublic: boolean;
}

/**
 * Which hosts a demo answers for: this machine, and the host of PUBLIC_URL. A demo that listens beyond this machine also answers for
 * addresses without a name.
 *
 * A demo signs anybody in. A foreign page could use that by pointing its own host name at this machine (DNS rebinding). So a host name is
 * accepted only if it belongs to this machine or is configured; an IP address needs no such check, since nobody can point it elsewhere.
 */
export function createDemoHost({ publicUrl, isPublic }: DemoHostOptions): KnowsHost {
  const publicName = publicUrl === null ? null : nameOf(new URL(publicUrl).host);
  return (host) => {
    // HTTP/1.0 without a host: no browser sends that.
    if (host === undefined) return true;
    const name = nameOf(host);
    if (name === null) return false;
    return name === publicName || isLoopback(name) || (isPublic && isIP(name) !== 0);
  };
}

/** Whether a name or an address leads to this machine alone. */
export function isLoopback(name: string): boolean {
  if (isIP(name) === 4) return name.startsWith('127.');
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost');
}

/** The host without its port, in one spelling. */
function nameOf(host: string): string | null {
  if (/[/?#@\\]/.test(host) || !URL.canParse(`http://${host}`)) return null;
  return new URL(`http://${host}`).hostname.replace(/^\[|\]$|\.$/g, '');
}
