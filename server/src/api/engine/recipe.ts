import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';

/** A field of the answer with all that can be known before values arrive. */
export interface FieldStep {
  readonly kind: 'field';
  /** Its name in the answer. */
  readonly key: string;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  /** The arguments, when no variable touches them; null: they are read for each execution. */
  readonly constantArguments: Record<string, unknown> | null;
  /** What is selected below, by the name of the type that a value turns out to have. */
  readonly selections: Map<string, readonly Step[]>;
}

/** `__typename`, answered without asking anybody. */
export interface TypenameStep {
  readonly kind: 'typename';
  readonly key: string;
  readonly typename: string;
}

export type Step = FieldStep | TypenameStep;

/** An operation whose selections are collected once, for one outcome of its `@skip` and `@include` conditions. */
export interface Recipe {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly rootType: GraphQLObjectType;
  readonly root: readonly Step[];
  /** Fields collected so far, for every type that values may turn out to have. */
  readonly fieldCount: number;
  /** What is selected below a field whose value is of `type`. */
  selectionsOf(field: FieldStep, type: GraphQLObjectType): readonly Step[];
}
