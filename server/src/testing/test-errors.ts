import type { GraphQLAnswer } from './test-app.js';

/** What a program reads from an answer's errors. For tests. */
export function errorsOf({ errors = [] }: Pick<GraphQLAnswer<unknown>, 'errors'>) {
  return errors.map(({ extensions, path }) => ({
    code: extensions?.['code'],
    ...(extensions?.['field'] === undefined ? {} : { field: extensions['field'] }),
    ...(path === undefined ? {} : { path: path.join('.') }),
  }));
}
