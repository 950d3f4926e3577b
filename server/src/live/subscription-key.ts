import { print } from 'graphql';
import type { DocumentNode, ExecutionArgs, FieldNode, ValueNode } from 'graphql';
import type { Audience } from './live-stream.js';

const documentTexts = new WeakMap<DocumentNode, string>();

function textOf(document: DocumentNode): string {
  let text = documentTexts.get(document);
  if (text === undefined) {
    text = document.loc?.source.body ?? print(document);
    documentTexts.set(document, text);
  }
  return text;
}

const cursorNames = new WeakMap<DocumentNode, ReadonlySet<string>>();

/** Variables that only say where to start, which changes nothing about what an event looks like. */
function cursorVariables(document: DocumentNode): ReadonlySet<string> {
  let names = cursorNames.get(document);
  if (names === undefined) {
    const found = new Set<string>();
    const elsewhere = new Set<string>();
    for (const definition of document.definitions) {
      if (definition.kind !== 'OperationDefinition') continue;
      for (const selection of definition.selectionSet.selections) {
        if (selection.kind === 'Field') sortVariables(selection, found, elsewhere);
      }
    }
    names = new Set([...found].filter((name) => !elsewhere.has(name)));
    cursorNames.set(document, names);
  }
  return names;
}

function sortVariables(field: FieldNode, cursors: Set<string>, others: Set<string>): void {
  for (const { name, value } of field.arguments ?? []) addVariables(value, name.value === 'after' ? cursors : others);
}

function addVariables(value: ValueNode, into: Set<string>): void {
  if (value.kind === 'Variable') into.add(value.name.value);
}

/**
 * Equal for operations whose events look the same: document, operation, and variables but those that only say where to start; and the audience,
 * unless the document does not ask for what depends on it.
 */
export function subscriptionKey(
  { document, operationName, variableValues }: ExecutionArgs,
  audience: Audience | null = null,
): string {
  const cursors = cursorVariables(document);
  const variables = Object.entries(variableValues ?? {})
    .filter(([name]) => !cursors.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const text = textOf(document);
  const isFor = audience !== null && (audience.field === null || text.includes(audience.field)) ? audience.name : '';
  return `${operationName ?? ''}\n${isFor}\n${JSON.stringify(variables)}\n${text}`;
}
