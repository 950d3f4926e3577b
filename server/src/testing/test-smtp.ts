import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A mail that an SMTP server took. */
export interface TakenMail {
  /** Of the envelope. */
  readonly to: string;
  readonly raw: string;
  readonly mail: Email;
  header(name: string): string | undefined;
}

/** A real SMTP server on a port of its own, which takes mails and keeps them. For tests. */
export interface TestSmtp {
  readonly url: string;
  readonly taken: TakenMail[];
  /** Answers a recipient with a code like 550; null: takes it again. */
  refuse(address: string, code: number | null): void;
  /** Closes the port: nobody can connect any more. */
  close(): Promise<void>;
}

/** @param onTaken  awaited when a mail is here, before the sender is told so */
export async function startTestSmtp(onTaken: () => Promise<void> | void = () => {}): Promise<TestSmtp> {
  const refused = new Map<string, number>();
  const taken: TakenMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 500,
    onRcptTo({ address }, _session, done) {
      const code = refused.get(address);
      if (code === undefined) return done();
      const error: Error & { responseCode?: number } = new Error('no such mailbox here');
      error.responseCode = code;
      return done(error);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        PostalMime.parse(raw)
          .then((mail) => {
            for (const { address } of session.envelope.rcptTo) {
              const header = (name: string) => mail.headers.find(({ key }) => key === name.toLowerCase())?.value;
              taken.push({ to: address, raw, mail, header });
            }
            return onTaken();
          })
          .then(() => done(), done);
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: given } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${given}`,
    taken,
    refuse: (address, code) => (code === null ? refused.delete(address) : refused.set(address, code)),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
