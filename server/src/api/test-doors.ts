import { buildSchema } from 'graphql';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import type { Caller } from '../auth/caller.js';
import { TOKEN_TOLERANCE_MS } from '../auth/caller.js';
import { DEFAULT_RATE_LIMITS, RateLimits } from '../auth/rate-limits.js';
import type { RateLimitSettings } from '../auth/rate-limits.js';
import type { Authenticate } from '../auth/verify-token.js';
import { unauthenticated } from '../kit/errors.js';
import { LiveStream } from '../live/live-stream.js';
import { createSharedSubscribe } from '../live/shared-subscribe.js';
import type { Attach } from '../live/sink.js';
import { GraphQLEngine } from './engine/graphql-engine.js';
import { RequestMetrics } from './metrics.js';
import type { ServeApiOptions } from './serve-api.js';
import { serveApi } from './serve-api.js';

/** Both doors over a schema of a test's own, without a database behind it. For tests. */
export interface TestDoors {
  readonly url: string;
  readonly wsUrl: string;
  readonly engine: GraphQLEngine;
  /** Errors that were withheld from callers. */
  readonly internal: { error: unknown; requestId: string }[];
  /** Tells every listener that a key was revoked. */
  revoke(keyId: string): void;
  post(
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; text: string; json: Answer }>;
  /** Begins to end, as the process does before it lets go of its database. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: unknown; extensions?: Record<string, unknown> }[];
}

export interface TestDoorsOptions extends Partial<Omit<ServeApiOptions, 'doors'>> {
  readonly schema: GraphQLSchema;
  readonly limits?: Partial<RateLimitSettings>;
  readonly introspection?: boolean;
}

/** A caller of a test: any bearer but `wrong` is let in, under its own name. */
export function testCaller(name: string): Caller {
  return {
    kind: 'service',
    id: name,
    name,
    scopes: new Set(),
    accounts: 'all',
    sides: ['sandbox', 'live'],
    keyId: name.startsWith('key') ? name : null,
    expiresAt: name === 'soon' ? Date.now() + 300 - TOKEN_TOLERANCE_MS : null,
  };
}

const authenticate: Authenticate = async (authorization) => {
  if (authorization === undefined) return null;
  const name = /^Bearer (\w+)$/.exec(authorization)?.[1];
  if (name === undefined || name === 'wrong') throw unauthenticated();
  return testCaller(name);
};

/** A schema by its definition and its resolvers, `Type.field` each; a subscription's gives its values. */
export function schemaOf(
  definition: string,
  resolvers: Record<string, GraphQLFieldResolver<unknown, unknown>>,
): GraphQLSchema {
  const schema = buildSchema(definition);
  for (const [coordinate, resolver] of Object.entries(resolvers)) {
    const [typeName = '', fieldName = ''] = coordinate.split('.');
    const type = schema.getType(typeName);
    const field = type !== undefined && 'getFields' in type ? type.getFields()[fieldName] : undefined;
    if (field === undefined || !('args' in field)) throw new Error(`There is no field ${coordinate}`);
    if (typeName === 'Subscription')
      field.subscribe = async (...given) => streamOf((await resolver(...given)) as AsyncIterable<object>);
    else field.resolve = resolver;
  }
  return schema;
}

/** A feed of the production's kind for each who reads it; the end of the values is not told. */
function streamOf(values: AsyncIterable<object>): LiveStream<object, unknown> {
  const attach: Attach<object> = (sink) => {
    const iterator = values[Symbol.asyncIterator]();
    let isOpen = true;
    const pump = async (): Promise<void> => {
      for (let next = await iterator.next(); next.done !== true && isOpen; next = await iterator.next())
        sink.push(next.value);
    };
    pump().catch((error: unknown) => {
      if (isOpen) sink.fail(error as Error);
    });
    return {
      close() {
        isOpen = false;
        void iterator.return?.();
      },
    };
  };
  return new LiveStream(attach, (value) => value, 1);
}

export async function startTestDoors({
  schema,
  limits,
  introspection = true,
  ...options
}: TestDoorsOptions): Promise<TestDoors> {
  const internal: TestDoors['internal'] = [];
  const listeners = new Set<(keyId: string) => void>();
  const engine = new GraphQLEngine(schema);
  const server = await serveApi({
    doors: {
      engine,
      limits: new RateLimits({ ...DEFAULT_RATE_LIMITS, anonymousPerMinute: 100_000, ...limits }),
      metrics: new RequestMetrics({ process: false }),
      introspection,
      onInternalError: (error, requestId) => internal.push({ error, requestId }),
    },
    logger: pino({ level: 'silent' }),
    authenticate,
    clock: Date.now,
    allowedOrigins: new Set(['https://studio.example.com']),
    trustedProxies: [],
    shared: createSharedSubscribe(),
    onRevoked: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    findDatabaseObstacle: () => Promise.resolve(null),
    findDatabaseObstacleMsMax: 100,
    openDemoSession: null,
    checkout: null,
    mails: null,
    takeStripe: null,
    metrics: { port: null, token: null, isOpen: true },
    drainDelayMs: 0,
    hasPeers: () => true,
    dashboard: { directory: '/nowhere', publicUrl: null, basePath: '', readStamp: () => Promise.resolve(null) },
    ...options,
  });
  const { port } = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  let draining: Promise<void> | null = null;
  const drain = (): Promise<void> => (draining ??= server.drain());
  return {
    url,
    wsUrl: `ws://127.0.0.1:${port}/graphql`,
    engine,
    internal,
    revoke: (keyId) => listeners.forEach((listener) => listener(keyId)),
    async post(body, headers = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as Answer };
    },
    drain,
    async close() {
      await drain();
      await server.end();
    },
  };
}
