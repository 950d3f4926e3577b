import { buildApiSchema } from '../api/api-schema.js';
import type { TestApp } from './test-app.js';
import { RandomDocuments } from './test-documents.js';
import type { KnownIds, RandomRequest } from './test-documents.js';
import { randomFrame } from './test-frames.js';
import { seeded } from './test-history.js';
import { RawSocket } from './test-socket.js';

const AT_ONCE = 16;
const SETTLED_MS_MAX = 10_000;
/** Closes that tell a client what it did wrong. */
const CALLERS_FAULTS: ReadonlySet<number> = new Set([1000, 1007, 1009, 4400, 4401, 4403, 4408, 4409, 4429]);

/** What came back. */
export interface Fuzzed {
  readonly http: number;
  readonly socket: number;
  readonly frames: number;
  /** How often each outcome was met: `DATA`, or the code of an error, or `closed 4400`. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** What was answered as the server's fault, with the request. */
  readonly problems: readonly string[];
}

export interface FuzzOptions {
  readonly seed: number;
  readonly documents: number;
  readonly frames: number;
}

/**
 * Sends random documents over HTTP and the WebSocket, half of them each, and random frames, and looks at what is answered: nothing may
 * be called the server's fault. For tests.
 */
export async function fuzzDoors(app: TestApp, { seed, documents, frames }: FuzzOptions): Promise<Fuzzed> {
  const outcomes = new Map<string, number>();
  const problems: string[] = [];
  const note = (outcome: string, request: unknown): void => {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const code = /^closed (\d+)/.exec(outcome)?.[1];
    const isOurs =
      code === undefined ? /INTERNAL|^5\d\d$|^ERROR|^late/.test(outcome) : !CALLERS_FAULTS.has(Number(code));
    if (isOurs) problems.push(`${outcome}: ${typeof request === 'string' ? request : JSON.stringify(request)}`);
  };
  const { ids, tokens } = await prepare(app);
  const schema = await buildApiSchema();
  const random = seeded(seed);
  const made = new RandomDocuments(schema, random, ids);
  const http = Math.floor(documents / 2);
  for (let sent = 0; sent < http; sent += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, http - sent) }, () => made.next());
    await Promise.all(
      batch.map((request, index) => sendHttp(app.url, request, tokens[index % tokens.length] ?? null, note)),
    );
  }
  for (let sent = http; sent < documents; sent += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, documents - sent) }, () => made.next());
    await sendSocket(app.wsUrl, tokens[((sent / AT_ONCE) % 3) | 0] ?? '', batch, note);
  }
  for (let sent = 0; sent < frames; sent += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, frames - sent) }, () => randomFrame(random));
    await sendFrames(app.wsUrl, random() < 0.7 ? (tokens[0] ?? '') : null, batch, note);
  }
  return { http, socket: documents - http, frames, outcomes, problems };
}

async function prepare(app: TestApp): Promise<{ ids: KnownIds; tokens: (string | null)[] }> {
  const accounts = [
    await app.openAccount(),
    await app.openAccount({ plan: 'FREE', sandbox: false, externalId: 'studio' }),
  ];
  const account = accounts[0] ?? '';
  const held = await app.gql<{ reserveCredits: { reservation: { id: string } } }>(
    `mutation { reserveCredits(input: { accountId: "${account}", idempotencyKey: "k", operations: [{ operation: "image.short" }] }) { ... on ReservationReceipt { reservation { id } } } }`,
  );
  const reservations = [held.data?.reserveCredits.reservation.id ?? 'rsv_none'];
  const events = await app.gql<{ account: { events: { edges: { node: { id: string } }[] } } }>(
    `{ account(id: "${account}") { events(first: 5) { edges { node { id } } } } }`,
  );
  const ids: KnownIds = {
    id: [...accounts, ...reservations, 'acct_nothing', ''],
    accountId: accounts,
    reservationId: reservations,
    externalId: ['studio', 'nobody'],
    operation: ['image.short', 'image.long', 'deep_scan', 'content.generate', 'regeneration.basic'],
    idempotencyKey: ['k', 'l', 'm', 'n', 'o'],
    after: [...(events.data?.account.events.edges.map(({ node }) => node.id) ?? []), 'x'],
  };
  return { ids, tokens: [app.serviceToken, app.operatorToken, await app.userToken(account), null] };
}

type Note = (outcome: string, request: unknown) => void;

