/** The product's server as a process of its own, for proofs: it is started, asked, killed and started again. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { SignJWT } from 'jose';

import { root } from '../scripts/project.mjs';

/** What servers under proof are given as AUTH_JWT_SECRET. */
export const SECRET = 'a secret that only proofs know, long enough';

/** Longer than any answer takes; a server that is killed meanwhile answers never. */
const ANSWER_MS_MAX = 15_000;

export function sign(claims) {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(`proof-${claims.kind}`)
    .setIssuedAt(now)
    .setExpirationTime(now + 86_400)
    .sign(new TextEncoder().encode(SECRET));
}

/** A token of a service that may do everything that services may. */
export function signService() {
  return sign({ kind: 'service', accounts: '*', scope: 'credits:read credits:reserve keys:admin' });
}

export class Server {
  /** @param settings  environment variables beside those that every proof gives */
  constructor(port, databaseUrl, { settings = {}, token = null } = {}) {
    Object.assign(this, { port, databaseUrl, settings, token });
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Resolves when it is ready. */
  async start(databaseUrl = this.databaseUrl) {
    this.databaseUrl = databaseUrl;
    this.child = spawn(process.execPath, ['server/dist/main.js'], {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: 'test',
        PORT: String(this.port),
        HOST: '127.0.0.1',
        DATABASE_URL: databaseUrl,
        AUTH_JWT_SECRET: SECRET,
        LOG_LEVEL: 'silent',
        PUBLIC_URL: this.url,
        ...this.settings,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    this.child.stderr.on('data', (chunk) => (said += chunk));
    this.closed = new Promise((resolve) => this.child.once('close', resolve));
    for (;;) {
      if (this.child.exitCode !== null) throw new Error(`the server of port ${this.port} ended: ${said}`);
      const ready = await fetch(`${this.url}/readyz`).catch(() => null);
      if (ready?.ok) return;
      await sleep(50);
    }
  }

  isUp() {
    return this.child.exitCode === null && this.child.signalCode === null && !this.child.killed;
  }

  /** As a power cut would: nothing is finished, nothing is said. One that has not been started, or has ended, stays as it is. */
  async kill() {
    this.child?.kill('SIGKILL');
    await this.closed;
  }

  async restart() {
    await this.kill();
    await this.start();
  }

  /** Asks with its token; throws what is wrong with the request. */
  async ask(query, variables = {}) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.token}` };
    const body = JSON.stringify({ query, variables });
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const response = await fetch(`${this.url}/graphql`, { method: 'POST', headers, body, signal });
    const { data, errors } = await response.json();
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** @returns the status; 0: nobody answered */
  async post(path, headers, body) {
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const asked = fetch(`${this.url}${path}`, { method: 'POST', headers, body, signal });
    return asked.then(
      ({ status }) => status,
      () => 0,
    );
  }

  async openAccount(sandbox = true) {
    const { createAccount } = await this.ask(
      'mutation ($input: CreateAccountInput!) { createAccount(input: $input) { id } }',
      { input: { name: 'Proof', plan: 'PRO', sandbox } },
    );
    return createAccount.id;
  }

  /** Has it look after its jobs now, not within the minute: somebody enters an address that is to be confirmed. */
  async wake() {
    const accountId = await this.openAccount();
    await this.ask('mutation ($input: SetEmailPreferencesInput!) { setEmailPreferences(input: $input) { id } }', {
      input: { accountId, address: `new-${accountId}@example.com` },
    });
  }
}
