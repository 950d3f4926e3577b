import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
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

/** Of all types that values may have; the limits of a document leave room for more where many types are asked for in many places. */
const PLANNED_FIELDS_MAX = 20_000;

/** A field of the answer with all that can be known before values arrive. */
export interface FieldPlan {
  readonly kind: 'field';
  /** Its name in the answer. */
  readonly key: string;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  /** The arguments, when no variable touches them; null: they are read for each execution. */
  readonly constantArguments: Record<string, unknown> | null;
  /** What is selected below, by the name of the type that a value turns out to have. */
  readonly selections: Map<string, readonly SelectionPlan[]>;
}

/** `__typename`, answered without asking anybody. */
export interface TypenamePlan {
  readonly kind: 'typename';
  readonly key: string;
  readonly typename: string;
}

export type SelectionPlan = FieldPlan | TypenamePlan;

/** An operation whose selections are collected once, for one outcome of its `@skip` and `@include` conditions. */
export interface OperationPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly rootType: GraphQLObjectType;
  readonly root: readonly SelectionPlan[];
  /** Fields planned so far, for every type that values may turn out to have. */
  readonly fieldCount: number;
  /** What is selected below a field whose value is of `type`. */
  selectionsOf(field: FieldPlan, type: GraphQLObjectType): readonly SelectionPlan[];
}

/** Questions about the schema itself, which every query type answers. */
const SCHEMA_FIELDS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

/**
 * Collects the selections of a validated operation, in the order in which graphql-js answers them.
 *
 * @param conditions  values of the variables that `@skip` and `@include` look at
 */
export function planOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: Readonly<Record<string, unknown>>,
): OperationPlan {
  const rootType = schema.getRootType(operation.operation);
  if (rootType === undefined || rootType === null) throw new Error(`The schema has no ${operation.operation} type`);
  const fragments = fragmentsOf(document);
  let fieldCount = 0;

  const collect = (
    selections: readonly SelectionNode[],
    type: GraphQLObjectType,
    into: Map<string, [FieldNode, ...FieldNode[]]>,
    visited: Set<string>,
  ): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = into.get(key);
        if (nodes === undefined) into.set(key, [selection]);
        else nodes.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (appliesTo(schema, selection.typeCondition?.name.value, type))
          collect(selection.selectionSet.selections, type, into, visited);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = fragments[selection.name.value];
        if (fragment !== undefined && appliesTo(schema, fragment.typeCondition.name.value, type)) {
          collect(fragment.selectionSet.selections, type, into, visited);
        }
      }
    }
  };

  const plan = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]): SelectionPlan[] => {
    const collected = new Map<string, [FieldNode, ...FieldNode[]]>();
    const visited = new Set<string>();
    for (const set of sets) collect(set.selections, type, collected, visited);
    const fields = type.getFields();
    fieldCount += collected.size;
    if (fieldCount > PLANNED_FIELDS_MAX)
      throw tooComplex('This operation asks for too many fields of too many types at once.');
    return [...collected].flatMap(([key, nodes]): SelectionPlan[] => {
      const name = nodes[0].name.value;
      if (name === '__typename') return [{ kind: 'typename', key, typename: type.name }];
      const definition = fields[name] ?? (type === schema.getQueryType() ? SCHEMA_FIELDS.get(name) : undefined);
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
  };

  return {
    schema,
    operation,
    fragments,
    rootType,
    root: plan(rootType, [operation.selectionSet]),
    get fieldCount() {
      return fieldCount;
    },
    selectionsOf: (field, type) => {
      let selected = field.selections.get(type.name);
      if (selected === undefined) {
        selected = plan(
          type,
          field.nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
        );
        field.selections.set(type.name, selected);
      }
      return selected;
    },
  };
}

/** The variables that decide what an operation includes, sorted. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given }) => {
      if (name.value !== GraphQLSkipDirective.name && name.value !== GraphQLIncludeDirective.name) return;
      for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/** The fragments of a document by name. */
export function fragmentsOf(document: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

/** Whether a document asks about the schema itself. */
export function asksForSchema(document: DocumentNode): boolean {
  let found = false;
  visit(document, { Field: ({ name }) => void (found ||= SCHEMA_FIELDS.has(name.value)) });
  return found;
}

function isIncluded(node: SelectionNode, conditions: Readonly<Record<string, unknown>>): boolean {
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
