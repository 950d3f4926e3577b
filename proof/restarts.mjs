/**
 * Restarts under load, with processes and proxies as an office runs them.
 *
 * First one process and 500 stock graphql-ws clients behind one address, near and 80 ms away: SIGTERM, and the next process at once at
 * the same port. Then two processes behind nginx, with the configuration of docs/operations.md, under 32 callers and 100 stock
 * clients: SIGTERM and `kill -9` of each in turn. At SIGTERM no request fails; what `kill -9` tears is answered when it is repeated under
 * its key.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { createTestDatabase } from '../server/dist/db/test-database.js';
import { startTestProxy } from '../server/dist/testing/test-proxy.js';
import { freePort } from '../server/dist/testing/test-server.js';
import { ensureNginx } from '../scripts/nginx.mjs';
import { root } from '../scripts/project.mjs';
import { Load, openAccount } from './load.mjs';
import { SECRET, signService } from './server.mjs';

const CROWD = 500;
const CONNECTED_SECONDS_MAX = 2;
const BACK_SECONDS_MAX = 8;
const FIRST_BACK_MS = 1_200;
/** A start that takes longer gives its port back. */
const START_MS_MAX = 9_000;
const CALLERS = 32;
const CLIENTS = 100;
const WAIT_SECONDS_MAX = 30;
/** Requests between one harm and the next. */
const MORE = 400;

export async function prove({ bounded, check, say }) {
  const database = await createTestDatabase();
  const token = await signService();
  try {
    for (const delayMs of [0, 80]) await proveStorm({ database, token, delayMs, bounded, check });
    await proveRolling({ database, token, rounds: bounded ? 1 : 5, check, say });
  } finally {
    await database.drop();
  }
}

async function proveStorm({ database, token, delayMs, bounded, check }) {
  const server = await Process.start({ port: await freePort(), databaseUrl: database.url });
  const proxy = await startTestProxy({ port: server.port }, delayMs);
  const accountId = await openAccount(server.port, token);
  const crowd = new Crowd({ url: `ws://127.0.0.1:${proxy.port}/graphql`, token, accountId, count: CROWD });
  try {
    const connected = await crowd.allHeard();
    crowd.forget();
    const startedAt = performance.now();
    await server.end('SIGTERM');
    const downAt = performance.now();
    await server.start();
    await crowd.allHeard();
    const back = seconds(startedAt);
    // A closed port is final to a stock client, which comes back after 1.3 s at the earliest.
    const isSlowMachine = bounded && (server.listeningAfterMs > FIRST_BACK_MS || server.readyAfterMs > START_MS_MAX);
    const problem = [
      !isSlowMachine && crowd.gone.length > 0 && `${crowd.gone.length} gave up: ${crowd.problem}`,
      !isSlowMachine && crowd.missing > 0 && `${crowd.missing} are not back`,
      !bounded && connected > CONNECTED_SECONDS_MAX && `connected after ${connected.toFixed(2)} s`,
      !bounded && back > BACK_SECONDS_MAX && `back after ${back.toFixed(2)} s`,
    ].filter(Boolean);
    check(
      `${CROWD} stock clients of one address, ${delayMs} ms away: connected after ${connected.toFixed(2)} s; after a restart (ended in ${((downAt - startedAt) / 1000).toFixed(2)} s, listening ${(server.listeningAfterMs / 1000).toFixed(2)} s and ready ${(server.readyAfterMs / 1000).toFixed(2)} s later) ${isSlowMachine ? `${crowd.gone.length} found the port closed, since this machine is that slow` : `all back after ${back.toFixed(2)} s`}`,
      problem.join(', '),
    );
  } finally {
    await crowd.dispose();
    await proxy.close();
    await server.end('SIGKILL');
  }
}

async function proveRolling({ database, token, rounds, check, say }) {
  const path = await ensureNginx();
  if (path === null) return check('nginx is there', 'it is not');
  const ports = [await freePort(), await freePort()];
  const servers = await Promise.all(ports.map((port) => Process.start({ port, databaseUrl: database.url })));
  const nginx = await Nginx.start(path, ports);
  const accounts = await Promise.all(Array.from({ length: 8 }, () => openAccount(nginx.port, token)));
  const crowd = new Crowd({
    url: `ws://127.0.0.1:${nginx.port}/graphql`,
    token,
    accountId: accounts[0],
    count: CLIENTS,
  });
  const load = new Load({ port: nginx.port, token, accounts, callers: CALLERS });
  try {
    await crowd.allHeard();
    await load.more(MORE);
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      const before = { ...load.counts };
      for (let round = 0; round < rounds; round++)
        for (const server of servers) {
          await server.end(signal);
          await load.more(MORE);
          await server.start();
          await load.more(MORE);
        }
      const failed = load.counts.failed - before.failed;
      const answered = load.counts.answered - before.answered;
      const what = `nginx, two processes, ${signal === 'SIGTERM' ? 'SIGTERM' : 'kill -9'} ${rounds * 2} times in turn under ${CALLERS} callers`;
      if (signal === 'SIGTERM')
        check(
          `${what}: ${answered} requests answered, ${failed} failed`,
          failed === 0 ? '' : load.failures.slice(0, 3).join('; '),
        );
      else
        check(
          `${what}: ${answered} requests answered, ${failed} torn, all of which were answered when repeated under their key`,
          load.counts.lost === 0 ? '' : `${load.counts.lost} were not answered when repeated`,
        );
    }
    crowd.forget();
    await load.more(CALLERS * 2);
    await crowd.allHeard();
    check(`${CLIENTS} stock clients behind nginx are all there after it`, crowd.problem);
    say(`        slowest answer ${load.slowestMs} ms`);
  } finally {
    await load.end();
    await crowd.dispose();
    await nginx.stop();
    for (const server of servers) await server.end('SIGKILL');
  }
}

