import { z } from 'zod';
import type { OidcClient } from './auth/identity-provider.js';
import type { AuthEnv } from './env-sign-in.js';
import { authOf, isAuthenticated, oidcOf, signInProblems, signInVariables } from './env-sign-in.js';
import { count, flag, isAddress, isMailbox, isProxy, listOf, url } from './env-values.js';

/** Long enough for a proxy to use its open connections once more, which are then closed in order. */
const DRAIN_DELAY_MS_PRODUCTION = 1_000;

/** Each variable and its default; an empty one counts as absent. docs/operations.md explains them. */
const variables = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: count(0, 65_535).default(4000),
  // Brackets belong to a URL, where an IPv6 address was often copied from.
  HOST: z
    .string()
    .transform((host) => host.trim().replace(/^\[(.*)\]$/, '$1'))
    .optional(),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  DATABASE_WAIT_SECONDS: count(0, 3600).default(60),
  PUBLIC_URL: url('http', 'https')
    .refine(isAddress, 'must be an address alone, like https://office.example/credits')
    .optional(),
  ALLOWED_ORIGINS: z.string().default(''),
  TRUST_PROXY: z.string().default(''),
  ...signInVariables,
  DEMO: flag.optional(),
  DEMO_PUBLIC: flag.default(false),
  INTROSPECTION: flag.optional(),
  DRAIN_DELAY_MS: count(0, 60_000).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'words']).optional(),
  LANES: count(1, 16).default(2),
  POOL_SIZE: count(6, 100).default(20),
  RATE_LIMIT_OPERATIONS_PER_SECOND: count(1, 1_000_000).default(50_000),
  RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: count(1, 100_000).default(20),
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: count(1, 1_000_000).default(600),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[sr]k_(test|live)_\w+$/, 'must be a secret or restricted key of Stripe')
    .optional(),
  STRIPE_WEBHOOK_SECRET: z.string().startsWith('whsec_', 'must begin with whsec_').optional(),
  STRIPE_API_URL: url('http', 'https').optional(),
  SMTP_URL: url('smtp', 'smtps').optional(),
  MAIL_FROM: z.string().refine(isMailbox, 'must be an address like credits@example.com').optional(),
  SUPPORT_ADDRESS: z.string().refine(isMailbox, 'must be an address like help@example.com').optional(),
  METRICS_PORT: count(0, 65_535).optional(),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
});

/** The names of all variables, for the test that docs/operations.md explains each. */
export const VARIABLE_NAMES = Object.keys(variables.shape);

/** What is not given and does not depend on anything else, for the same test. */
export const VARIABLE_DEFAULTS: Readonly<Record<string, unknown>> = variables.parse({});

/** What the environment says, checked; the only place that reads it. */
export interface Env {
  nodeEnv: 'development' | 'test' | 'production';
  /** The port to listen at; 0 lets the system choose a free one. */
  port: number;
  /** The address to listen on: 127.0.0.1 in demo mode unless DEMO_PUBLIC=1, else 0.0.0.0, unless HOST says. */
  host: string;
  /** Null: the embedded PostgreSQL. */
  databaseUrl: string | null;
  /** How long a start waits for the database to come up. */
  databaseWaitSeconds: number;
  /** Where browsers and integrators reach this server, without a slash at the end; null: as they addressed it. */
  publicUrl: string | null;
  /** Origins, besides the server's own, whose pages may call it. */
  allowedOrigins: string[];
  /** Proxies whose `X-Forwarded-For` is believed: addresses, networks, or names of ranges. */
  trustedProxies: string[];
  /** What tokens must be signed by and carry; null for what is not configured. */
  auth: AuthEnv;
  /** Who signs people in to the dashboard; null: nobody, they bring a token. */
  oidc: OidcClient | null;
  /** Demo accounts and `POST /demo/session`; never together with production or configured authentication. */
  demo: boolean;
  /** Whether anyone may ask for the schema. */
  introspection: boolean;
  /** How long `/readyz` says no, at the end of the process, before sockets and listener close. */
  drainDelayMs: number;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** How the log is written; null: words on a terminal, else JSON. */
  logFormat: 'json' | 'words' | null;
  /** Ledger writers, each with a connection of its own. */
  lanes: number;
  /** Connections of all pools together; lanes, doorbell and readiness have their own. */
  poolSize: number;
  rateLimits: {
    operationsPerSecond: number;
    failedLoginsPerMinute: number;
    /** Requests without a credential from one address, larger ones counting more. */
    anonymousPerMinute: number;
  };
  /** Who takes the money of live accounts; null: nobody. */
  stripe: {
    secretKey: string;
    webhookSecret: string;
    /** Another address of Stripe's API; null: its own. */
    apiUrl: string | null;
  } | null;
  /** How mails are sent and by whom. */
  mail: {
    /** Null: in a demo they are kept and shown, else nothing is sent. */
    smtpUrl: string | null;
    from: string;
    /** Whom recipients may ask; null: nobody is named. */
    supportAddress: string | null;
  };
  /** Where the metrics are served and to whom; null for what is not configured. */
  metrics: {
    port: number | null;
    token: string | null;
    /** Whether they are open without either: in a demo. */
    isOpen: boolean;
  };
}

/** The environment does not make sense. The message lists every problem, one a line. */
export class EnvError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'EnvError';
  }
}

