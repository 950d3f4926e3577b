import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionConfig, prepareConnection, sessionOf } from '../db/connect.js';
import type { ServerTurns } from '../db/server-turns.js';
import { READER_SETTINGS } from '../db/session-settings.js';
import {
  DOORBELL_CHANNEL as CHANNEL,
  RINGS_MAX,
  formatPresence,
  formatRings,
  parseDoorbell,
} from './doorbell-message.js';
import type { Ring } from './doorbell-message.js';
import { Peers } from './peers.js';

const HEARTBEAT_MS = 5_000;
const RECONNECT_MS_MAX = 2_000;
const GOODBYE_MS_MAX = 1_000;
/** From one notifying statement to the next: a busy server rings 200 times a second and not for every batch. */
const SPACING_MS = 5;

export interface DoorbellOptions {
  /** A connection string; through a pooler in transaction mode nothing would be heard. */
  readonly databaseUrl: string;
  /** The history that this process is in. */
  readonly historyId: () => string;
  /** Another process is in another history. */
  readonly onOtherHistory: () => void;
  /** Other processes' accounts moved; null: too many to name. */
  readonly onRings: (rings: readonly Ring[] | null) => void;
  /** Heard again after a time in which anything may have been missed; also at the start. */
  readonly onConnected: () => void;
  readonly onError: (error: unknown) => void;
  readonly heartbeatMs?: number;
  /** Tells when the database is another server than before. */
  readonly turns?: ServerTurns | undefined;
}

/**
 * Wakes the other processes after a commit, and is woken by them: Postgres NOTIFY and LISTEN on one connection of its own.
 *
 * Outside the paying transactions, since a transaction that notifies holds an instance-wide lock through its commit. At most one
 * notifying statement is under way; what comes meanwhile goes with the next, an account once. Nothing is sent while no other process is there,
 * which they show by a heartbeat; in doubt it rings. A ring may be lost: those who listen look for themselves on `onConnected` and every few seconds.
 * Source: docs/architecture.md, Laws
 */
export class Doorbell {
  readonly #id = randomBytes(12).toString('base64url');
  readonly #options: DoorbellOptions;
  readonly #peers = new Peers();
  readonly #heartbeatMs: number;
  readonly #undo: (() => void) | undefined;
  readonly #pending = new Map<string, Ring>();
  #messages: string[] = [];
  #client: pg.Client | null = null;
  #sending: Promise<void> | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #reconnect: NodeJS.Timeout | null = null;
  #reconnectMs = 0;
  #heardOwnAt = 0;
  #closed = false;
  #connects = 0;

