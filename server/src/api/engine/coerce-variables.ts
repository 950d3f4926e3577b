import { GraphQLError, coerceInputValue, isInputType, isNonNullType, print, typeFromAST, valueFromAST } from 'graphql';
import type {
  DocumentNode,
  GraphQLInputType,
  GraphQLSchema,
  OperationDefinitionNode,
  VariableDefinitionNode,
} from 'graphql';
import { isolate } from '../../kit/check-text.js';
import { pathOfVariable, refuseInput } from './input-field.js';

const ERRORS_MAX = 10;
const SHOWN_CHARACTERS_MAX = 80;

interface Definition {
  readonly node: VariableDefinitionNode;
  readonly name: string;
  readonly type: GraphQLInputType;
}

export type CoercedVariables =
  | { readonly values: Record<string, unknown> }
  | { readonly errors: readonly GraphQLError[] };

/**
 * Prepares the reading of an operation's variables by the schema's types.
 *
 * @returns a function that gives the values with defaults filled in, or up to 10 BAD_USER_INPUT errors, each with
 * `extensions.field`. Nothing is rounded, cut or guessed.
 * Source: docs/domain.md, Amounts
 */
export function variableReader(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (raw: Readonly<Record<string, unknown>>) => CoercedVariables {
  const definitions = (operation.variableDefinitions ?? []).flatMap((node): Definition[] => {
    const type = typeFromAST(schema, node.type);
    return isInputType(type) ? [{ node, name: node.variable.name.value, type }] : [];
  });
  return (raw) => {
    const values: Record<string, unknown> = {};
    const errors: GraphQLError[] = [];
    for (const { node, name, type } of definitions) {
      const report = (message: string): void => {
        errors.push(refuseInput(new GraphQLError(message), message, pathOfVariable(document, name), [node]));
      };
      // The name of every object's prototype: a value under it would be lost on the way.
      if (name === '__proto__') {
        report('A variable cannot be named $__proto__.');
        continue;
      }
      if (!Object.hasOwn(raw, name) || raw[name] === undefined) {
        if (node.defaultValue !== undefined) values[name] = valueFromAST(node.defaultValue, type);
        else if (isNonNullType(type))
          report(`Variable "$${name}" of required type "${print(node.type)}" was not provided.`);
        continue;
      }
      if (raw[name] === null && isNonNullType(type)) {
        report(`Variable "$${name}" of non-null type "${print(node.type)}" must not be null.`);
        continue;
      }
      values[name] = coerceInputValue(raw[name], type, (path, invalid, error) => {
        if (errors.length >= ERRORS_MAX) return;
        const where = path.length === 0 ? '' : ` at "${[name, ...path].join('.')}"`;
        const message = `Variable "$${name}" got invalid value ${show(invalid)}${where}; ${error.message}`;
        errors.push(refuseInput(error, message, [...pathOfVariable(document, name), ...path], [node]));
      });
    }
    return errors.length === 0 ? { values } : { errors };
  };
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return isolate(text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text);
}
