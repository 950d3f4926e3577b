import { GraphQLError, OperationTypeNode, getOperationAST, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { tooComplex } from '../kit/errors.js';
import { variableReader } from './coerce-variables.js';
import type { CoercedVariables } from './coerce-variables.js';
import { countCost } from './count-cost.js';
import type { Demand } from './count-cost.js';
import { DocumentCache } from './document-cache.js';
import { executePlan } from './execute-plan.js';
import { classifyValidationError } from './input-field.js';
import { DOCUMENT_LIMITS, limitDocument } from './limit-document.js';
import { asksForSchema, conditionVariables, planOperation } from './operation-plan.js';
import type { OperationPlan } from './operation-plan.js';

const VALIDATION_ERRORS_MAX = 10;
const PLANS_MAX = 16;

/** What `parse` is given at both doors: longer documents are refused while they are read. */
export const PARSE_OPTIONS = { maxTokens: DOCUMENT_LIMITS.tokens } as const;

interface CountedPlan {
  readonly plan: OperationPlan;
  readonly demand: (variables: Readonly<Record<string, unknown>>) => Demand;
}

interface PreparedOperation {
  readonly operation: OperationDefinitionNode;
  readonly readVariables: (raw: Readonly<Record<string, unknown>>) => CoercedVariables;
  readonly plans: Map<string, CountedPlan>;
}

interface PreparedDocument {
  readonly errors: readonly GraphQLError[];
  readonly asksForSchema: boolean;
  readonly conditionVariables: readonly string[];
  readonly operations: Map<string, PreparedOperation>;
}

/** A request that may be executed. */
export interface ReadyOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Collected once; also what executes each event of a subscription. */
  readonly plan: OperationPlan;
  /** As sent; what graphql-js' own functions want. */
  readonly rawVariables: Readonly<Record<string, unknown>>;
  /** As coerced, defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly demand: Demand;
}

export interface OperationRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** Whether the schema may be asked for. */
  readonly mayIntrospect: boolean;
}

export type Prepared = { readonly ready: ReadyOperation } | { readonly errors: readonly GraphQLError[] };

/**
 * Parses, limits, validates, coerces and executes, for both doors: what HTTP refuses, the WebSocket refuses for the same reason.
 *
 * Documents are parsed and validated once and their operations planned once. Nothing here knows who is calling.
 */
export class GraphQLEngine {
  readonly schema: GraphQLSchema;
  readonly #documents = new DocumentCache();
  readonly #prepared = new WeakMap<DocumentNode, PreparedDocument>();

  constructor(schema: GraphQLSchema) {
    this.schema = schema;
  }

  /** @throws GraphQLError with GRAPHQL_PARSE_FAILED */
  parse(source: string): DocumentNode {
    const known = this.#documents.find(source);
    if (known !== undefined) return known;
    let document: DocumentNode;
    try {
      document = parse(source, PARSE_OPTIONS);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      throw new GraphQLError(error.message, {
        source: error.source,
        positions: error.positions,
        extensions: { code: 'GRAPHQL_PARSE_FAILED' },
      });
    }
    this.#documents.keep(source, document);
    return document;
  }

  /**
   * Everything between parsing and execution: limits, validation, choice of the operation, variables, cost.
   *
   * @returns the errors of the first of these steps that found any, each with a public code
   * Source: docs/api.md, Limits
   */
  prepare(request: OperationRequest): Prepared {
    const prepared = this.#prepare(request);
    // Whoever may not ask for the schema is not told the names next to a wrong one either.
    return 'ready' in prepared || request.mayIntrospect ? prepared : { errors: prepared.errors.map(withoutSuggestion) };
  }

  #prepare({ document, operationName, variables: raw, mayIntrospect }: OperationRequest): Prepared {
    const prepared = this.#prepareDocument(document);
    if (prepared.errors.length > 0) return { errors: prepared.errors };
    if (prepared.asksForSchema && !mayIntrospect) {
      return {
        errors: [
          withCode(
            'GRAPHQL_VALIDATION_FAILED',
            'This server does not answer questions about its schema without credentials; schema.graphql is published.',
          ),
        ],
      };
    }
    const operation = this.#prepareOperation(prepared, document, operationName ?? null);
    if (operation === null) {
      const message =
        operationName == null
          ? 'Must provide operation name if query contains multiple operations.'
          : `Unknown operation named ${JSON.stringify(operationName.slice(0, 80))}.`;
      return { errors: [withCode('OPERATION_RESOLUTION_FAILURE', message)] };
    }
    const coerced = operation.readVariables(raw ?? {});
    if ('errors' in coerced) return { errors: coerced.errors };
    const { plan, demand: count } = this.#plan(prepared, operation, document, coerced.values);
    const demand = count(coerced.values);
    if (demand.cost > demand.costMax) {
      return {
        errors: [
          tooComplex(
            `This operation may answer ${demand.cost} objects; at most ${demand.costMax} are answered at once. Ask for smaller pages.`,
          ),
        ],
      };
    }
    return {
      ready: {
        document,
        operation: operation.operation,
        plan,
        rawVariables: raw ?? {},
        variables: coerced.values,
        demand,
      },
    };
  }

  /**
   * Executes a query or a mutation, or one event of a subscription given as `rootValue`.
   *
   * @returns a promise, which never rejects, only if some resolver gave one
   */
  execute(ready: ReadyOperation, context: unknown, rootValue?: unknown): ExecutionResult | Promise<ExecutionResult> {
    return executePlan(ready.plan, { rootValue, context, variables: ready.variables });
  }

  #prepareDocument(document: DocumentNode): PreparedDocument {
    const known = this.#prepared.get(document);
    if (known !== undefined) return known;
    const excess = limitDocument(document);
    const errors =
      excess.length > 0
        ? excess
        : validate(this.schema, document, specifiedRules, { maxErrors: VALIDATION_ERRORS_MAX }).map((error) =>
            classifyValidationError(document, error),
          );
    const prepared: PreparedDocument = {
      errors,
      asksForSchema: asksForSchema(document),
      conditionVariables: conditionVariables(document),
      operations: new Map(),
    };
    this.#prepared.set(document, prepared);
    return prepared;
  }

  #prepareOperation(
    { operations }: PreparedDocument,
    document: DocumentNode,
    name: string | null,
  ): PreparedOperation | null {
    const known = operations.get(name ?? '');
    if (known !== undefined) return known;
    const operation = getOperationAST(document, name);
    if (operation === null || operation === undefined) return null;
    const prepared: PreparedOperation = {
      operation,
      readVariables: variableReader(this.schema, document, operation),
      plans: new Map(),
    };
    operations.set(name ?? '', prepared);
    return prepared;
  }

  #plan(
    prepared: PreparedDocument,
    { operation, plans }: PreparedOperation,
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
  ): CountedPlan {
    const key = prepared.conditionVariables.map((name) => (variables[name] === true ? '1' : '0')).join('');
    const known = plans.get(key);
    if (known !== undefined) return known;
    const plan = planOperation(this.schema, document, operation, variables);
    const counted: CountedPlan = { plan, demand: countCost(plan) };
    if (plans.size < PLANS_MAX) plans.set(key, counted);
    return counted;
  }
}

/** Whether an operation is a subscription, which only the WebSocket serves. */
export function isSubscription({ operation }: ReadyOperation): boolean {
  return operation.operation === OperationTypeNode.SUBSCRIPTION;
}

function withCode(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .*\?$/s, '');
  return message === error.message
    ? error
    : new GraphQLError(message, { nodes: error.nodes ?? null, extensions: error.extensions });
}
