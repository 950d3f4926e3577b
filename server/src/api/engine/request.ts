import { OperationTypeNode } from 'graphql';
import type { DocumentNode, GraphQLError, OperationDefinitionNode } from 'graphql';
import type { Demand } from './count-cost.js';
import type { Recipe } from './recipe.js';

/** A request that may be executed. */
export interface ReadyRequest {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Collected once; also what executes each event of a subscription. */
  readonly recipe: Recipe;
  /** As sent; what graphql-js' own functions want. */
  readonly rawVariables: Readonly<Record<string, unknown>>;
  /** As coerced, defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly demand: Demand;
}

export interface DocumentRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** Whether the schema may be asked for. */
  readonly mayIntrospect: boolean;
  /** Whether the document is worth remembering if it is valid: not a stranger's. */
  readonly isKept?: boolean | undefined;
  /** How Apollo Server names the document's text. */
  readonly hash?: string | undefined;
}

export type Prepared = { readonly ready: ReadyRequest } | { readonly errors: readonly GraphQLError[] };

/** Whether it is a subscription, which only the WebSocket serves. */
export function isSubscription({ operation }: ReadyRequest): boolean {
  return operation.operation === OperationTypeNode.SUBSCRIPTION;
}
