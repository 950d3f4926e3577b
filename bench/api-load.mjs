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

/** A reserve for each of the accounts in one request, then their commits in another. */
async function pairsOver(execute, accountIds, halfway) {
  const reserved = await execute(RESERVE_MANY, { inputs: accountIds.map((accountId) => reserveInput(accountId)) });
  const inputs = accountIds.map((_, at) => commitInput(receiptOf(reserved, 'reserveMany', at)));
  halfway();
  const committed = await execute(COMMIT_MANY, { inputs });
  for (const at of accountIds.keys()) receiptOf(committed, 'commitMany', at);
}

const anyOf = (ids) => Array.from({ length: BATCH }, () => ids[Math.floor(Math.random() * ids.length)]);

async function openTransport(mode, target, callers) {
  if (mode === 'socket')
    return Promise.all(Array.from({ length: Math.ceil(callers / CALLERS_A_SOCKET) }, () => openSocket(target)));
  return Array.from({ length: callers }, () => openConnection(target));
}

answerParent({
  /** Each account once, so that a server that remembers accounts has seen them. */
  async touch({ url, token, ids }) {
    const connection = openConnection({ url, token });
    for (let from = 0; from < ids.length; from += BATCH)
      await pairsOver(connection.execute, ids.slice(from, from + BATCH), () => undefined);
    connection.close();
    return null;
  },
  async run({ mode, url, token, ids, callers: asked, seconds, rampSeconds }) {
    const callers = mode === 'many' ? BATCHING_CALLERS : asked;
    const connections = await openTransport(mode, { url, token }, callers);
    const pair = (index, callerId, halfway) => {
      const { execute } = connections[callerId % connections.length];
      return mode === 'many' ? pairsOver(execute, anyOf(ids), halfway) : pairOver(execute, ids[index], halfway);
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
