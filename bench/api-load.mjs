/** The load on an API, in a process of its own: over HTTP one keep-alive connection a caller, over WebSocket a few for all. */
import { randomUUID } from 'node:crypto';
import { COMMIT, COMMIT_MANY, openConnection, openSocket, receiptOf, RESERVE, RESERVE_MANY } from './api-client.mjs';
import { answerParent } from './child.mjs';
import { operationsFor, runLoad } from './load.mjs';

const CALLERS_A_SOCKET = 16;
const BATCH = 50;
const BATCHING_CALLERS = 8;

const reserveInput = (accountId) => ({
  accountId,
  idempotencyKey: randomUUID(),
  operations: operationsFor(),
  project: 'bench',
});
const commitInput = (reserved) => ({ reservationId: reserved.reservation.id, idempotencyKey: randomUUID() });

/** Reserve, then commit what was reserved, each a request of its own. */
async function pairOver(execute, accountId, halfway) {
  const reserved = receiptOf(await execute(RESERVE, { input: reserveInput(accountId) }), 'reserveCredits');
  halfway();
  receiptOf(await execute(COMMIT, { input: commitInput(reserved) }), 'commitReservation');
}

/** `BATCH` reserves in one request, then their commits in another. */
async function pairsOver(execute, ids, halfway) {
  const anyId = () => ids[Math.floor(Math.random() * ids.length)];
  const reserved = await execute(RESERVE_MANY, { inputs: Array.from({ length: BATCH }, () => reserveInput(anyId())) });
  const inputs = Array.from({ length: BATCH }, (_, at) => commitInput(receiptOf(reserved, 'reserveMany', at)));
  halfway();
  const committed = await execute(COMMIT_MANY, { inputs });
  for (let at = 0; at < BATCH; at += 1) receiptOf(committed, 'commitMany', at);
}

async function openTransport(mode, target, callers) {
  if (mode === 'socket')
    return Promise.all(Array.from({ length: Math.ceil(callers / CALLERS_A_SOCKET) }, () => openSocket(target)));
  return Array.from({ length: callers }, () => openConnection(target));
}

answerParent({
  async run({ mode, url, token, ids, callers: asked, seconds, rampSeconds }) {
    const callers = mode === 'many' ? BATCHING_CALLERS : asked;
    const connections = await openTransport(mode, { url, token }, callers);
    const pair = (index, callerId, halfway) => {
      const { execute } = connections[callerId % connections.length];
      return mode === 'many' ? pairsOver(execute, ids, halfway) : pairOver(execute, ids[index], halfway);
    };
    try {
      return await runLoad({
        pair,
        callers,
        accounts: ids.length,
        seconds,
        rampSeconds,
        weight: mode === 'many' ? BATCH : 1,
        onMeasureStart: () => process.send({ measuring: true }),
      });
    } finally {
      for (const connection of connections) connection.close();
    }
  },
});
