/** The product's server as a process of its own, with real authentication. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatId } from '@aibc/shared/ids';

export async function startServer({ connectionString, port, secret }) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../server/dist/main.js', import.meta.url))], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      DATABASE_URL: connectionString,
      PORT: String(port),
      AUTH_JWT_SECRET: secret,
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}/graphql`;
  let ended;
  child.on('exit', (code) => {
    ended = `the server ended (${code})`;
  });
  for (let tries = 0; ; tries += 1) {
    if (ended) throw new Error(ended);
    if (tries > 300) throw new Error('the server is not ready after 30 s');
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    pid: child.pid,
    publicIds: (ids) => ids.map((id) => formatId('acct', id)),
    stop: () =>
      new Promise((resolve) => {
        child.on('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
}
