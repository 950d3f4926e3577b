/*
 * What this program uses of `ws` without being promised it: that a text leaves a server's socket at once, as one whole frame, on the
 * connection that was upgraded. It is tried out at the start. A version of `ws` that does something else is given the texts by `send`,
 * which makes two writes of each.
 */
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrameHead } from './text-frame.js';

/** The connection of a socket: whole frames may be written there, between those that `ws` sends. */
export interface FrameConnection {
  write(data: string, encoding: 'latin1'): unknown;
}

const KEY = Buffer.alloc(16).toString('base64');
/** Of each form of head that is written here. */
const TRIAL_BYTES = [2, 125, 126, 1_000];

/** Tries out whether whole frames may be written past `ws`: what it sends over a connection that leads nowhere must be the same bytes. */
export function mayWriteFrames(SocketClass: typeof WebSocket = WebSocket): boolean {
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
      isAsKnown = TRIAL_BYTES.every((bytes) => {
        const text = 'x'.repeat(bytes);
        written = '';
        socket.send(text);
        return written === `${textFrameHead(bytes)}${text}`;
      });
      socket.on('error', () => {});
      socket.terminate();
    });
  } catch {
    return false;
  } finally {
    nowhere.destroy();
  }
  return isAsKnown;
}
