import { getNamedType, getNullableType, isAbstractType, isListType, isObjectType } from 'graphql';
import type { GraphQLObjectType, GraphQLOutputType } from 'graphql';
import { PAGE_FIRST_MAX } from '@aibc/shared/amounts';
import { PublicError } from '../../kit/errors.js';
import { writeRecipe } from './write-recipe.js';
import type { FieldStep, Recipe, Step } from './recipe.js';
import { readArguments } from './read-arguments.js';

/** Source: docs/api.md, Limits */
export const COST_LIMITS = {
  operation: 1_000,
  /** When the only root field is a `…Many`. */
  many: 4_000,
} as const;

type Variables = Readonly<Record<string, unknown>>;

/** What an operation costs, as a number or, where a variable says how much is asked for, as a function of the variables. */
type Cost = number | ((variables: Variables) => number);

/** What an operation asks for, before it is executed. */
export interface Demand {
  /** Objects it may answer. */
  readonly cost: number;
  readonly costMax: number;
  /** Root fields, each input of a `…Many` for itself. */
  readonly operations: number;
}

/** A recipe and what it asks for, by its variables. */
export interface CountedRecipe {
  readonly recipe: Recipe;
  readonly demand: (variables: Readonly<Record<string, unknown>>) => Demand;
}

/** Collects an operation and prepares the counting of its cost; @returns QUERY_TOO_COMPLEX when there is too much to collect */
export function countedRecipe(...given: Parameters<typeof writeRecipe>): CountedRecipe | PublicError {
  try {
    const recipe = writeRecipe(...given);
    return { recipe, demand: countCost(recipe) };
  } catch (error) {
    if (error instanceof PublicError) return error;
    throw error;
  }
}

const PAGED = new Set(['edges', 'nodes']);

/**
 * Counts what an operation may answer: an object 1, a scalar 0; under a connection the edges times `first`, under a
 * `…Many` everything times its inputs; other lists count once. Of the types a value may have, the dearest counts. A field that
 * reads much says so itself: its own object counts what its extension `cost` says.
 *
 * @returns a function of the coerced variables; it costs nothing where no variable says how much is asked for
 * Source: docs/api.md, Limits
 */
export function countCost(recipe: Recipe): (variables: Variables) => Demand {
  const fields = recipe.root.filter((selection) => selection.kind === 'field');
  const cost = sum(fields.map((field) => costOfField(recipe, field)));
  const inputs = fields.map((field) => inputsOf(field));
  const many = inputs.find((count) => count !== null);
  const costMax = fields.length === 1 && many !== undefined ? COST_LIMITS.many : COST_LIMITS.operation;
  const operations = sum(inputs.map((count) => count ?? 1));
  return (variables) => ({ cost: evaluate(cost, variables), costMax, operations: evaluate(operations, variables) });
}

function costOfField(recipe: Recipe, field: FieldStep): Cost {
  const below = sum(selectedUnder(recipe, field));
  const named = getNamedType(field.definition.type);
  if (!isObjectType(named) && !isAbstractType(named)) return 0;
  const inputs = inputsOf(field);
  return inputs === null ? below : product(inputs, below);
}

/** The field's own object and what is below it, for the dearest of its possible types. */
function selectedUnder(recipe: Recipe, field: FieldStep): Cost[] {
  const named = getNamedType(field.definition.type);
  const types: readonly GraphQLObjectType[] = isAbstractType(named)
    ? recipe.schema.getPossibleTypes(named)
    : isObjectType(named)
      ? [named]
      : [];
  const first = firstOf(field);
  const byType = types.map((type) =>
    sum(recipe.selectionsOf(field, type).map((selection) => costOfSelection(recipe, selection, first))),
  );
  const own = field.definition.extensions['cost'];
  return [typeof own === 'number' ? own : 1, maximum(byType)];
}

function costOfSelection(recipe: Recipe, selection: Step, first: Cost | null): Cost {
  if (selection.kind === 'typename') return 0;
  const cost = costOfField(recipe, selection);
  return first !== null && PAGED.has(selection.definition.name) ? product(first, cost) : cost;
}

function firstOf(field: FieldStep): Cost | null {
  if (!field.definition.args.some(({ name }) => name === 'first')) return null;
  // What is out of range is refused by the field itself, which then answers nothing.
  return argument(field, ({ first }) => (typeof first === 'number' ? Math.min(Math.max(1, first), PAGE_FIRST_MAX) : 1));
}

/** How many inputs a `…Many` has; null for every other field. */
function inputsOf(field: FieldStep): Cost | null {
  if (!field.definition.name.endsWith('Many') || !isList(field.definition.type)) return null;
  return argument(field, (given) =>
    Math.max(1, ...Object.values(given).map((value) => (Array.isArray(value) ? value.length : 1))),
  );
}

function argument(field: FieldStep, read: (given: Readonly<Record<string, unknown>>) => number): Cost {
  if (field.constantArguments !== null) return read(field.constantArguments);
  return (variables) => {
    try {
      return read(readArguments(field, variables));
    } catch {
      // An argument that cannot be read fails its field, which then answers nothing.
      return 1;
    }
  };
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

function evaluate(cost: Cost, variables: Variables): number {
  return typeof cost === 'number' ? cost : cost(variables);
}

function combine(costs: readonly Cost[], fold: (values: readonly number[]) => number): Cost {
  const constants = costs.filter((cost) => typeof cost === 'number');
  if (constants.length === costs.length) return fold(constants);
  return (variables) => fold(costs.map((cost) => evaluate(cost, variables)));
}

function sum(costs: readonly Cost[]): Cost {
  return combine(costs, (values) => values.reduce((total, value) => total + value, 0));
}

function product(...costs: readonly Cost[]): Cost {
  return combine(costs, (values) => values.reduce((total, value) => total * value, 1));
}

function maximum(costs: readonly Cost[]): Cost {
  return combine(costs, (values) => Math.max(0, ...values));
}
