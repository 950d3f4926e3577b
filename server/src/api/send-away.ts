import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CLOSE } from './open-socket.js';
import { sendRawAnswer } from './raw-answer.js';
import { requestIdOf } from './request-id.js';
import { wantsWebSocket } from './ws-upgrade.js';

const LEAVE_MS_MAX = 500;

/**
 * Tells a client whose upgrade waits for an application that does not start to come back: by a close code after the upgrade, since most clients
 * take an HTTP status for final. Other offers than a WebSocket's are answered 503.
 *
 * Resolves once the connection has ended; a caller that does not end it is cut off after half a second.
 */
export async function sendAway(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  if (socket.destroyed) return;
  const ended = new Promise<void>((resolve) => void socket.once('close', resolve));
  const late = setTimeout(() => socket.destroy(), LEAVE_MS_MAX);
  if (wantsWebSocket(request)) {
    const server = new WebSocketServer({ noServer: true, clientTracking: false });
    server.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => ws.terminate());
      ws.close(CLOSE.restart, 'Restarting');
    });
  } else {
    const error = 'The service is busy or restarting.';
    sendRawAnswer(socket, { status: 503, error, requestId: requestIdOf(request), headers: { 'retry-after': '1' } });
  }
  await ended;
  clearTimeout(late);
}
