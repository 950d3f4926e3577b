import pg from 'pg';

type Member = 'bind' | 'hold';

/** A client through which the named members of the driver cannot be had, or none at all if none is named, as in a version that has renamed them. */
export function withoutMembers(config: pg.ClientConfig, ...members: readonly Member[]): pg.Client {
  if (members.length === 0) return seenAs(new pg.Client(config), undefined);
  const stream = members.includes('hold') ? { cork: undefined } : {};
  return seenThrough(new pg.Client(config), members.includes('bind') ? { bind: undefined } : {}, stream);
}

/** A client whose connection can be had and is not what the driver uses: what is set and held there has no effect. */
export function withDeafMembers(config: pg.ClientConfig): pg.Client {
  const stream = { cork: () => {}, uncork: () => {}, write: () => true, writableLength: 0 };
  return seenAs(new pg.Client(config), { bind: () => {}, stream });
}

/** A client over which messages that are written as they lie arrive as something that the server does not understand. */
export function withGarbledMessages(config: pg.ClientConfig): pg.Client {
  const client = new pg.Client(config);
  const { stream } = connectionOf(client);
  return seenThrough(client, {}, { write: () => stream.write(Buffer.from('B\0\0\0\x04', 'latin1')) });
}

interface Connection {
  readonly stream: { write(data: Buffer): unknown };
}

function connectionOf(client: pg.Client): Connection {
  return Reflect.get(client, 'connection') as Connection;
}

function seenThrough(client: pg.Client, ofConnection: object, ofStream: object): pg.Client {
  const connection = connectionOf(client);
  return seenAs(client, proxy(connection, { stream: proxy(connection.stream, ofStream), ...ofConnection }));
}

function seenAs(client: pg.Client, connection: object | undefined): pg.Client {
  return proxy(client, { connection });
}

/** The same object, but for some members. */
function proxy<T extends object>(of: T, others: object): T {
  return new Proxy(of, {
    get(target, name) {
      if (Object.hasOwn(others, name)) return Reflect.get(others, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
