import { GraphQLError, getArgumentValues } from 'graphql';
import type { FieldStep } from './recipe.js';

const NAMED = /^Argument "(\w+)"/;

/**
 * A field's arguments for one execution.
 *
 * Validation lets a variable that may be null stand where null may not be, as long as the argument has a default: null in it is
 * found only here, and is the caller's fault.
 *
 * @throws BAD_USER_INPUT naming the argument
 */
export function readArguments(
  { definition, nodes, constantArguments }: FieldStep,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (constantArguments !== null) return constantArguments;
  try {
    return getArgumentValues(definition, nodes[0], variables);
  } catch (error) {
    if (!(error instanceof GraphQLError) || error.extensions['code'] !== undefined) throw error;
    const field = NAMED.exec(error.message)?.[1];
    throw new GraphQLError(error.message, {
      nodes: error.nodes ?? null,
      extensions: { code: 'BAD_USER_INPUT', ...(field === undefined ? {} : { field }) },
    });
  }
}
