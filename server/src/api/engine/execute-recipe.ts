import { GraphQLError, isAbstractType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { ExecutionResult, GraphQLAbstractType, GraphQLList, GraphQLObjectType, GraphQLOutputType } from 'graphql';
import type { FieldStep, Recipe, Step } from './recipe.js';
import { failed, infoOf, resolveValue } from './execution.js';
import type { Execution } from './execution.js';
import {
  type Answer,
  isIterable,
  isPromise,
  type MaybePromise,
  type Path,
  put,
  serializeLeaf,
  typenameOf,
} from './answer-values.js';

export interface ExecutionInput {
  readonly rootValue?: unknown;
  readonly context: unknown;
  /** As coerced, defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Executes an operation by its recipe: the same answers, errors and paths as graphql-js, without collecting fields and reading
 * constant arguments each time.
 *
 * Mutations run one root field after the other. A null where none may be takes its parent with it. An item of a list
 * fails alone when the list's items may be null.
 *
 * @returns a promise only if some resolver did
 */
export function executeRecipe(
  recipe: Recipe,
  { rootValue, context, variables }: ExecutionInput,
): MaybePromise<ExecutionResult> {
  const execution: Execution = { recipe, rootValue, context, variables, errors: [] };
  const fail = (error: unknown): ExecutionResult => {
    execution.errors.push(error as GraphQLError);
    return answer(execution, null);
  };
  try {
    const data =
      recipe.operation.operation === 'mutation'
        ? executeInTurn(execution)
        : executeSelections(execution, recipe.root, rootValue, undefined);
    return isPromise(data) ? data.then((settled) => answer(execution, settled), fail) : answer(execution, data);
  } catch (error) {
    return fail(error);
  }
}

function answer({ errors }: Execution, data: Answer | null): ExecutionResult {
  return errors.length === 0 ? { data } : { errors, data };
}

async function executeInTurn(execution: Execution): Promise<Answer> {
  const result: Answer = {};
  for (const selection of execution.recipe.root) {
    const value = executeSelection(execution, selection, execution.rootValue, undefined);
    put(result, selection.key, isPromise(value) ? await value : value);
  }
  return result;
}

function executeSelections(
  execution: Execution,
  selections: readonly Step[],
  source: unknown,
  path: Path | undefined,
): MaybePromise<Answer> {
  const result: Answer = {};
  let pending: Promise<void>[] | null = null;
  try {
    for (const selection of selections) {
      const value = executeSelection(execution, selection, source, path);
      put(result, selection.key, value);
      if (isPromise(value)) (pending ??= []).push(value.then((settled) => put(result, selection.key, settled)));
    }
  } catch (error) {
    // Waits for the fields that were started, so that none of them rejects without anybody listening.
    if (pending === null) throw error;
    return Promise.allSettled(pending).then(() => {
      throw error;
    });
  }
  return pending === null ? result : Promise.all(pending).then(() => result);
}

function executeSelection(execution: Execution, selection: Step, source: unknown, parent: Path | undefined): unknown {
  if (selection.kind === 'typename') return selection.typename;
  const { definition } = selection;
  const path: Path = { prev: parent, key: selection.key, typename: selection.parentType.name };
  try {
    const value = resolveValue(execution, selection, source, path);
    const completed = isPromise(value)
      ? value.then((settled) => complete(execution, selection, definition.type, settled, path))
      : complete(execution, selection, definition.type, value, path);
    return isPromise(completed)
      ? completed.catch((error: unknown) => failed(execution, selection, definition.type, error, path))
      : completed;
  } catch (error) {
    return failed(execution, selection, definition.type, error, path);
  }
}

function complete(
  execution: Execution,
  field: FieldStep,
  type: GraphQLOutputType,
  value: unknown,
  path: Path,
): unknown {
  if (value instanceof Error) throw value;
  if (isNonNullType(type)) {
    const completed = complete(execution, field, type.ofType, value, path);
    if (completed === null)
      throw new Error(`Cannot return null for non-nullable field ${field.parentType.name}.${field.definition.name}.`);
    return completed;
  }
  if (value === null || value === undefined) return null;
  if (isListType(type)) return completeList(execution, field, type, value, path);
  if (isLeafType(type)) return serializeLeaf(type, value);
  if (isAbstractType(type)) return completeAbstract(execution, field, type, value, path);
  return completeObject(execution, field, type, value, path);
}

function completeList(
  execution: Execution,
  field: FieldStep,
  type: GraphQLList<GraphQLOutputType>,
  value: unknown,
  path: Path,
): MaybePromise<unknown[]> {
  if (!isIterable(value))
    throw new GraphQLError(
      `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.definition.name}".`,
    );
  const items: unknown[] = [];
  let pending = false;
  let index = 0;
  try {
    for (const item of value) {
      const completed = completeItem(execution, field, type.ofType, item, {
        prev: path,
        key: index++,
        typename: undefined,
      });
      pending ||= isPromise(completed);
      items.push(completed);
    }
  } catch (error) {
    // Items that were started are waited for, so that none of them rejects without anybody listening.
    if (pending) void Promise.allSettled(items);
    throw error;
  }
  return pending ? Promise.all(items) : items;
}

function completeItem(
  execution: Execution,
  field: FieldStep,
  type: GraphQLOutputType,
  item: unknown,
  path: Path,
): unknown {
  try {
    const completed = isPromise(item)
      ? item.then((settled) => complete(execution, field, type, settled, path))
      : complete(execution, field, type, item, path);
    return isPromise(completed)
      ? completed.catch((error: unknown) => failed(execution, field, type, error, path))
      : completed;
  } catch (error) {
    return failed(execution, field, type, error, path);
  }
}

function completeAbstract(
  execution: Execution,
  field: FieldStep,
  type: GraphQLAbstractType,
  value: unknown,
  path: Path,
): MaybePromise<Answer> {
  const { recipe, context } = execution;
  const info = infoOf(execution, field, path);
  const named =
    type.resolveType === undefined || type.resolveType === null
      ? typenameOf(value)
      : type.resolveType(value, context, info, type);
  const proceed = (name: string | undefined): MaybePromise<Answer> => {
    const concrete = name === undefined ? undefined : recipe.schema.getType(name);
    if (!isObjectType(concrete) || !recipe.schema.isSubType(type, concrete)) {
      throw new GraphQLError(
        `Abstract type "${type.name}" was resolved to ${name === undefined ? 'no type' : `"${name}"`}, which is none of its object types.`,
        {
          nodes: field.nodes,
        },
      );
    }
    return completeObject(execution, field, concrete, value, path);
  };
  return isPromise(named) ? named.then(proceed) : proceed(named);
}

function completeObject(
  execution: Execution,
  field: FieldStep,
  type: GraphQLObjectType,
  value: unknown,
  path: Path,
): MaybePromise<Answer> {
  const selections = execution.recipe.selectionsOf(field, type);
  if (type.isTypeOf === undefined || type.isTypeOf === null)
    return executeSelections(execution, selections, value, path);
  const proceed = (isOfType: boolean): MaybePromise<Answer> => {
    if (!isOfType) throw new GraphQLError(`Expected value of type "${type.name}".`, { nodes: field.nodes });
    return executeSelections(execution, selections, value, path);
  };
  const isOfType = type.isTypeOf(value, execution.context, infoOf(execution, field, path));
  return isPromise(isOfType) ? isOfType.then(proceed) : proceed(isOfType);
}
