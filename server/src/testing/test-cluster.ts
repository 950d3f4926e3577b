import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { placeBinaries } from '../postgres/postgres-binaries.js';
import { clusterOf } from '../postgres/postgres-home.js';
import type { PostgresHome } from '../postgres/postgres-home.js';
import { asUser, unprivilegedUser } from '../postgres/postgres-user.js';
import { environment, startPostmaster, stopPostmaster } from '../postgres/postmaster.js';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  wal_level: 'replica',
  max_wal_senders: '4',
  hot_standby: 'on',
  shared_buffers: '32MB',
  max_connections: '80',
};

/** A PostgreSQL cluster of a test's own, which it may stop, copy, put back and promote. */
export interface TestCluster {
  /** Of its database `credits`, straight to the cluster; another port after each start. */
  readonly url: string;
  readonly port: number;
  start(): Promise<void>;
  /** Stops it, keeps a copy of its data directory as it is then, and starts it again. */
  backUp(): Promise<void>;
  /** Stops it, puts the copy back in place of its data directory, and starts it. */
  putBack(): Promise<void>;
  /** Another cluster that follows this one through an address; this one is stopped for a moment. */
  standby(primaryPort: number): Promise<TestCluster>;
  /** Of a standby: begins to take writes. */
  promote(): Promise<void>;
  stop(): void;
  /** Kills it, as a loss of power does. */
  crash(): void;
  remove(): void;
}

export async function startTestCluster(): Promise<TestCluster> {
  const home = makeHome();
  const { initdb } = placeBinaries(home, () => undefined);
  const options = ['--username', 'credits', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  runAs(home, initdb, ['-D', clusterOf(home), ...options]);
  const cluster = new Cluster(home);
  await cluster.start();
  await query(cluster.url.replace(/credits$/, 'postgres'), 'CREATE DATABASE credits');
  return cluster;
}

function makeHome(): PostgresHome {
  const user = unprivilegedUser();
  const directory = mkdtempSync(join(tmpdir(), 'credits-cluster-'));
  chmodSync(directory, 0o755);
  if (user !== null) chownSync(directory, user.uid, user.gid);
  mkdirSync(join(directory, 'leases'));
  return { directory, user };
}

function runAs({ user }: PostgresHome, program: string, args: readonly string[]): void {
  const ran = spawnSync(program, args, { ...asUser(user), encoding: 'utf8', env: environment() });
  if (ran.status !== 0) throw new Error(`${program}: ${ran.error?.message ?? ran.stderr}`);
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

class Cluster implements TestCluster {
  port = 0;
  private pid = 0;

  constructor(private readonly home: PostgresHome) {}

  get url(): string {
    return `postgres://credits@127.0.0.1:${this.port}/credits`;
  }

  async start(): Promise<void> {
    const binaries = placeBinaries(this.home, () => undefined);
    const { postmaster } = await startPostmaster(this.home, binaries, SETTINGS);
    this.port = postmaster.port;
    this.pid = postmaster.pid;
  }

  stop(): void {
    stopPostmaster(
      this.home,
      placeBinaries(this.home, () => undefined),
    );
  }

  crash(): void {
    process.kill(this.pid, 'SIGKILL');
  }

  async backUp(): Promise<void> {
    this.stop();
    copy(clusterOf(this.home), join(this.home.directory, 'backup'));
    await this.start();
  }

  async putBack(): Promise<void> {
    this.stop();
    copy(join(this.home.directory, 'backup'), clusterOf(this.home));
    await this.start();
  }

  async standby(primaryPort: number): Promise<TestCluster> {
    const home = makeHome();
    this.stop();
    copy(clusterOf(this.home), clusterOf(home));
    await this.start();
    writeFileSync(join(clusterOf(home), 'standby.signal'), '');
    appendFileSync(
      join(clusterOf(home), 'postgresql.auto.conf'),
      `primary_conninfo = 'host=127.0.0.1 port=${primaryPort} user=credits'\nwal_retrieve_retry_interval = '100ms'\n`,
    );
    const standby = new Cluster(home);
    await standby.start();
    return standby;
  }

  async promote(): Promise<void> {
    await query(this.url, 'SELECT pg_promote(true, 60)');
  }

  remove(): void {
    this.stop();
    rmSync(this.home.directory, { recursive: true, force: true });
  }
}

/** With its owner and modes. */
function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  const copied = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(copied.stderr);
}

/** An address that leads to a port, and from one moment to the next to another, as a moved name does; or to none. */
export class MovableAddress {
  readonly #sockets = new Set<Socket>();
  #target: number | null;

  private constructor(
    private readonly server: Server,
    target: number,
  ) {
    this.#target = target;
    server.on('connection', (from) => this.#connect(from));
  }

  static async of(target: number): Promise<MovableAddress> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new MovableAddress(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts whoever is connected; null: nobody gets through. */
  moveTo(target: number | null): void {
    this.#target = target;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.moveTo(null);
    this.server.close();
  }

  #connect(from: Socket): void {
    if (this.#target === null) return void from.destroy();
    const to = connect(this.#target, '127.0.0.1');
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
