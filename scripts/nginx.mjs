/** nginx for the proof of restarts: found, or installed where that is possible without asking anybody. */
import { existsSync } from 'node:fs';

import { run } from './project.mjs';

const places = [process.env.NGINX_PATH, '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'];

const find = () => places.find((place) => place && existsSync(place)) ?? null;

/** @returns nginx's path, or null after saying how to get one */
export async function ensureNginx() {
  const found = find();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing nginx for the proof of restarts (apt-get) …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
    await run('apt-get', ['update', '-qq'], quiet);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'nginx-light'], quiet);
    const installed = find();
    if (installed) return installed;
  }
  console.error('No nginx found: install it (for example `apt-get install nginx-light`) or set NGINX_PATH to one.');
  return null;
}
