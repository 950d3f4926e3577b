import { ensureProgram } from './system-program.mjs';

/** nginx for the proof of restarts. @returns its path, or null after saying how to get one */
export const ensureNginx = () =>
  ensureProgram({
    name: 'nginx',
    places: ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'],
    packages: ['nginx-light'],
    purpose: 'the proof of restarts',
    variable: 'NGINX_PATH',
  });
