import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isMailKind, type MailKind } from './mail-kind.js';

/** How long a confirmation link works. */
export const CONFIRM_MS_MAX = 7 * 24 * 3_600_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a link in a mail asks for. */
export type MailLink =
  | { readonly asks: 'confirm'; readonly accountId: string; readonly issuedAt: number }
  | { readonly asks: 'stop'; readonly accountId: string; readonly kind: MailKind };

/** A link as it came in: what it claims, and what proves it together with the address that the mail went to. */
export interface ReceivedLink {
  readonly claim: MailLink;
  isFor(address: string): boolean;
}

/**
 * The tokens of links in mails: what is asked, sealed together with the address that the mail went to.
 *
 * The address itself is not in them. A token for another address than the account's present one proves nothing, so that links in mails to
 * an address that was replaced do nothing.
 */
export class MailLinks {
  /** @param secret  32 random bytes of this deployment */
  constructor(private readonly secret: Buffer) {}

  tokenOf(link: MailLink, address: string): string {
    const claim = claimText(link);
    return `${Buffer.from(claim).toString('base64url')}.${this.#seal(claim, address).toString('base64url')}`;
  }

  /** @returns null for what is no token */
  read(token: string): ReceivedLink | null {
    const [encoded = '', sealed = '', ...rest] = token.split('.');
    const text = Buffer.from(encoded, 'base64url').toString();
    const claim = readClaim(text);
    if (claim === null || rest.length > 0) return null;
    const seal = Buffer.from(sealed, 'base64url');
    return {
      claim,
      isFor: (address) => {
        const right = this.#seal(text, address);
        return seal.length === right.length && timingSafeEqual(seal, right);
      },
    };
  }

  #seal(claim: string, address: string): Buffer {
    return createHmac('sha256', this.secret).update(`${claim}\n${address}`).digest();
  }
}

function claimText(link: MailLink): string {
  return link.asks === 'confirm' ? `confirm ${link.accountId} ${link.issuedAt}` : `stop ${link.accountId} ${link.kind}`;
}

function readClaim(text: string): MailLink | null {
  const [asks, accountId = '', said = '', ...rest] = text.split(' ');
  if (!UUID.test(accountId) || rest.length > 0) return null;
  if (asks === 'confirm' && /^\d{1,15}$/.test(said)) return { asks, accountId, issuedAt: Number(said) };
  return asks === 'stop' && isMailKind(said) ? { asks, accountId, kind: said } : null;
}

/**
 * What the Message-ID of a mail is made of: what it tells and to whom, so that the same mail sent again, after a crash, has the same.
 *
 * @param what  an event with the history it was written in, or the id of a confirmation
 */
export function messageKeyOf(what: readonly (string | number)[], address: string): string {
  return createHash('sha256')
    .update([...what, address].join('\n'))
    .digest('hex')
    .slice(0, 40);
}
