import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A pooler before a database, which can be told to clear a session after each of its statements. For tests. */
export interface TestPooler {
  /** The database's connection string, through the pooler. */
  readonly url: string;
  /**
   * From now on, on connections of this application name, each statement is followed by DISCARD ALL, of which the client does not hear,
   * as PgBouncer does between transactions with `server_reset_query_always`; null: on none. What is open is cut.
   */
  forget(applicationName: string | null): void;
  /** By application name: the statements sent over connections that forget. */
  readonly sent: ReadonlyMap<string, readonly string[]>;
  close(): Promise<void>;
}

export async function startTestPooler(databaseUrl: string): Promise<TestPooler> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const sent = new Map<string, string[]>();
  let forgetful: string | null = null;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    pass(near, far, (name) => {
      if (name !== forgetful) return null;
      const statements = sent.get(name) ?? [];
      sent.set(name, statements);
      return statements;
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(port) }).href,
    forget(applicationName) {
      forgetful = applicationName;
      cut();
    },
    sent,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const DISCARD = simpleQuery('DISCARD ALL');
const READY = 'Z';
const IDLE = 'I';

/**
 * Passes on what the two say.
 *
 * @param recordOf  told the application name: where to note the statements of a connection that forgets; null: it does not
 * Source: PostgreSQL documentation, Message Formats
 */
function pass(near: Socket, far: Socket, recordOf: (name: string) => string[] | null): void {
  let statements: string[] | null = null;
  const fromClient = new Messages({ hasStartup: true });
  near.on('data', (data) => {
    for (const { type, body } of fromClient.take(data)) {
      if (type === '') statements = recordOf(nameIn(body));
      else if (type === 'Q') statements?.push(text(body, 0));
      else if (type === 'P') statements?.push(text(body, text(body, 0).length + 1));
    }
    far.write(data);
  });
  const fromServer = new Messages({ hasStartup: false });
  let heldBack: Buffer | null = null;
  far.on('data', (data) => {
    for (const { type, body, whole } of fromServer.take(data)) {
      if (heldBack !== null) {
        // An answer to the pooler, not to its client, who is told after it that the session waits for more.
        if (type !== READY) continue;
        near.write(heldBack);
        heldBack = null;
      } else if (statements !== null && type === READY && body.toString('latin1') === IDLE) {
        heldBack = whole;
        far.write(DISCARD);
      } else near.write(whole);
    }
  });
}

interface Message {
  /** A letter; none: the message that starts a session. */
  readonly type: string;
  readonly body: Buffer;
  readonly whole: Buffer;
}

/** Takes what arrives apart into messages. */
class Messages {
  #rest = Buffer.alloc(0);
  #isStart: boolean;

  constructor({ hasStartup }: { readonly hasStartup: boolean }) {
    this.#isStart = hasStartup;
  }

  *take(data: Buffer): Generator<Message> {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (;;) {
      const head = this.#isStart ? 0 : 1;
      if (this.#rest.length < head + 4) return;
      const length = head + this.#rest.readInt32BE(head);
      if (this.#rest.length < length) return;
      const whole = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      this.#isStart = false;
      yield { type: whole.toString('latin1', 0, head), body: whole.subarray(head + 4), whole };
    }
  }
}

/** The text that ends with a zero byte. */
function text(body: Buffer, from: number): string {
  return body.toString('utf8', from, body.indexOf(0, from));
}

function nameIn(startup: Buffer): string {
  const words = startup.toString('utf8', 4).split('\0');
  return words[words.indexOf('application_name') + 1] ?? '';
}

function simpleQuery(sql: string): Buffer {
  const body = Buffer.from(`${sql}\0`);
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
