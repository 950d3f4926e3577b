import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  getArgumentValues,
  getDirectiveValues,
  isAbstractType,
  isObjectType,
  visit,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { tooComplex } from '../../kit/errors.js';
import { fragmentsOf, SCHEMA_FIELDS } from './read-document.js';
import type { FieldStep, Recipe, Step } from './recipe.js';

/** Of all types that values may have; the limits of a document leave room for more where many types are asked for in many places. */
const RECIPE_FIELDS_MAX = 20_000;

type Conditions = Readonly<Record<string, unknown>>;
type NodesByKey = Map<string, [FieldNode, ...FieldNode[]]>;

/**
 * Collects the selections of a validated operation, in the order in which graphql-js answers them.
 *
 * @param conditions  values of the variables that `@skip` and `@include` look at
 * @throws QUERY_TOO_COMPLEX when there is too much to collect
 */
export function writeRecipe(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: Conditions,
): Recipe {
  return new WrittenRecipe(schema, fragmentsOf(document), operation, conditions);
}

/** Collects what is selected below a field when a value of a type is first seen there. */
class WrittenRecipe implements Recipe {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly rootType: GraphQLObjectType;
  readonly root: readonly Step[];
  fieldCount = 0;
  readonly #conditions: Conditions;

  constructor(
    schema: GraphQLSchema,
    fragments: Readonly<Record<string, FragmentDefinitionNode>>,
    operation: OperationDefinitionNode,
    conditions: Conditions,
  ) {
    const rootType = schema.getRootType(operation.operation);
    if (rootType === undefined || rootType === null) throw new Error(`The schema has no ${operation.operation} type`);
    this.schema = schema;
    this.fragments = fragments;
    this.operation = operation;
    this.#conditions = conditions;
    this.rootType = rootType;
    this.root = this.#stepsOf(rootType, [operation.selectionSet]);
  }

  selectionsOf(field: FieldStep, type: GraphQLObjectType): readonly Step[] {
    let selected = field.selections.get(type.name);
    if (selected === undefined) {
      selected = this.#stepsOf(
        type,
        field.nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
      );
      field.selections.set(type.name, selected);
    }
    return selected;
  }

  #stepsOf(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Step[] {
    const collected: NodesByKey = new Map();
    const visited = new Set<string>();
    for (const set of sets) this.#collect(set.selections, type, collected, visited);
    const fields = type.getFields();
    this.fieldCount += collected.size;
    if (this.fieldCount > RECIPE_FIELDS_MAX)
      throw tooComplex('This operation asks for too many fields of too many types at once.');
    return [...collected].flatMap(([key, nodes]): Step[] => {
      const name = nodes[0].name.value;
      if (name === '__typename') return [{ kind: 'typename', key, typename: type.name }];
      const definition = fields[name] ?? (type === this.schema.getQueryType() ? SCHEMA_FIELDS.get(name) : undefined);
      if (definition === undefined) return [];
      return [
        {
          kind: 'field',
          key,
          nodes,
          parentType: type,
          definition,
          constantArguments: constantArguments(definition, nodes[0]),
          selections: new Map(),
        },
      ];
    });
  }

  #collect(
    selections: readonly SelectionNode[],
    type: GraphQLObjectType,
    into: NodesByKey,
    visited: Set<string>,
  ): void {
    for (const selection of selections) {
      if (!isIncluded(selection, this.#conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = into.get(key);
        if (nodes === undefined) into.set(key, [selection]);
        else nodes.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (appliesTo(this.schema, selection.typeCondition?.name.value, type))
          this.#collect(selection.selectionSet.selections, type, into, visited);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = this.fragments[selection.name.value];
        if (fragment !== undefined && appliesTo(this.schema, fragment.typeCondition.name.value, type)) {
          this.#collect(fragment.selectionSet.selections, type, into, visited);
        }
      }
    }
  }
}

function isIncluded(node: SelectionNode, conditions: Conditions): boolean {
  if (node.directives === undefined || node.directives.length === 0) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, conditions)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, conditions)?.['if'] !== false;
}

function appliesTo(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named = schema.getType(condition);
  return isAbstractType(named) && isObjectType(type) && schema.isSubType(named, type);
}

function constantArguments(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
): Record<string, unknown> | null {
  let isConstant = true;
  for (const argument of node.arguments ?? []) visit(argument, { Variable: () => void (isConstant = false) });
  if (!isConstant) return null;
  try {
    // Shared by all executions: nobody may write to it.
    return Object.freeze(getArgumentValues(definition, node));
  } catch {
    // An argument that cannot be read is an error of each execution, at its field.
    return null;
  }
}