  constructor(options: DoorbellOptions) {
    this.#options = options;
    this.#undo = options.turns?.onTurn(() => {
      // Other processes listen and notify at the new server.
      if (this.#client !== null) this.#lost(this.#client, new Error('the database is another server by now'));
    });
    this.#heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
  }

  /** Listens; resolves after the first attempt, and goes on trying if that failed. */
  async start(): Promise<void> {
    await this.#connect();
  }

  /** Says that these accounts moved, unless nobody else is there. */
  ring(rings: readonly Ring[]): void {
    if (this.#closed || this.#peers.alone) return;
    for (const ring of rings) {
      // From there on the message names nobody, and everybody looks at all.
      if (this.#pending.size > RINGS_MAX) break;
      const known = this.#pending.get(ring.accountId);
      const newer = known === undefined || ring.version > known.version ? ring : known;
      this.#pending.set(ring.accountId, known?.events && !newer.events ? { ...newer, events: true } : newer);
    }
    this.#send();
  }

  /** Says at once that this process is there, and in which history. */
  sayHere(): void {
    if (this.#closed) return;
    this.#messages.push(this.#presence('here'));
    this.#send();
  }

  /** Whether it would ring now. */
  get rings(): boolean {
    return !this.#closed && !this.#peers.alone;
  }

  /** Whether another process that serves the same database was heard of lately. */
  get hasPeers(): boolean {
    return this.#peers.present;
  }

  /** How often it was lost and heard again. */
  get reconnects(): number {
    return Math.max(0, this.#connects - 1);
  }

  get connected(): boolean {
    return this.#client !== null;
  }

  /** Takes leave and closes the connection. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#messages.push(this.#presence('gone'));
    this.#send();
    this.#closed = true;
    this.#undo?.();
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    if (this.#reconnect !== null) clearTimeout(this.#reconnect);
    await Promise.race([this.#sending, sleep(GOODBYE_MS_MAX, undefined, { ref: false })]);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const config = connectionConfig(this.#options.databaseUrl, 'credits doorbell');
    const client = new pg.Client({
      ...config,
      keepAliveInitialDelayMillis: 5_000,
      query_timeout: 10_000,
    });
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client, new Error('the doorbell connection ended')));
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    try {
      await client.connect();
      this.#options.turns?.seen(client, await prepareConnection(client, sessionOf(config, READER_SETTINGS)));
      await client.query(`LISTEN ${CHANNEL}`);
      // Another connection found another server while this one was being made.
      if (this.#options.turns?.isLeftBehind(client)) throw new Error('the database is another server by now');
    } catch (error) {
      this.#options.onError(error);
      client.removeAllListeners('end');
      void client.end().catch(() => undefined);
      this.#retry();
      return;
    }
    if (this.#closed) return void client.end().catch(() => undefined);
    this.#client = client;
    this.#connects++;
    this.#reconnectMs = 0;
    this.#heardOwnAt = performance.now();
    this.#peers.asked();
    this.#messages.push(this.#presence('hello'));
    this.#heartbeat ??= setInterval(() => this.#beat(), this.#heartbeatMs);
    this.#heartbeat.unref();
    this.#send();
    this.#options.onConnected();
  }

  #lost(client: pg.Client, error: Error): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#peers.deaf();
    if (this.#closed) return;
    this.#options.onError(error);
    void client.end().catch(() => undefined);
    this.#retry();
  }

  #retry(): void {
    if (this.#closed) return;
    this.#reconnect = setTimeout(() => void this.#connect(), this.#reconnectMs);
    this.#reconnect.unref();
    this.#reconnectMs = Math.min(RECONNECT_MS_MAX, this.#reconnectMs * 2 + 50);
  }

  #beat(): void {
    const client = this.#client;
    if (client === null) return;
    if (performance.now() - this.#heardOwnAt > this.#heartbeatMs * 3) {
      this.#lost(client, new Error('the doorbell connection does not hear itself any more'));
      return;
    }
    this.sayHere();
  }

  #presence(kind: 'hello' | 'here' | 'gone'): string {
    return formatPresence(kind, this.#id, this.#options.historyId());
  }

  #hear(payload: string): void {
    const message = parseDoorbell(payload);
    if (message === null || this.#closed) return;
    if (message.sender === this.#id) {
      this.#heardOwnAt = performance.now();
      return;
    }
    if (message.historyId !== null && message.historyId !== this.#options.historyId()) this.#options.onOtherHistory();
    if (message.kind === 'gone') {
      this.#peers.left(message.sender);
      return;
    }
    this.#peers.heard(message.sender);
    if (message.kind === 'hello') this.sayHere();
    else if (message.kind === 'rings') this.#options.onRings(message.rings);
  }

  #send(): void {
    if (this.#sending !== null || this.#client === null) return;
    this.#sending = this.#sendAll().finally(() => {
      this.#sending = null;
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#client !== null && (this.#pending.size > 0 || this.#messages.length > 0)) {
      const client = this.#client;
      const rings = [...this.#pending.values()];
      const messages = this.#messages;
      this.#pending.clear();
      this.#messages = [];
      try {
        await client.query({
          name: 'live_notify',
          text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload',
          values: [CHANNEL, [...messages, ...formatRings(this.#id, this.#options.historyId(), rings)]],
        });
      } catch (error) {
        // What was rung may not have been heard: it goes with the next, unless something newer is waiting by then.
        for (const ring of rings)
          if ((this.#pending.get(ring.accountId)?.version ?? 0) < ring.version) this.#pending.set(ring.accountId, ring);
        this.#lost(client, error instanceof Error ? error : new Error(String(error)));
        return;
      }
      await sleep(SPACING_MS, undefined, { ref: false });
    }
  }
}
