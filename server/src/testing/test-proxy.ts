import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A TCP proxy between two parts of a test: far away, or silent. */
export interface TestProxy {
  readonly port: number;
  /** From now on nothing is passed on, as over a cable that was cut: no answer, and no end either. */
  silence(): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy of 127.0.0.1 that passes everything on, each way `delayMs` later.
 *
 * @param target  where connections lead to
 * @param port  its own; a free one unless given
 */
export async function startTestProxy(
  target: { port: number; host?: string },
  delayMs = 0,
  port = 0,
): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  const later = (act: () => void): void => {
    if (delayMs === 0) act();
    else setTimeout(act, delayMs);
  };
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (data) => later(() => isSilent || to.destroyed || to.write(data)));
    from.on('end', () => later(() => isSilent || to.end()));
    from.on('error', () => later(() => isSilent || to.destroy()));
    from.on('close', () => {
      sockets.delete(from);
      later(() => isSilent || to.destroy());
    });
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target.port, host: target.host ?? '127.0.0.1', allowHalfOpen: true });
    pass(near, far);
    pass(far, near);
  });
  server.listen({ port, host: '127.0.0.1', backlog: 4_096 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    silence: () => (isSilent = true),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
