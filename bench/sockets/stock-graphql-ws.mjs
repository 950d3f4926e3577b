/** graphql-ws as its documentation shows it: one execution and one serialisation for each subscriber and update. */
import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { answerParent } from '../child.mjs';
import { balanceAt, memoryAfterCollection, publishFor } from './message.mjs';

const listeners = new Set();

/** What graphql-subscriptions' PubSub gives each subscriber: a queue of its own. */
function listen() {
  const queue = [];
  let wake;
  const push = (value) => {
    if (wake) {
      wake({ value, done: false });
      wake = undefined;
    } else queue.push(value);
  };
  listeners.add(push);
  push({ balanceChanged: balanceAt(0) });
  return {
    next: () =>
      queue.length
        ? Promise.resolve({ value: queue.shift(), done: false })
        : new Promise((resolve) => {
            wake = resolve;
          }),
    return: () => {
      listeners.delete(push);
      wake?.({ value: undefined, done: true });
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const schema = buildSchema(`
  enum BalanceLevel { OK LOW CRITICAL EMPTY }
  scalar Credits
  scalar SafeInt
  scalar DateTime
  type Balance { available: Credits! held: Credits! used: Credits! level: BalanceLevel! version: SafeInt! asOf: DateTime! }
  type Query { ping: Boolean }
  type Subscription { balanceChanged(accountId: ID!): Balance! }
`);
schema.getSubscriptionType().getFields().balanceChanged.subscribe = () => listen();
const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
useServer({ schema }, server);

function publish(version) {
  const value = { balanceChanged: balanceAt(version) };
  for (const push of listeners) push(value);
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
    for (const socket of server.clients) socket.terminate();
    http.close();
    return null;
  },
});
