import { createTransport } from 'nodemailer';

/** A mail as it goes out. */
export interface OutgoingMail {
  readonly to: string;
  readonly messageId: string;
  readonly subject: string;
  readonly html: string;
  readonly plain: string;
  /** The address for one-click unsubscribing; null: it is a confirmation. */
  readonly stopUrl: string | null;
}

/**
 * What became of sending a mail. `refused`: the server knows no such recipient. `failed`: it does not take this mail, and never will.
 * `later`: not now; `isDown`: no mail can be sent now.
 */
export type SendOutcome =
  | { readonly is: 'sent' }
  | { readonly is: 'refused' | 'failed'; readonly trouble: string }
  | { readonly is: 'later'; readonly trouble: string; readonly isDown: boolean };

export interface MailTransport {
  /** Never rejects. */
  send(mail: OutgoingMail): Promise<SendOutcome>;
  close(): void;
}

export interface SmtpOptions {
  readonly url: string;
  readonly from: string;
  /** Where answers go; null: to `from`. */
  readonly supportAddress: string | null;
}

const CONNECT_MS_MAX = 4_000;
const SILENT_MS_MAX = 8_000;
/** Less than the database lets a transaction stand idle: a mail is held by one while it is sent. */
const SEND_MS_MAX = 12_000;
/** Answers of servers that want us to sign in first: they say nothing about the recipient. */
const UNKNOWN_SENDER: ReadonlySet<number> = new Set([530, 534, 535, 538]);
const SENDER_NAME = 'AIBC Credits';
const TROUBLE_CHARS_MAX = 300;

/** Sends mails to an SMTP server, one after the other over one connection that is kept for a while. */
export function openSmtpTransport({ url, from, supportAddress }: SmtpOptions): MailTransport {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 1,
    // What fails is noted here, and tried again by the next round.
    maxRequeues: 0,
    connectionTimeout: CONNECT_MS_MAX,
    greetingTimeout: CONNECT_MS_MAX,
    socketTimeout: SILENT_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      const sending = transport.sendMail({
        from: { name: SENDER_NAME, address: from },
        to: { name: '', address: mail.to },
        envelope: { from, to: [mail.to] },
        ...(supportAddress === null ? {} : { replyTo: { name: '', address: supportAddress } }),
        messageId: mail.messageId,
        subject: mail.subject,
        html: mail.html,
        text: mail.plain,
        headers: {
          'Auto-Submitted': 'auto-generated',
          ...(mail.stopUrl === null
            ? {}
            : {
                'List-Unsubscribe': `<${mail.stopUrl}>`,
                'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
              }),
        },
      });
      return withinTime(sending.then((): SendOutcome => ({ is: 'sent' }), outcomeOf));
    },
    close: () => transport.close(),
  };
}

/** A server that is too slow is told the same mail again later, under the same Message-ID. */
async function withinTime(sending: Promise<SendOutcome>): Promise<SendOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<SendOutcome>((resolve) => {
    timer = setTimeout(
      () => resolve({ is: 'later', trouble: 'the mail server took too long', isDown: true }),
      SEND_MS_MAX,
    );
  });
  return Promise.race([sending, late]).finally(() => clearTimeout(timer));
}

/** What an error of the transport means for the mail. */
function outcomeOf(error: unknown): SendOutcome {
  const { code, responseCode, command, message } = error as {
    code?: unknown;
    responseCode?: unknown;
    command?: unknown;
    message?: unknown;
  };
  const trouble = String(message).slice(0, TROUBLE_CHARS_MAX);
  const isForGood = typeof responseCode === 'number' && responseCode >= 500 && !UNKNOWN_SENDER.has(responseCode);
  if (code === 'EENVELOPE' && command === 'API') return { is: 'failed', trouble };
  if (code === 'EENVELOPE' && command === 'RCPT TO' && !UNKNOWN_SENDER.has(Number(responseCode)))
    return isForGood ? { is: 'refused', trouble } : { is: 'later', trouble, isDown: false };
  if (code === 'EMESSAGE' && isForGood) return { is: 'failed', trouble };
  return { is: 'later', trouble, isDown: code !== 'EMESSAGE' };
}