const seconds = (since) => (performance.now() - since) / 1000;

/** A server of the build, at one port for all its lives. */
class Process {
  listeningAfterMs = 0;
  readyAfterMs = 0;

  static async start({ port, databaseUrl }) {
    const server = new Process();
    Object.assign(server, { port, databaseUrl });
    await server.start();
    return server;
  }

  async start() {
    const startedAt = performance.now();
    this.child = spawn(process.execPath, ['server/dist/main.js'], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        PORT: String(this.port),
        HOST: '127.0.0.1',
        TRUST_PROXY: 'loopback',
        DATABASE_URL: this.databaseUrl,
        AUTH_JWT_SECRET: SECRET,
        LOG_LEVEL: 'silent',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    this.child.stderr.on('data', (chunk) => (said += chunk));
    this.closed = once(this.child, 'close');
    this.listeningAfterMs = 0;
    for (;;) {
      if (this.child.exitCode !== null) throw new Error(`the server of port ${this.port} ended: ${said}`);
      const answer = await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => null);
      await answer?.arrayBuffer();
      if (answer !== null && this.listeningAfterMs === 0) this.listeningAfterMs = performance.now() - startedAt;
      if (answer?.ok) break;
      await sleep(10);
    }
    this.readyAfterMs = performance.now() - startedAt;
  }

  async end(signal) {
    this.child.kill(signal);
    await this.closed;
  }
}

/** nginx with the configuration of docs/operations.md, only at other ports and in a folder of its own. */
class Nginx {
  static async start(path, [first, second]) {
    const nginx = new Nginx();
    nginx.port = await freePort();
    nginx.folder = mkdtempSync(join(tmpdir(), 'aibc-credits-nginx-'));
    const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    const section = operations.slice(operations.indexOf('## Behind nginx'));
    const documented = /```nginx\n([^`]*)```/.exec(section)?.[1];
    if (!documented?.includes('127.0.0.1:4001'))
      throw new Error('docs/operations.md shows no nginx before two processes');
    const site = documented
      .replace('127.0.0.1:4000', `127.0.0.1:${first}`)
      .replace('127.0.0.1:4001', `127.0.0.1:${second}`)
      .replace('listen 80;', `listen 127.0.0.1:${nginx.port};`);
    const file = join(nginx.folder, 'nginx.conf');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${nginx.folder};`,
    );
    writeFileSync(
      file,
      `${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; pid ${nginx.folder}/pid; error_log ${nginx.folder}/error.log;
       worker_processes 1; events { worker_connections 4096; }
       http { access_log off; ${paths.join(' ')}\n${site} }`,
    );
    nginx.child = spawn(path, ['-e', `${nginx.folder}/error.log`, '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    nginx.child.stderr.on('data', (chunk) => (said += chunk));
    nginx.closed = once(nginx.child, 'close');
    while (!(await fetch(`http://127.0.0.1:${nginx.port}/healthz`).catch(() => null))?.ok) {
      if (nginx.child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
      await sleep(20);
    }
    return nginx;
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.closed;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Clients of the graphql-ws package as it comes, each with one live balance. */
class Crowd {
  gone = [];

  constructor({ url, token, accountId, count }) {
    this.heard = Array(count).fill(false);
    this.clients = this.heard.map((_none, index) => {
      const client = createClient({
        url,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
      });
      client.subscribe(
        {
          query: 'subscription B($id: ID!) { balanceChanged(accountId: $id) { available } }',
          variables: { id: accountId },
        },
        {
          next: ({ errors }) => (errors ? this.gone.push(errors[0]) : (this.heard[index] = true)),
          error: (error) => this.gone.push(error),
          complete: () => {},
        },
      );
      return client;
    });
  }

  get missing() {
    return this.heard.filter((heard) => !heard).length;
  }

  get problem() {
    const missing = this.missing > 0 ? [`${this.missing} do not hear`] : [];
    return [...missing, ...this.gone.slice(0, 2).map((error) => String(error?.message ?? error?.code))].join('; ');
  }

  forget() {
    this.heard.fill(false);
  }

  /** Waits until everybody has heard of the balance, or gave up; in seconds. */
  async allHeard() {
    const startedAt = performance.now();
    while (this.missing > this.gone.length && seconds(startedAt) < WAIT_SECONDS_MAX) await sleep(10);
    return seconds(startedAt);
  }

  async dispose() {
    for (const client of this.clients) await client.dispose();
  }
}
