/** The least that can be done: a `ws` server that writes the same bytes to every socket. */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { answerParent } from '../child.mjs';
import { balanceAt, memoryAfterCollection, nextMessage, publishFor } from './message.mjs';

const http = createServer();
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString());
    if (message.type === 'connection_init') socket.send('{"type":"connection_ack"}');
    else if (message.type === 'subscribe') socket.send(nextMessage('1', balanceAt(0)));
  });
});

function publish(version) {
  const data = Buffer.from(nextMessage('1', balanceAt(version)));
  for (const socket of sockets.clients) socket.send(data, { binary: false });
}

answerParent({
  open: () =>
    new Promise((resolve) => {
      http.listen(0, '127.0.0.1', () =>
        resolve({ url: `http://127.0.0.1:${http.address().port}/graphql`, token: '', accountId: 'bench' }),
      );
    }),
  publish: ({ rate, seconds }) => publishFor({ publish, rate, seconds }),
  memory: () => memoryAfterCollection(),
  close: () => {
    for (const socket of sockets.clients) socket.terminate();
    http.close();
    return null;
  },
});
