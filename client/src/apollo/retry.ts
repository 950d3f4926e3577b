import { CombinedGraphQLErrors, ServerError } from '@apollo/client';

const tries = 4;

/** Whether nobody knows what happened, or the server asked to come again; only then is the same request repeated. */
export function isUnanswered(error: unknown): boolean {
  if (CombinedGraphQLErrors.is(error)) return error.errors.every((each) => each.extensions?.['code'] === 'UNAVAILABLE');
  if (ServerError.is(error)) return error.statusCode >= 500;
  return true;
}

/**
 * Repeats a request that got no answer, a little later each time.
 *
 * Safe only for what carries an idempotency key made before the first try: the server then answers all tries alike.
 *
 * @throws what the last try threw
 */
export async function untilAnswered<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (tried === tries || !isUnanswered(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, (200 + 200 * Math.random()) * 2 ** tried));
    }
  }
}

/** What to tell a person about a request that failed. */
export function messageOf(error: unknown): string {
  return error instanceof Error && CombinedGraphQLErrors.is(error) ? error.message : 'The server could not be reached.';
}
