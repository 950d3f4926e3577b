import { ApolloClient, HttpLink } from '@apollo/client';
import { basePath } from '../ui/basePath.js';
import { nextTask } from '../ui/next-task.js';
import { NewestWinsCache } from './cache.js';

export type Authorization = {
  /** The value of the header, from memory. */
  current: () => string;
  /** Gets a fresh one after the server refused it; false when it could not be had now. */
  renew: () => Promise<boolean>;
  /** The server refuses every one there is: the session is over. */
  giveUp: () => void;
};

/** The client of one session: queries and mutations over HTTP; live values come in through `follow`. */
export function createApolloClient(authorization: Authorization): ApolloClient {
  const send = (input: RequestInfo | URL, init: RequestInit | undefined, bearer: string): Promise<Response> =>
    fetch(input, {
      ...init,
      headers: { ...(init?.headers as Record<string, string>), authorization: bearer },
    });
  const cache = new NewestWinsCache();
  const client = new ApolloClient({
    cache,
    link: new HttpLink({
      uri: `${basePath}/graphql`,
      fetch: async (input, init) => {
        // Several queries of one screen begin in one task: what a browser does for each request has a task of its own.
        await nextTask();
        const sent = authorization.current();
        const response = await send(input, init, sent);
        if (response.status !== 401) return response;
        // It may have been renewed while the answer was on its way.
        if (authorization.current() === sent && !(await authorization.renew())) return response;
        const second = await send(input, init, authorization.current());
        if (second.status === 401) authorization.giveUp();
        return second;
      },
    }),
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' } },
  });
  cache.onHistory = () => readAnew(client);
  return client;
}

/** Drops everything that was known and asks again for what is on the screen. A query that fails shows its error with Retry, as always. */
export function readAnew(client: ApolloClient): void {
  client.resetStore().catch(() => undefined);
}

/**
 * Forgets what no query reaches any more, and the answers made from it: without this, 10,000 updates cost 8 MB, with it 2.
 */
export function forgetUnused({ cache }: ApolloClient): void {
  if (cache instanceof NewestWinsCache) cache.gc({ resetResultCache: true });
}
