import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../db/migrate.js';
import { migrations } from '../db/migrations.js';
import { placeBinaries } from '../postgres/postgres-binaries.js';
import type { PostgresBinaries } from '../postgres/postgres-binaries.js';
import { clusterOf } from '../postgres/postgres-home.js';
import type { PostgresHome } from '../postgres/postgres-home.js';
import { asUser, unprivilegedUser } from '../postgres/postgres-user.js';
import { environment, startPostmaster } from '../postgres/postmaster.js';
import { until } from './test-until.js';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  wal_level: 'replica',
  max_wal_senders: '4',
  wal_keep_size: '64MB',
  hot_standby: 'on',
  shared_buffers: '32MB',
  max_connections: '80',
};

/** A PostgreSQL cluster of a test's own, which it may stop, copy, put back and promote. */
export interface TestCluster {
  /** Of its migrated database, straight to the cluster. */
  readonly url: string;
  /** Perhaps another after each start. */
  readonly port: number;
  start(): Promise<void>;
  /** Stops it, keeps a copy of its data directory as it is then, and starts it again. */
  backUp(): Promise<void>;
  /** Stops it, puts the copy back in place of its data directory, and starts it. */
  putBack(): Promise<void>;
  /** Of a standby: begins to take writes. */
  promote(): Promise<void>;
  /** Stops it after its standbys have all of it, and cuts whoever is connected; does nothing to one that is stopped. */
  stop(): Promise<void>;
  /** Kills it, as a loss of power does. */
  crash(): void;
  remove(): Promise<void>;
}

/** Clusters that begin as copies of one, which was initialised and migrated once: a copy takes a fraction of the time. */
export class TestClusters {
  private constructor(
    private readonly original: PostgresHome,
    private readonly binaries: PostgresBinaries,
  ) {}

  static async make(): Promise<TestClusters> {
    const home = makeHome();
    const binaries = placeBinaries(home, () => undefined);
    const options = ['--username', 'credits', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
    runAs(home, binaries.initdb, ['-D', clusterOf(home), ...options]);
    const cluster = new Cluster(home, binaries);
    await cluster.start();
    await migrate(cluster.url, migrations);
    await cluster.stop();
    return new TestClusters(home, binaries);
  }

  /** @param following  the port of the cluster that it follows, as its standby */
  async start(following?: number): Promise<TestCluster> {
    const home = makeHome();
    copy(clusterOf(this.original), clusterOf(home));
    if (following !== undefined) {
      writeFileSync(join(clusterOf(home), 'standby.signal'), '');
      appendFileSync(
        join(clusterOf(home), 'postgresql.auto.conf'),
        `primary_conninfo = 'host=127.0.0.1 port=${following} user=credits'\nwal_retrieve_retry_interval = '100ms'\n`,
      );
    }
    const cluster = new Cluster(home, this.binaries);
    await cluster.start();
    return cluster;
  }

  remove(): void {
    rmSync(this.original.directory, { recursive: true, force: true });
  }
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

class Cluster implements TestCluster {
  port = 0;
  private pid = 0;

  constructor(
    private readonly home: PostgresHome,
    private readonly binaries: PostgresBinaries,
  ) {}

  get url(): string {
    return `postgres://credits@127.0.0.1:${this.port}/postgres`;
  }

  async start(): Promise<void> {
    const { postmaster } = await startPostmaster(this.home, this.binaries, SETTINGS);
    this.port = postmaster.port;
    this.pid = postmaster.pid;
  }

  async stop(): Promise<void> {
    if (this.pid === 0) return;
    process.kill(this.pid, 'SIGINT');
    this.pid = 0;
    await until(() => !existsSync(join(clusterOf(this.home), 'postmaster.pid')));
  }

  crash(): void {
    process.kill(this.pid, 'SIGKILL');
    this.pid = 0;
  }

  async backUp(): Promise<void> {
    await this.stop();
    copy(clusterOf(this.home), join(this.home.directory, 'backup'));
    await this.start();
  }

  async putBack(): Promise<void> {
    await this.stop();
    copy(join(this.home.directory, 'backup'), clusterOf(this.home));
    await this.start();
  }

  async promote(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query('SELECT pg_promote(true, 60)');
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    await this.stop();
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
