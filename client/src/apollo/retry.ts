import { t } from '@lingui/core/macro';
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

/** An error whose message is a sentence for a person. */
export class ToldError extends Error {}

/** What a status of HTTP means to the one who asked. */
export function sentenceOfStatus(status: number): string {
  if (status === 401) return t`This token is not valid or has expired.`;
  if (status === 403) return t`You are not allowed to see this.`;
  if (status === 429) return t`Too many requests. Try again in a moment.`;
  if (status >= 500) return t`The server cannot answer right now. Try again in a moment.`;
  return t`The server did not understand this page. Load it again.`;
}

/**
 * What to tell a person about a request that failed: the server's own words where it gave some, never a technical text.
 * Every error on the screen goes through here.
 */
export function messageOf(error: unknown): string {
  if (error instanceof ToldError) return error.message;
  if (CombinedGraphQLErrors.is(error)) {
    const [first] = error.errors;
    return first?.extensions?.['code'] === 'UNAUTHENTICATED'
      ? sentenceOfStatus(401)
      : (first?.message ?? t`The server refused, and did not say why.`);
  }
  if (ServerError.is(error)) return sentenceOfStatus(error.statusCode);
  return t`The server could not be reached.`;
}
