import { GraphQLError, Kind, visit } from 'graphql';
import type { ASTNode, DocumentNode } from 'graphql';
import { tooComplex } from '../../kit/errors.js';

import { REPEATED } from './limit-document.js';

type Step = string | number;

const VALUE_KINDS: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);
const MISSING_FIELD = /^Field "(?:\w+\.)?(\w+)" of required type /;
const UNKNOWN_FIELD = /^Field "(.*?)" is not defined by type /s;
const MISSING_ARGUMENT = /^Field "\w+" argument "(\w+)" of type .* is required/;
const UNKNOWN_ARGUMENT = /^Unknown argument "(\w+)" on field /;

/**
 * Names an input field for people and programs: the path inside the argument `input`, else from the argument on.
 *
 * `["input", "operations", 0, "quantity"]` is `operations[0].quantity`; `["inputs", 3, "ttlSeconds"]` is `inputs[3].ttlSeconds`.
 */
export function nameField(path: readonly Step[]): string {
  const steps = path[0] === 'input' && typeof path[1] === 'string' ? path.slice(1) : path;
  return steps
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}

/**
 * A value that the schema's types refuse, as BAD_USER_INPUT with the field's name.
 *
 * @param path  from the argument to the value, or to the object around it when the message names a field inside
 */
export function refuseInput(
  error: GraphQLError,
  message: string,
  path: readonly Step[],
  nodes: readonly ASTNode[],
): GraphQLError {
  const inside = (MISSING_FIELD.exec(error.message) ?? UNKNOWN_FIELD.exec(error.message))?.[1];
  const field = nameField(inside === undefined || inside === path.at(-1) ? path : [...path, inside]);
  return new GraphQLError(message, { nodes, extensions: { ...error.extensions, code: 'BAD_USER_INPUT', field } });
}

/**
 * Tells the validation errors that are about an input value written in the document from those about the document itself.
 *
 * @returns BAD_USER_INPUT with the field's name, QUERY_TOO_COMPLEX where the validation gave up, or GRAPHQL_VALIDATION_FAILED
 */
export function classifyValidationError(document: DocumentNode, error: GraphQLError): GraphQLError {
  if (error.message.endsWith('Validation aborted.')) return tooComplex(REPEATED);
  const node = error.nodes?.[0];
  const named = (MISSING_ARGUMENT.exec(error.message) ?? UNKNOWN_ARGUMENT.exec(error.message))?.[1];
  if (named !== undefined && error.nodes?.length === 1) return withCode(error, 'BAD_USER_INPUT', named);
  if (node === undefined || error.nodes?.length !== 1 || !VALUE_KINDS.has(node.kind))
    return withCode(error, 'GRAPHQL_VALIDATION_FAILED');
  const path = findPath(document, (candidate) => candidate === node);
  return path === null ? withCode(error, 'GRAPHQL_VALIDATION_FAILED') : refuseInput(error, error.message, path, [node]);
}

/** From the argument where a variable is first used to that place; the variable's own name when it is used nowhere. */
export function pathOfVariable(document: DocumentNode, variable: string): readonly Step[] {
  return findPath(document, (node) => node.kind === Kind.VARIABLE && node.name.value === variable) ?? [variable];
}

function withCode(error: GraphQLError, code: string, field?: string): GraphQLError {
  const { message, nodes, extensions } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    extensions: { ...extensions, code, ...(field === undefined ? {} : { field }) },
  });
}

/** The path from an argument, or a variable's definition, to the first node below it that matches. */
function findPath(document: DocumentNode, matches: (node: ASTNode) => boolean): readonly Step[] | null {
  let found: readonly Step[] | null = null;
  visit(document, {
    enter: (node, _key, parent, _path, ancestors) => {
      if (found !== null || !matches(node)) return;
      const steps = stepsOf([...ancestors, ...(parent === undefined ? [] : [parent]), node]);
      if (steps.length > 0) found = steps;
    },
  });
  return found;
}

function stepsOf(chain: readonly (ASTNode | readonly ASTNode[])[]): Step[] {
  const steps: Step[] = [];
  for (const [index, link] of chain.entries()) {
    if (!('kind' in link)) continue;
    const around = chain[index - 2];
    if (link.kind === Kind.ARGUMENT) steps.splice(0, steps.length, link.name.value);
    else if (link.kind === Kind.OBJECT_FIELD) steps.push(link.name.value);
    else if (around !== undefined && 'kind' in around && around.kind === Kind.LIST)
      // Two places up is the list and this its item, which the types of the chain do not say.
      steps.push(around.values.indexOf(link as never));
  }
  return steps;
}
