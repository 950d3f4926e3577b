import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_SECONDS_MAX = 100;
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The built server in a process of its own, as operators run it. */
export interface ServerProcess {
  /** `http://127.0.0.1:<port>` */
  url: string;
  pid: number;
  /** What it has printed so far. */
  log(): string;
  /** Sends the signal and answers the exit code, or null when the signal itself ended the process. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>;
}

/**
 * Runs `node server/dist/main.js` with this environment and nothing else of ours, and returns once `/readyz` says 200.
 * For tests; the build must be there.
 *
 * @param env  PORT is a free one unless given
 * @param onReadyz  told each answer of `/readyz` until then
 * @throws Error with what the server printed when it ends or is not ready in time
 */
export async function startServerProcess(
  env: Record<string, string>,
  onReadyz: (status: number, body: string) => void = () => {},
): Promise<ServerProcess> {
  const server = await launchServerProcess(env);
  const deadline = Date.now() + READY_SECONDS_MAX * 1000;
  while (server.isRunning() && Date.now() < deadline) {
    const answer = await fetch(`${server.url}/readyz`).catch(() => null);
    if (answer !== null) onReadyz(answer.status, await answer.text());
    if (answer?.status === 200) return server;
    await sleep(50);
  }
  await server.end('SIGKILL');
  throw new Error(`The server was not ready. It printed:\n${server.log()}`);
}

/** The same, but returns at once: it may never be ready. */
export async function launchServerProcess(
  env: Record<string, string>,
): Promise<ServerProcess & { isRunning(): boolean; exited: Promise<number | null> }> {
  const port = env['PORT'] ?? String(await freePort());
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], ...env, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;

  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    log: () => log,
    end: async (signal) => {
      child.kill(signal);
      return (await exited)[0];
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    exited: exited.then(([code]) => code),
  };
}

/** A port of 127.0.0.1 that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
