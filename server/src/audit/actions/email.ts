import { type ActionKind, asKept } from './action-kind.js';

type Changed = {
  /** Masked, as `a…@example.com`, since this log keeps it for good; null: removed; left out: the address stayed. */
  readonly address?: string | null;
  /** Kinds of mails that are sent from now on, and that are not any more. */
  readonly on: readonly string[];
  readonly off: readonly string[];
};

const WORDS: Readonly<Record<string, string>> = {
  LOW_BALANCE: 'low balances',
  PERIOD_RESET: 'period resets',
  RECEIPTS: 'receipts and payment problems',
  EXPIRING: 'expiring credits',
};
const listed = (kinds: readonly string[]): string => kinds.map((kind) => WORDS[kind] ?? kind).join(', ');

/** Somebody said where mails go, or of which kinds. */
export const EMAIL_CHANGED: ActionKind<Changed> = {
  formats: [asKept],
  describe: ({ address, on, off }) => {
    const parts = [
      ...(address === undefined
        ? []
        : [address === null ? 'Removed the e-mail address' : `Has mails sent to ${address}`]),
      ...(on.length === 0 ? [] : [`Asked for mails about ${listed(on)}`]),
      ...(off.length === 0 ? [] : [`Stopped mails about ${listed(off)}`]),
    ];
    return `${parts.join('; ')}.`;
  },
};

/** The link in the first mail to an address was followed. */
export const EMAIL_CONFIRMED: ActionKind<{ readonly address: string }> = {
  formats: [asKept],
  describe: ({ address }) => `The address ${address} was confirmed by the link that was sent there.`,
};

/** Mails of a kind ended: by the link in one of them, or since the recipient was refused again and again. */
export const EMAIL_STOPPED: ActionKind<{ readonly kind: string; readonly because: 'unsubscribed' | 'refused' }> = {
  formats: [asKept],
  describe: ({ kind, because }) =>
    because === 'refused'
      ? `Stopped mails about ${listed([kind])}: the mail server refused the recipient three times.`
      : `Mails about ${listed([kind])} were stopped by the link in one of them.`,
};
