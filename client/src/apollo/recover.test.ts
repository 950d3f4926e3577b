import { ApolloClient, ApolloLink, InMemoryCache, Observable, gql } from '@apollo/client';
import { createFreshnessStore } from './freshness.js';
import { retryFailedWhenBack } from './recover.js';

const prices = gql`
  query Prices {
    prices
  }
`;
const plans = gql`
  query Plans {
    plans
  }
`;

const { jest: clock } = import.meta;

/** A client on a server that is up or away, and the names of what it was asked, in order. */
function stage() {
  const server = { isUp: true };
  const asked: string[] = [];
  const link = new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        const name = operation.operationName ?? '';
        asked.push(name);
        if (!server.isUp) return observer.error(new TypeError('Failed to fetch'));
        observer.next({ data: { [name.toLowerCase()]: 1 } });
        observer.complete();
      }),
  );
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  const freshness = createFreshnessStore(0, false);
  const network = new EventTarget();
  const stop = retryFailedWhenBack(client, freshness, network);
  return { server, asked, client, freshness, network, stop };
}

beforeEach(() => clock.useFakeTimers());
afterEach(() => clock.useRealTimers());

test('when the link is proven again, what failed is asked again and what answered is not', async () => {
  const { server, asked, client, freshness, stop } = stage();
  freshness.send({ type: 'proven', at: 0 });
  await clock.advanceTimersByTimeAsync(5_000);
  client.watchQuery({ query: plans }).subscribe({});
  await clock.advanceTimersByTimeAsync(0);
  server.isUp = false;
  freshness.send({ type: 'lost', at: 1 });
  const failed = client.watchQuery({ query: prices });
  failed.subscribe({});
  await clock.advanceTimersByTimeAsync(35_000);
  expect(failed.getCurrentResult().error).toBeDefined();

  server.isUp = true;
  freshness.send({ type: 'proven', at: 2 });
  await clock.advanceTimersByTimeAsync(5_000);
  expect(failed.getCurrentResult().data).toEqual({ prices: 1 });
  expect(failed.getCurrentResult().error).toBeUndefined();
  expect(asked).toEqual(['Plans', 'Prices', 'Prices']);
  stop();
});

test('what fails again while the server wakes up is asked once more, and then left to the viewer', async () => {
  const { server, asked, client, freshness, stop } = stage();
  server.isUp = false;
  client.watchQuery({ query: prices }).subscribe({});
  freshness.send({ type: 'proven', at: 0 });
  await clock.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual(['Prices', 'Prices', 'Prices']);
  stop();
});

test('nothing is asked while the link is away, nor after it was stopped', async () => {
  const { server, asked, client, freshness, stop } = stage();
  freshness.send({ type: 'proven', at: 0 });
  server.isUp = false;
  client.watchQuery({ query: prices }).subscribe({});
  freshness.send({ type: 'lost', at: 1 });
  await clock.advanceTimersByTimeAsync(60_000);
  stop();
  freshness.send({ type: 'proven', at: 2 });
  await clock.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual(['Prices']);
});

test('an absence too short for the live link to notice is made good when the network is back', async () => {
  const { server, asked, client, freshness, network, stop } = stage();
  freshness.send({ type: 'proven', at: 0 });
  await clock.advanceTimersByTimeAsync(5_000);
  server.isUp = false;
  const failed = client.watchQuery({ query: prices });
  failed.subscribe({});
  await clock.advanceTimersByTimeAsync(1_000);
  server.isUp = true;
  network.dispatchEvent(new Event('online'));
  await clock.advanceTimersByTimeAsync(60_000);
  expect(failed.getCurrentResult().data).toEqual({ prices: 1 });
  expect(asked).toEqual(['Prices', 'Prices']);
  stop();
});
