/** Kinds of mails that an account's owner may ask for, as they lie in the database; the names never change. */
export const MAIL_KINDS = ['LOW_BALANCE', 'PERIOD_RESET', 'RECEIPTS', 'EXPIRING'] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** What mails of a kind are about, inside a sentence: `mails about low balances`. */
export const KIND_WORDS: Readonly<Record<MailKind, string>> = {
  LOW_BALANCE: 'low balances',
  PERIOD_RESET: 'period resets',
  RECEIPTS: 'receipts and payment problems',
  EXPIRING: 'expiring credits',
};

export function isMailKind(text: unknown): text is MailKind {
  return (MAIL_KINDS as readonly unknown[]).includes(text);
}
