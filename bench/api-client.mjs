/**
 * Small clients of a GraphQL API over HTTP and over its WebSocket, written to take as little of the machine as they can.
 */
import { connect } from 'node:net';
import WebSocket from 'ws';

const RECEIPT =
  '__typename ... on ReservationReceipt { replayed reservation { id status version } balance { available held version } } ... on Problem { message }';
export const RESERVE = `mutation Reserve($input: ReserveCreditsInput!) { reserveCredits(input: $input) { ${RECEIPT} } }`;
export const COMMIT = `mutation Commit($input: CommitReservationInput!) { commitReservation(input: $input) { ${RECEIPT} } }`;
export const RESERVE_MANY = `mutation ReserveMany($inputs: [ReserveCreditsInput!]!) { reserveMany(inputs: $inputs) { ${RECEIPT} } }`;
export const COMMIT_MANY = `mutation CommitMany($inputs: [CommitReservationInput!]!) { commitMany(inputs: $inputs) { ${RECEIPT} } }`;

/** One keep-alive connection: `execute(query, variables)` resolves with the parsed answer; one request at a time. */
export function openConnection({ url, token }) {
  const { port, pathname } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  const head = `POST ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: `;
  let buffer = Buffer.alloc(0);
  let waiting;
  const fail = (error) => waiting?.reject(error ?? new Error('connection closed'));
  socket.on('error', fail);
  socket.on('close', () => fail());
  socket.on('data', (chunk) => {
    buffer = buffer.length ? Buffer.concat([buffer, chunk]) : chunk;
    const answer = readAnswer(buffer);
    if (!answer) return;
    buffer = Buffer.alloc(0);
    const { resolve, reject } = waiting;
    waiting = undefined;
    if (answer.status === 200) resolve(JSON.parse(answer.body));
    else reject(new Error(`HTTP ${answer.status}: ${answer.body.slice(0, 500)}`));
  });
  return {
    execute: (query, variables) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        const body = JSON.stringify({ query, variables });
        socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
      }),
    close: () => {
      waiting = undefined;
      socket.destroy();
    },
  };
}

/** A whole HTTP/1.1 answer (by length or chunked), or undefined while some of it is missing. */
function readAnswer(buffer) {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = buffer.latin1Slice(0, end);
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length) {
    const size = Number(length[1]);
    return buffer.length >= end + 4 + size ? { status, body: buffer.utf8Slice(end + 4, end + 4 + size) } : undefined;
  }
  let at = end + 4;
  let body = '';
  for (;;) {
    const line = buffer.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = parseInt(buffer.latin1Slice(at, line), 16);
    if (buffer.length < line + 2 + size + 2) return undefined;
    if (size === 0) return { status, body };
    body += buffer.utf8Slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}

/** The receipt in `field` (of a list: at `at`), or an error that says what came instead. */
export function receiptOf(answer, field, at) {
  const value = answer.data?.[field];
  const result = at === undefined ? value : value?.[at];
  if (result?.__typename !== 'ReservationReceipt') throw new Error(`${field}: ${JSON.stringify(answer).slice(0, 500)}`);
  return result;
}

/** A graphql-transport-ws connection; `execute(query, variables)` resolves with the one answer of an operation. */
export async function openSocket({ url, token }) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', {
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  const waiting = new Map();
  let last = 0;
  await new Promise((resolve, reject) => {
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
    );
    socket.on('error', reject);
    socket.on('close', (code, reason) => {
      const error = new Error(`socket closed: ${code} ${reason}`);
      reject(error);
      for (const { reject: refuse } of waiting.values()) refuse(error);
    });
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString());
      if (message.type === 'connection_ack') resolve();
      else if (message.type === 'ping') socket.send('{"type":"pong"}');
      else if (message.type === 'next') waiting.get(message.id).resolve(message.payload);
      else if (message.type === 'error') waiting.get(message.id).reject(new Error(JSON.stringify(message.payload)));
      else if (message.type === 'complete') waiting.delete(message.id);
    });
  });
  return {
    execute: (query, variables) =>
      new Promise((resolve, reject) => {
        const id = String((last += 1));
        waiting.set(id, { resolve, reject });
        socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));
      }),
    close: () => {
      waiting.clear();
      socket.terminate();
    },
  };
}
