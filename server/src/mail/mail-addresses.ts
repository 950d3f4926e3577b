import type { MailKind } from './mail-kind.js';
import type { MailLinks } from './mail-links.js';

export interface MailAddressesOptions {
  readonly links: MailLinks;
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
  /** The address that mails come from. */
  readonly from: string;
  /** Whom recipients may ask; null: nobody is configured. */
  readonly supportAddress: string | null;
}

/** The addresses that stand in mails, and their Message-IDs. */
export class MailAddresses {
  constructor(private readonly options: MailAddressesOptions) {}

  get publicUrl(): string {
    return this.options.publicUrl();
  }

  get supportAddress(): string | null {
    return this.options.supportAddress;
  }

  confirmUrl(accountId: string, address: string, issuedAt: number): string {
    const token = this.options.links.tokenOf({ asks: 'confirm', accountId, issuedAt }, address);
    return `${this.publicUrl}/mail/confirm/${token}`;
  }

  stopUrl(accountId: string, kind: MailKind, address: string): string {
    const token = this.options.links.tokenOf({ asks: 'stop', accountId, kind }, address);
    return `${this.publicUrl}/mail/unsubscribe/${token}`;
  }

  messageIdOf(messageKey: string): string {
    const { from } = this.options;
    return `<${messageKey}${from.slice(from.lastIndexOf('@'))}>`;
  }
}
