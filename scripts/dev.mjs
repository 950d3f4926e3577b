/**
 * `npm run dev`: the server from its sources, restarted on every change, and the dashboard with hot reloading. Ctrl-C
 * ends both.
 */
import { spawn } from 'node:child_process';

import { endWithNpm, ensureInstalled, ensureNode, root, tool } from './project.mjs';

ensureNode();
endWithNpm();
await ensureInstalled();

const port = process.env.PORT ?? '4000';
const start = (args, env) =>
  spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
const children = [
  start(
    [
      '--watch',
      '--watch-preserve-output',
      '--no-warnings',
      '--import',
      './scripts/typescript.mjs',
      'server/src/main.ts',
    ],
    { PORT: port },
  ),
  start([tool('vite'), '--config', 'client/vite.config.ts'], { API_URL: `http://127.0.0.1:${port}` }),
];

const end = () => children.forEach((child) => child.exitCode === null && child.kill('SIGTERM'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, end);
for (const child of children) {
  child.once('exit', (code) => {
    process.exitCode ??= code ?? 0;
    end();
  });
}
