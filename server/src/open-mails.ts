import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { History } from './db/history.js';
import type { Env } from './env.js';
import { nextUuid } from './kit/next-uuid.js';
import type { Unwinding } from './kit/unwinding.js';
import type { AccountReader } from './ledger/graph/read-account.js';
import { Mails } from './mail/mails.js';
import type { MailTransport, SmtpOptions } from './mail/smtp-transport.js';

export interface OpenMailsOptions {
  readonly env: Pick<Env, 'mail' | 'demo'>;
  readonly dataSource: DataSource;
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  readonly accounts: AccountReader;
  readonly history: History;
  readonly secret: Buffer;
  readonly publicUrl: () => string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly unwinding: Unwinding;
  readonly onError: (error: unknown, what: string) => void;
}

/** Mails as this deployment sends them: over SMTP, kept and shown in a demo, or not at all. */
export async function openMails({ env, unwinding, ...options }: OpenMailsOptions): Promise<Mails> {
  const { smtpUrl, from, supportAddress } = env.mail;
  // Loaded by those who send alone.
  const smtp = smtpUrl === null ? null : await openSmtp({ url: smtpUrl, from, supportAddress });
  if (smtp !== null) unwinding.push(() => smtp.close());
  const transport = smtp ?? (env.demo ? 'keep' : null);
  return new Mails({ ...options, nextId: nextUuid, from, supportAddress, transport });
}

async function openSmtp(options: SmtpOptions): Promise<MailTransport> {
  const { openSmtpTransport } = await import('./mail/smtp-transport.js');
  return openSmtpTransport(options);
}
