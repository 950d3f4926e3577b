import { Kind } from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import { tooComplex } from '../../kit/errors.js';
import { grouped } from '../../kit/grouped.js';
import { fragmentsOf } from './read-document.js';

/** Source: docs/api.md, Limits */
export const DOCUMENT_LIMITS = {
  tokens: 1_000,
  depth: 8,
  aliases: 10,
  rootFields: 10,
  mutations: 5,
  /** Fields after all fragments are spread, so that fragments cannot multiply each other. */
  fields: 5_000,
  /** Pairs of fields that share a place in the answer, which the validation compares: 50 times the same field are 1,225. */
  pairs: 3_000,
} as const;

/** Told where fields are repeated too often to be compared. */
export const REPEATED = 'This operation repeats its fields so often that it is not compared with itself to the end.';

interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly fields: number;
}

const NOTHING: Size = { depth: 0, aliases: 0, fields: 0 };

/**
 * What a document asks for beyond the limits; looked at before the validation, which takes long on such documents.
 *
 * Fragments count wherever they are spread, each measured once. Questions about the schema have no depth: graphql-js limits those.
 *
 * @returns QUERY_TOO_COMPLEX errors, at most one for each operation
 */
export function limitDocument(document: DocumentNode): GraphQLError[] {
  const fragments = fragmentsOf(document);
  const measured = new Map<string, Size>();
  const errors: GraphQLError[] = [];
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const excess = excessOf(
      definition,
      measure(definition.selectionSet, fragments, measured),
      countRootFields(definition.selectionSet, fragments, new Set()),
    );
    if (excess !== null) errors.push(tooComplex(excess));
    else if (countPairs(definition.selectionSet, fragments) > DOCUMENT_LIMITS.pairs) errors.push(tooComplex(REPEATED));
  }
  return errors;
}

function excessOf({ operation }: OperationDefinitionNode, size: Size, rootFields: number): string | null {
  const limits = DOCUMENT_LIMITS;
  if (size.depth > limits.depth)
    return `This operation is ${grouped(size.depth)} levels deep; at most ${limits.depth} are answered.`;
  if (size.aliases > limits.aliases)
    return `This operation has ${grouped(size.aliases)} aliases; at most ${grouped(limits.aliases)} are answered.`;
  if (size.fields > limits.fields)
    return `This operation asks for too many fields once its fragments are spread; at most ${grouped(limits.fields)} are answered.`;
  if (operation === 'mutation' && rootFields > limits.mutations)
    return `This operation has ${rootFields} mutations; at most ${limits.mutations} are answered.`;
  if (rootFields > limits.rootFields)
    return `This operation has ${rootFields} root fields; at most ${limits.rootFields} are answered.`;
  return null;
}

function measure(
  set: SelectionSetNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  measured: Map<string, Size>,
): Size {
  let { depth, aliases, fields } = NOTHING;
  for (const selection of set.selections) {
    let size = NOTHING;
    if (selection.kind === Kind.FIELD) {
      const below =
        selection.selectionSet === undefined ? NOTHING : measure(selection.selectionSet, fragments, measured);
      const isOfSchema = selection.name.value.startsWith('__');
      size = {
        depth: isOfSchema ? 0 : below.depth + 1,
        aliases: below.aliases + (selection.alias === undefined ? 0 : 1),
        fields: below.fields + 1,
      };
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      size = measure(selection.selectionSet, fragments, measured);
    } else {
      const name = selection.name.value;
      const fragment = fragments[name];
      if (!measured.has(name) && fragment !== undefined) {
        // A fragment that spreads itself counts nothing here; the validation refuses it.
        measured.set(name, NOTHING);
        measured.set(name, measure(fragment.selectionSet, fragments, measured));
      }
      size = measured.get(name) ?? NOTHING;
    }
    depth = Math.max(depth, size.depth);
    aliases += size.aliases;
    fields += size.fields;
  }
  return { depth, aliases, fields };
}

/**
 * The pairs of fields that stand in one place of the answer, fragments spread: what the comparison of fields takes grows with them,
 * and would take milliseconds for each kB of a document that repeats one field.
 *
 * @returns more than the limit, too, where fragments that spread each other make it long to count
 */
function countPairs(root: SelectionSetNode, fragments: Readonly<Record<string, FragmentDefinitionNode>>): number {
  let pairs = 0;
  let visits = 0;
  const collect = (set: SelectionSetNode, into: Map<string, FieldNode[]>, visited: Set<string>): void => {
    for (const selection of set.selections) {
      visits += 1;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const nodes = into.get(key);
        if (nodes === undefined) into.set(key, [selection]);
        else pairs += nodes.push(selection) - 1;
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, into, visited);
      else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = fragments[selection.name.value];
        if (fragment !== undefined) collect(fragment.selectionSet, into, visited);
      }
    }
  };
  const count = (sets: readonly SelectionSetNode[], depth: number): void => {
    if (depth > DOCUMENT_LIMITS.depth || visits > 2 * DOCUMENT_LIMITS.fields) return;
    const byKey = new Map<string, FieldNode[]>();
    const visited = new Set<string>();
    for (const set of sets) collect(set, byKey, visited);
    for (const nodes of byKey.values()) {
      const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (below.length > 0) count(below, depth + 1);
    }
  };
  count([root], 0);
  return visits > 2 * DOCUMENT_LIMITS.fields ? Infinity : pairs;
}

function countRootFields(
  set: SelectionSetNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  visited: Set<string>,
): number {
  let count = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) count += 1;
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      count += countRootFields(selection.selectionSet, fragments, visited);
    else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value);
      const fragment = fragments[selection.name.value];
      if (fragment !== undefined) count += countRootFields(fragment.selectionSet, fragments, visited);
    }
  }
  return count;
}
