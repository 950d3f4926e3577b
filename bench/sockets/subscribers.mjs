/** Many subscribers in one process: they subscribe, then only count. */
import WebSocket from 'ws';
import { answerParent } from '../child.mjs';
import { SUBSCRIPTION } from './message.mjs';

const AT_ONCE = 16;
const sockets = [];
let messages = 0;
let bytes = 0;

/** Resolves when the first balance has come. */
function subscribe({ url, token, accountId }) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    let ready = false;
    sockets.push(socket);
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
    );
    socket.on('error', reject);
    socket.on('close', (code, reason) => reject(new Error(`socket closed: ${code} ${reason}`)));
    socket.on('message', (data) => {
      if (ready) {
        messages += 1;
        bytes += data.length;
        if (data.length < 40 && data.includes('"ping"')) {
          messages -= 1;
          socket.send('{"type":"pong"}');
        }
        return;
      }
      const message = JSON.parse(data.toString());
      if (message.type === 'connection_ack')
        socket.send(
          JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION, variables: { accountId } } }),
        );
      else if (message.type === 'next') {
        ready = true;
        resolve();
      } else if (message.type === 'error') reject(new Error(JSON.stringify(message.payload)));
    });
  });
}

answerParent({
  async add({ count, ...target }) {
    for (let added = 0; added < count; added += AT_ONCE)
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - added) }, () => subscribe(target)));
    return { sockets: sockets.length };
  },
  reset: () => {
    messages = 0;
    bytes = 0;
    return null;
  },
  counts: () => ({ messages, bytes }),
  clear: () => {
    for (const socket of sockets.splice(0)) {
      socket.removeAllListeners('close');
      socket.terminate();
    }
    return null;
  },
});