/**
 * Reads and checks the environment.
 *
 * Demo mode is on unless NODE_ENV is production or authentication is configured; DEMO=0 switches it off, and DEMO=1
 * beside either of them is refused. Production without authentication is refused.
 *
 * @throws EnvError with all problems at once; values are not repeated in it, since some are secrets
 */
export function readEnv(source: NodeJS.ProcessEnv): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variables.safeParse(present);
  const problems = parsed.success ? [] : parsed.error.issues.map(problemOf);

  const production = present['NODE_ENV'] === 'production';
  const authenticated = isAuthenticated(present);
  const saysYes = (name: string): boolean => ['1', 'true'].includes(present[name] ?? '');
  problems.push(...signInProblems(present, production));
  if (saysYes('DEMO') && (production || authenticated)) {
    problems.push('DEMO: demo mode cannot be on in production or beside configured authentication');
  }
  const demoOn = present['DEMO'] === undefined ? !production && !authenticated : saysYes('DEMO');
  problems.push(...incomplete(present));
  const loopback = /^(127(\.\d+){3}|::1|\[::1\]|localhost)$/.test(present['HOST'] ?? 'localhost');
  if (demoOn && !loopback && !saysYes('DEMO_PUBLIC')) {
    problems.push('HOST: a demo listens on this machine alone, unless DEMO_PUBLIC=1');
  }
  const allowedOrigins = listOf(present['ALLOWED_ORIGINS']);
  for (const [index, origin] of allowedOrigins.entries()) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      problems.push(`ALLOWED_ORIGINS: entry ${index + 1} is not an origin like https://studio.example.com`);
    }
  }
  const trustedProxies = listOf(present['TRUST_PROXY']);
  for (const [index, proxy] of trustedProxies.entries()) {
    if (!isProxy(proxy)) problems.push(`TRUST_PROXY: entry ${index + 1} is not an address or network like 10.0.0.0/8`);
  }
  if (!parsed.success || problems.length > 0) throw new EnvError(problems);

  const env = parsed.data;
  return {
    nodeEnv: env.NODE_ENV,
    port: env.PORT,
    host: env.HOST ?? (demoOn && !env.DEMO_PUBLIC ? '127.0.0.1' : '0.0.0.0'),
    databaseUrl: env.DATABASE_URL ?? null,
    databaseWaitSeconds: env.DATABASE_WAIT_SECONDS,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    allowedOrigins,
    trustedProxies,
    auth: authOf(env, production),
    oidc: oidcOf(env),
    demo: demoOn,
    introspection: env.INTROSPECTION ?? !production,
    drainDelayMs: env.DRAIN_DELAY_MS ?? (production ? DRAIN_DELAY_MS_PRODUCTION : 0),
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT ?? null,
    lanes: env.LANES,
    poolSize: env.POOL_SIZE,
    rateLimits: {
      operationsPerSecond: env.RATE_LIMIT_OPERATIONS_PER_SECOND,
      failedLoginsPerMinute: env.RATE_LIMIT_FAILED_LOGINS_PER_MINUTE,
      anonymousPerMinute: env.RATE_LIMIT_ANONYMOUS_PER_MINUTE,
    },
    stripe: stripeOf(env),
    mail: mailOf(env),
    metrics: { port: env.METRICS_PORT ?? null, token: env.METRICS_TOKEN ?? null, isOpen: demoOn },
  };
}

/** What has to be configured together and is not. */
function incomplete(present: Readonly<Record<string, string | undefined>>): string[] {
  const problems: string[] = [];
  if ((present['STRIPE_SECRET_KEY'] === undefined) !== (present['STRIPE_WEBHOOK_SECRET'] === undefined))
    problems.push('STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET: both or neither');
  if (present['SMTP_URL'] !== undefined && (present['MAIL_FROM'] === undefined || present['PUBLIC_URL'] === undefined))
    problems.push('SMTP_URL: mails need MAIL_FROM, whom they come from, and PUBLIC_URL, where their links lead');
  return problems;
}

function stripeOf(env: z.infer<typeof variables>): Env['stripe'] {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret, STRIPE_API_URL: apiUrl = null } = env;
  return secretKey === undefined || webhookSecret === undefined ? null : { secretKey, webhookSecret, apiUrl };
}

function mailOf({ SMTP_URL, MAIL_FROM, SUPPORT_ADDRESS }: z.infer<typeof variables>): Env['mail'] {
  return { smtpUrl: SMTP_URL ?? null, from: MAIL_FROM ?? 'credits@localhost', supportAddress: SUPPORT_ADDRESS ?? null };
}

/**
 * The database of a command that needs nothing else: the url is null for the embedded one.
 *
 * @throws EnvError when DATABASE_URL leads to no PostgreSQL
 */
export function readDatabaseEnv(source: NodeJS.ProcessEnv): Pick<Env, 'databaseUrl' | 'databaseWaitSeconds'> {
  const wanted = variables.pick({ DATABASE_URL: true, DATABASE_WAIT_SECONDS: true });
  const parsed = wanted.safeParse({
    DATABASE_URL: source['DATABASE_URL'] || undefined,
    DATABASE_WAIT_SECONDS: source['DATABASE_WAIT_SECONDS'] || undefined,
  });
  if (!parsed.success) throw new EnvError(parsed.error.issues.map(problemOf));
  return { databaseUrl: parsed.data.DATABASE_URL ?? null, databaseWaitSeconds: parsed.data.DATABASE_WAIT_SECONDS };
}

function problemOf({ path, message }: { path: readonly PropertyKey[]; message: string }): string {
  return `${path.map(String).join('.')}: ${message}`;
}