function outcomeOf(answer: { errors?: readonly { extensions?: Record<string, unknown> }[] }): string {
  const [error] = answer.errors ?? [];
  if (error === undefined) return 'DATA';
  const codes = (answer.errors ?? []).map(({ extensions }) => String(extensions?.['code'] ?? 'ERROR without a code'));
  return codes.find((code) => code.startsWith('INTERNAL') || code.startsWith('ERROR')) ?? codes[0] ?? '';
}

async function sendHttp(url: string, request: RandomRequest, token: string | null, note: Note): Promise<void> {
  const { query, variables, operationName } = request;
  const body = `{"query":${JSON.stringify(query)},"variables":${variables},"operationName":${JSON.stringify(operationName)}}`;
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'apollo-require-preflight': '1',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const isGet = query.length + variables.length < 2_000 && query.length % 11 === 0;
  const search = new URLSearchParams({ query, variables, ...(operationName === null ? {} : { operationName }) });
  const response = isGet
    ? await fetch(`${url}/graphql?${search.toString()}`, { headers })
    : await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  const text = await response.text();
  if (response.status >= 500 && !text.includes('UNAVAILABLE')) note(String(response.status), request);
  note(outcomeOf(JSON.parse(text) as Parameters<typeof outcomeOf>[0]), request);
}

async function sendSocket(url: string, token: string, batch: readonly RandomRequest[], note: Note): Promise<void> {
  const socket = await openSocket(url, token);
  socket.ws.setMaxListeners(2 * AT_ONCE);
  const answers = batch.map(({ query, variables, operationName }, index) => {
    const id = `op${index}`;
    const answer = nextOf(socket, id);
    socket.send(
      `{"type":"subscribe","id":"${id}","payload":{"query":${JSON.stringify(query)},"variables":${variables},"operationName":${JSON.stringify(operationName)}}}`,
    );
    return answer;
  });
  // A subscription may have nothing to say: nobody waits for it longer than for the others.
  const quiet = Promise.all(answers.filter((_answer, index) => !isSubscription(batch[index]?.query ?? ''))).then(() =>
    settled(socket),
  );
  const outcomes = await Promise.all(
    answers.map((answer, index) =>
      isSubscription(batch[index]?.query ?? '') ? Promise.race([answer, quiet.then(() => 'silent')]) : answer,
    ),
  );
  // One bad message ends them all: the others are sent again, each on a socket of its own.
  const isClosed = outcomes.some((outcome) => outcome.startsWith('closed'));
  socket.terminate();
  if (!isClosed || batch.length === 1) return outcomes.forEach((outcome, index) => note(outcome, batch[index]));
  for (const request of batch) await sendSocket(url, token, [request], note);
}

async function sendFrames(
  url: string,
  token: string | null,
  batch: readonly (string | Buffer)[],
  note: Note,
): Promise<void> {
  let socket = await openSocket(url, token);
  for (const frame of batch) {
    socket.ws.send(frame);
    const outcome = await Promise.race([settled(socket), socket.closed.then(({ code }) => `closed ${code}`)]);
    note(outcome, frame.toString().slice(0, 300));
    if (outcome.startsWith('closed')) socket = await openSocket(url, token);
  }
  socket.terminate();
}

async function openSocket(url: string, token: string | null): Promise<RawSocket> {
  const socket = await RawSocket.open(url);
  socket.ws.on('error', () => {});
  if (token !== null) await socket.signIn(token);
  return socket;
}

function isSubscription(query: string): boolean {
  return query.startsWith('subscription');
}

/** The outcome of an operation, or how the socket ended. */
function nextOf(socket: RawSocket, id: string): Promise<string> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('late'), SETTLED_MS_MAX);
    const hear = (data: Buffer): void => {
      const message = JSON.parse(data.toString()) as { id?: string; type: string; payload?: unknown };
      if (message.id !== id) return;
      clearTimeout(timer);
      socket.ws.off('message', hear);
      const answer = message.type === 'error' ? { errors: message.payload } : message.payload;
      resolve(outcomeOf((answer ?? {}) as Parameters<typeof outcomeOf>[0]));
    };
    socket.ws.on('message', hear);
    void socket.closed.then(({ code }) => {
      clearTimeout(timer);
      resolve(`closed ${code}`);
    });
  });
}

/** Resolves when the server has read everything sent so far and answered what asks nothing of anybody. */
function settled(socket: RawSocket): Promise<string> {
  return new Promise((resolve) => {
    let left = 2;
    const timer = setTimeout(() => resolve('late'), SETTLED_MS_MAX);
    const ping = (): void => socket.ws.ping();
    socket.ws.on('pong', () => {
      left -= 1;
      if (left > 0) return ping();
      clearTimeout(timer);
      resolve('silent');
    });
    void socket.closed.then(() => clearTimeout(timer));
    ping();
  });
}
