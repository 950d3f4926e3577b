import { GraphQLError, getOperationAST, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { PublicError, tooComplex } from '../../kit/errors.js';
import { grouped } from '../../kit/grouped.js';
import { variableReader } from './coerce-variables.js';
import type { CoercedVariables } from './coerce-variables.js';
import { countedRecipe } from './count-cost.js';
import type { CountedRecipe } from './count-cost.js';
import { DocumentCache } from './document-cache.js';
import { executeRecipe } from './execute-recipe.js';
import { classifyValidationError, refuseInput } from './input-field.js';
import { DOCUMENT_LIMITS, limitDocument } from './limit-document.js';
import { asksForSchema, conditionVariables } from './read-document.js';
import { refuseRecipe, refuseRootConditions, unclearCondition, withCode, withoutSuggestion } from './refuse-request.js';
import type { DocumentRequest, Prepared, ReadyRequest } from './request.js';

const VALIDATION_ERRORS_MAX = 10;
const RECIPES_MAX = 16;
/** Measured: a field of a recipe with its nodes and its selections by type. */
const BYTES_PER_RECIPE_FIELD = 500;

/** What `parse` is given at both doors: longer documents are refused while they are read. */
export const PARSE_OPTIONS = { maxTokens: DOCUMENT_LIMITS.tokens } as const;

interface PreparedOperation {
  readonly operation: OperationDefinitionNode;
  readonly readVariables: (raw: Readonly<Record<string, unknown>>) => CoercedVariables;
  readonly recipes: Map<string, CountedRecipe>;
}

interface PreparedDocument {
  readonly document: DocumentNode;
  isKept: boolean;
  readonly errors: readonly GraphQLError[];
  readonly asksForSchema: boolean;
  readonly conditionVariables: readonly string[];
  readonly operations: Map<string, PreparedOperation>;
}

/**
 * Parses, limits, validates, coerces and executes, for both doors: what HTTP refuses, the WebSocket refuses for the same reason.
 *
 * Documents are parsed and validated once and the recipes of their operations written once. Nothing here knows who is calling.
 */
export class GraphQLEngine {
  readonly schema: GraphQLSchema;
  readonly #documents = new DocumentCache();
  readonly #prepared = new WeakMap<DocumentNode, PreparedDocument>();

  constructor(schema: GraphQLSchema) {
    this.schema = schema;
  }

  /** The kept document of that hash, which Apollo Server looks for. */
  findDocument(hash: string): DocumentNode | undefined {
    return this.#documents.findHash(hash);
  }

  /** What the kept documents and their recipes weigh, in bytes, as estimated. */
  get keptBytes(): number {
    return this.#documents.bytes;
  }

  /** @throws GraphQLError with GRAPHQL_PARSE_FAILED */
  parse(source: string): DocumentNode {
    try {
      return this.#documents.find(source) ?? parse(source, PARSE_OPTIONS);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      throw new GraphQLError(error.message, {
        source: error.source,
        positions: error.positions,
        extensions: { code: 'GRAPHQL_PARSE_FAILED' },
      });
    }
  }

  /**
   * Everything between parsing and execution: limits, validation, choice of the operation, variables, cost.
   *
   * @returns the errors of the first of these steps that found any, each with a public code
   * Source: docs/api.md, Limits
   */
  prepare(request: DocumentRequest): Prepared {
    const prepared = this.#prepare(request);
    // Whoever may not ask for the schema is not told the names next to a wrong one either.
    return 'ready' in prepared || request.mayIntrospect ? prepared : { errors: prepared.errors.map(withoutSuggestion) };
  }

  #prepare(request: DocumentRequest): Prepared {
    const { document, operationName, variables: raw, mayIntrospect, isKept, hash } = request;
    const prepared = this.#prepareDocument(document);
    if (prepared.errors.length > 0) return { errors: prepared.errors };
    if (isKept === true && !prepared.isKept) {
      this.#documents.keep(document, hash ?? null);
      prepared.isKept = true;
    }
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
    const operation = this.#prepareOperation(prepared, operationName ?? null);
    if (operation === null) {
      const message =
        operationName == null
          ? 'Must provide operation name if query contains multiple operations.'
          : `Unknown operation named ${JSON.stringify(operationName.slice(0, 80))}.`;
      return { errors: [withCode('OPERATION_RESOLUTION_FAILURE', message)] };
    }
    const coerced = operation.readVariables(raw ?? {});
    if ('errors' in coerced) return { errors: coerced.errors };
    const unclear = unclearCondition(prepared.conditionVariables, operation.operation, coerced.values);
    if (unclear !== undefined) {
      const message = `Variable "$${unclear}" decides what is included and must be true or false.`;
      return { errors: [refuseInput(new GraphQLError(message), message, [unclear], [operation.operation])] };
    }
    return this.#demand(prepared, operation, raw ?? {}, coerced.values);
  }

  #demand(
    prepared: PreparedDocument,
    operation: PreparedOperation,
    rawVariables: Readonly<Record<string, unknown>>,
    variables: Readonly<Record<string, unknown>>,
  ): Prepared {
    const counted = this.#recipe(prepared, operation, variables);
    if (counted instanceof PublicError) return { errors: [counted] };
    const { recipe, demand: count } = counted;
    const excess = refuseRecipe(recipe, variables);
    if (excess !== null) return { errors: [excess] };
    const demand = count(variables);
    if (demand.cost > demand.costMax) {
      return {
        errors: [
          tooComplex(
            `This operation may answer ${grouped(demand.cost)} objects; at most ${grouped(demand.costMax)} are answered at once. Ask for smaller pages.`,
          ),
        ],
      };
    }
    return {
      ready: {
        document: prepared.document,
        operation: operation.operation,
        recipe,
        rawVariables,
        variables,
        demand,
      },
    };
  }

  /**
   * Executes a query or a mutation, or one event of a subscription given as `rootValue`.
   *
   * @returns a promise, which never rejects, only if some resolver gave one
   */
  execute(ready: ReadyRequest, context: unknown, rootValue?: unknown): ExecutionResult | Promise<ExecutionResult> {
    return executeRecipe(ready.recipe, { rootValue, context, variables: ready.variables });
  }

  #prepareDocument(document: DocumentNode): PreparedDocument {
    const known = this.#prepared.get(document);
    if (known !== undefined) return known;
    const refused = [...limitDocument(document), ...refuseRootConditions(document)];
    const errors =
      refused.length > 0
        ? refused
        : validate(this.schema, document, specifiedRules, { maxErrors: VALIDATION_ERRORS_MAX }).map((error) =>
            classifyValidationError(document, error),
          );
    const prepared: PreparedDocument = {
      document,
      isKept: false,
      errors,
      asksForSchema: asksForSchema(document),
      conditionVariables: conditionVariables(document),
      operations: new Map(),
    };
    this.#prepared.set(document, prepared);
    return prepared;
  }

  #prepareOperation({ operations, document }: PreparedDocument, name: string | null): PreparedOperation | null {
    const known = operations.get(name ?? '');
    if (known !== undefined) return known;
    const operation = getOperationAST(document, name);
    if (operation === null || operation === undefined) return null;
    const prepared: PreparedOperation = {
      operation,
      readVariables: variableReader(this.schema, document, operation),
      recipes: new Map(),
    };
    operations.set(name ?? '', prepared);
    return prepared;
  }

  #recipe(
    prepared: PreparedDocument,
    { operation, recipes }: PreparedOperation,
    variables: Readonly<Record<string, unknown>>,
  ): CountedRecipe | PublicError {
    const key = prepared.conditionVariables.map((name) => (variables[name] === true ? '1' : '0')).join('');
    const known = recipes.get(key);
    if (known !== undefined) return known;
    const counted = countedRecipe(this.schema, prepared.document, operation, variables);
    if (counted instanceof PublicError) return counted;
    if (recipes.size >= RECIPES_MAX) return counted;
    recipes.set(key, counted);
    // Counting the cost has collected what every type would answer, so that recipes grow no more.
    this.#documents.grow(prepared.document, counted.recipe.fieldCount * BYTES_PER_RECIPE_FIELD);
    return counted;
  }
}
