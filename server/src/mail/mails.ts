import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { History } from '../db/history.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import type { EventType } from '../ledger/core/events.js';
import { EventStore } from '../live/event-store.js';
import { collectMails } from './collect-mails.js';
import { MAILED_TYPES } from './event-mails.js';
import { followConfirmation, followStop, type FollowLinksDeps, readStop } from './follow-links.js';
import { findKeptMail, type KeptMail, listKeptMails } from './kept-mails.js';
import { MailAddresses } from './mail-addresses.js';
import { KIND_WORDS } from './mail-kind.js';
import { MailLinks } from './mail-links.js';
import { sendMails } from './send-mails.js';
import type { MailTransport } from './smtp-transport.js';

/** How long after an event its mail is written at the latest, while jobs run: a busy ledger would otherwise begin a job for each commit. */
const SOON_MS = 2_000;
const MAILED: ReadonlySet<EventType> = new Set(MAILED_TYPES);

export interface MailsOptions {
  readonly dataSource: DataSource;
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  readonly accounts: Pick<AccountReader, 'readAll'>;
  readonly history: Pick<History, 'eraOf'>;
  readonly nextId: () => string;
  /** Epoch milliseconds: the wall clock, also for sandbox accounts. */
  readonly clock: () => number;
  /** Seals the links in mails. */
  readonly secret: Buffer;
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
  readonly from: string;
  readonly supportAddress: string | null;
  /** Sends; `keep`: a demo shows them instead; null: they wait until somebody configures how they are sent. */
  readonly transport: MailTransport | 'keep' | null;
  readonly onError: (error: unknown, what: string) => void;
}

/**
 * Mails to those who asked for them: what is to be sent follows from the log of events, and stands in rows until it is sent.
 *
 * Any number of processes may work at once. Source: docs/decisions/mail.md
 */
export class Mails {
  readonly #options: MailsOptions;
  readonly #events: EventStore;
  readonly #addresses: MailAddresses;
  readonly #follow: FollowLinksDeps;
  #wake: () => void = () => {};
  #soon: NodeJS.Timeout | null = null;

  constructor(options: MailsOptions) {
    const links = new MailLinks(options.secret);
    this.#options = options;
    this.#events = new EventStore(options.reader);
    this.#addresses = new MailAddresses({ ...options, links });
    this.#follow = { ...options, links };
  }

  /** Whom recipients may ask; null: nobody is named. */
  get supportAddress(): string | null {
    return this.#options.supportAddress;
  }

  /** Reads the feed on and sends what is to be sent; afterwards nothing is left whose time has come, unless sending fails. */
  async work(signal?: AbortSignal): Promise<void> {
    const { transport } = this.#options;
    await collectMails({ ...this.#options, events: this.#events }, signal);
    if (transport === null) return;
    const deps = { ...this.#options, events: this.#events, addresses: this.#addresses };
    await sendMails({ ...deps, transport: transport === 'keep' ? null : transport }, signal);
  }

  /** Has `listener` called when there is something to send soon. */
  onWoken(listener: () => void): void {
    this.#wake = listener;
  }

  wake(): void {
    this.#wake();
  }

  /** Has what was just committed mailed soon; it is mailed within a minute also when this is lost with the process. */
  noteEvents(events: readonly { readonly type: EventType }[]): void {
    if (this.#soon !== null || this.#options.transport === null) return;
    if (!events.some(({ type }) => MAILED.has(type))) return;
    this.#soon = setTimeout(() => {
      this.#soon = null;
      this.#wake();
    }, SOON_MS).unref();
  }

  /** What came of following a confirmation link, in a sentence; null: it is no link, or not any more. */
  async confirm(token: string): Promise<string | null> {
    const address = await followConfirmation(this.#follow, token);
    return address === null ? null : `Mails go to ${address} from now on.`;
  }

  /** What an unsubscribe link stops, in words; null: it is no link, or not any more. */
  async readStop(token: string): Promise<string | null> {
    const kind = await readStop(this.#follow, token);
    return kind === null ? null : KIND_WORDS[kind];
  }

  /** Stops what the link is about, and says what that was. */
  async stop(token: string): Promise<string | null> {
    const kind = await followStop(this.#follow, token);
    return kind === null ? null : KIND_WORDS[kind];
  }

  /** The mails of a demo, what has just happened among them. */
  async listKept(): Promise<KeptMail[]> {
    await this.work();
    return listKeptMails(this.#options.dataSource);
  }

  findKept(accountId: string, id: string): Promise<KeptMail | null> {
    return findKeptMail(this.#options.dataSource, accountId, id);
  }
}
