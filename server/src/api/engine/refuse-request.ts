import { GraphQLError, GraphQLIncludeDirective, GraphQLSkipDirective, Kind, OperationTypeNode } from 'graphql';
import type { DocumentNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import { fragmentsOf } from './read-document.js';
import type { Recipe } from './recipe.js';
import { readArguments } from './read-arguments.js';

const CONDITIONS: ReadonlySet<string> = new Set([GraphQLSkipDirective.name, GraphQLIncludeDirective.name]);

/** A variable of the operation that `@skip` or `@include` looks at and that says neither yes nor no. */
export function unclearCondition(
  names: readonly string[],
  { variableDefinitions }: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): string | undefined {
  if (names.length === 0) return undefined;
  const own = new Set((variableDefinitions ?? []).map(({ variable }) => variable.name.value));
  return names.find((name) => own.has(name) && typeof values[name] !== 'boolean');
}

/** Whether a subscription's arguments can be read: graphql-js finds that out when it is too late to name them. */
export function refuseRecipe(
  { root, operation }: Recipe,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError | null {
  const [first] = root;
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION || first?.kind !== 'field') return null;
  try {
    readArguments(first, variables);
    return null;
  } catch (error) {
    return error as GraphQLError;
  }
}

/**
 * A subscription follows its one field whatever variables say: `@skip` and `@include` stand nowhere at its root, fragments included.
 *
 * Looked at before the validation, which would ask for the variables' values.
 */
export function refuseRootConditions(document: DocumentNode): GraphQLError[] {
  const fragments = fragmentsOf(document);
  const visited = new Set<string>();
  const isConditional = ({ selections }: SelectionSetNode): boolean =>
    selections.some((selection) => {
      if (selection.directives?.some(({ name }) => CONDITIONS.has(name.value)) === true) return true;
      if (selection.kind === Kind.FIELD) return false;
      if (selection.kind === Kind.INLINE_FRAGMENT) return isConditional(selection.selectionSet);
      if (visited.has(selection.name.value)) return false;
      visited.add(selection.name.value);
      const fragment = fragments[selection.name.value];
      return fragment !== undefined && isConditional(fragment.selectionSet);
    });
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== OperationTypeNode.SUBSCRIPTION)
      return [];
    visited.clear();
    if (!isConditional(definition.selectionSet)) return [];
    const message = 'The field of a subscription is always included: @skip and @include may stand only below it.';
    return [new GraphQLError(message, { nodes: [definition], extensions: { code: 'BAD_USER_INPUT' } })];
  });
}

/** An error of the request itself. */
export function withCode(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

/** The same error without the names next to a wrong one. */
export function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .*\?$/s, '');
  return message === error.message
    ? error
    : new GraphQLError(message, { nodes: error.nodes ?? null, extensions: error.extensions });
}
