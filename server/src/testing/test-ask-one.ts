import type { TestApp } from './test-app.js';

/**
 * What the one root field of a document answers over HTTP.
 *
 * @param token  left out: the service's; null: nobody is signed in
 * @throws Error with the errors, if there are any
 */
export async function askOne<T>(
  app: TestApp,
  document: string,
  variables: Record<string, unknown> = {},
  token?: string | null,
): Promise<T> {
  const { data, errors } = await app.gql<Record<string, T>>(document, variables, token);
  if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0] as T;
}
