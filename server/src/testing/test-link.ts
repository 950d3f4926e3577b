import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** An address before a database that can be cut, or moved to another, as a failover moves a name. For tests. */
export interface TestLink {
  /** The database's connection string, by this address. */
  readonly url: string;
  /** New connections lead to this server; those that are open stay where they are. */
  moveTo(databaseUrl: string): void;
  /** Cuts what is open and lets nobody in. */
  cut(): void;
  /** Lets in again. */
  mend(): void;
  /** Open connections. */
  readonly size: number;
  close(): Promise<void>;
}

export async function openTestLink(databaseUrl: string): Promise<TestLink> {
  let target = new URL(databaseUrl);
  let isCut = false;
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        ends.delete(from);
        to.destroy();
      });
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const cut = (): void => {
    isCut = true;
    for (const end of ends) end.destroy();
  };
  return {
    url: url.href,
    moveTo: (to) => (target = new URL(to)),
    cut,
    mend: () => (isCut = false),
    get size() {
      return ends.size / 2;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
