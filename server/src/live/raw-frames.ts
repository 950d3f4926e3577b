/*
 * All that this program uses of `ws` beneath its public interface, where a new version may change anything. It is tried out at the
 * start. Where a member is missing or does something else, frames are sent by `send`, which makes two writes of each.
 */
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrameHead } from './text-frame.js';

/** The connection beneath a socket: whole frames may be written there, between those that `ws` sends. */
export interface FrameConnection {
  write(data: string, encoding: 'latin1'): unknown;
}

/** Finds the connection beneath a socket of `ws`; null when there is none any more. */
export type FindConnection = (socket: object) => FrameConnection | null;

function connectionOf(socket: object): FrameConnection | null {
  return (socket as { readonly _socket?: FrameConnection | null })._socket ?? null;
}

const KEY = Buffer.alloc(16).toString('base64');
/** Of each form of head that is written here. */
const TRIAL_BYTES = [2, 125, 126, 1_000];

/**
 * Tries out whether frames may be written past `ws`: a socket that leads nowhere must be seen to keep the connection that it was given,
 * and to send texts at once, unmasked and whole, as frames of the same bytes as ours.
 *
 * @returns how connections are found; null: send by `send`
 */
export function tryRawFrames(SocketClass: typeof WebSocket = WebSocket): FindConnection | null {
  let written = '';
  const nowhere = new Duplex({
    read: () => {},
    write(data: Buffer, _encoding, done) {
      written += data.toString('latin1');
      done();
    },
  });
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    WebSocket: SocketClass,
  });
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method: 'GET', url: '/' });
  Object.assign(request.headers, {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': KEY,
    'sec-websocket-version': '13',
  });
  let isAsKnown = false;
  try {
    server.handleUpgrade(request, nowhere, Buffer.alloc(0), (socket) => {
      isAsKnown =
        connectionOf(socket) === nowhere &&
        TRIAL_BYTES.every((bytes) => {
          const text = 'x'.repeat(bytes);
          written = '';
          socket.send(text);
          return written === `${textFrameHead(bytes)}${text}`;
        });
      socket.on('error', () => {});
      socket.terminate();
    });
  } catch {
    return null;
  } finally {
    nowhere.destroy();
  }
  return isAsKnown ? connectionOf : null;
}
