import { type GraphQLError, isNonNullType, locatedError } from 'graphql';
import type { GraphQLOutputType, GraphQLResolveInfo } from 'graphql';
import { type Answer, isObject, keysOf, type Path } from './answer-values.js';
import { readArguments } from './read-arguments.js';
import type { FieldStep, Recipe } from './recipe.js';

/** One execution of a recipe: what it is given, and the errors it has met. */
export interface Execution {
  readonly recipe: Recipe;
  readonly rootValue: unknown;
  readonly context: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly errors: GraphQLError[];
}

/** What a field's resolver gives; without one, the source's own property, which is called if it is a function. */
export function resolveValue(execution: Execution, field: FieldStep, source: unknown, path: Path): unknown {
  const { definition } = field;
  if (definition.resolve === undefined && !isObject(source)) return undefined;
  const property = definition.resolve === undefined ? (source as Answer)[definition.name] : undefined;
  if (definition.resolve === undefined && typeof property !== 'function') return property;
  const given = readArguments(field, execution.variables);
  const info = infoOf(execution, field, path);
  if (definition.resolve !== undefined) return definition.resolve(source, given, execution.context, info);
  return (source as Record<string, (...given: unknown[]) => unknown>)[definition.name]?.(
    given,
    execution.context,
    info,
  );
}

/** What graphql-js would tell a resolver of where it stands. */
export function infoOf({ recipe, rootValue, variables }: Execution, field: FieldStep, path: Path): GraphQLResolveInfo {
  return {
    fieldName: field.definition.name,
    fieldNodes: field.nodes,
    returnType: field.definition.type,
    parentType: field.parentType,
    path,
    schema: recipe.schema,
    fragments: recipe.fragments,
    rootValue,
    operation: recipe.operation,
    variableValues: variables,
  };
}

/** Notes an error at its field, which is then null. @throws the error, for what holds the field, when it may not be null */
export function failed(
  execution: Execution,
  field: FieldStep,
  type: GraphQLOutputType,
  raw: unknown,
  path: Path,
): null {
  const error = locatedError(raw, field.nodes, keysOf(path));
  if (isNonNullType(type)) throw error;
  execution.errors.push(error);
  return null;
}
