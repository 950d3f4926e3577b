import type { GraphQLArgument, GraphQLField, GraphQLInputType, GraphQLOutputType, GraphQLSchema } from 'graphql';
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { deepText, oddText, oddValue, valueText } from './test-odd-values.js';

/** A document and what is sent beside it. */
export interface RandomRequest {
  readonly query: string;
  /** JSON, which may be more than `JSON.stringify` can write. */
  readonly variables: string;
  readonly operationName: string | null;
}

/** What random documents may name: ids of things that exist, by the name of the argument or input field. */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

interface Making {
  readonly variables: string[];
  readonly values: string[];
  readonly fragments: string[];
  fields: number;
}

const FIELDS_MAX = 60;
const DIRECTIVES = ['@include(if: true)', '@skip(if: true)', '@include(if: false)'];
const ODD_DIRECTIVES = ['@include(if: null)', '@nothing', '@skip', '@deprecated'];

/** Random documents over a schema: mostly valid, with values at the edges of what types allow, some of them broken. For tests. */
export class RandomDocuments {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly random: () => number,
    private readonly ids: KnownIds,
  ) {}

  next(): RandomRequest {
    const making: Making = { variables: [], values: [], fragments: [], fields: 0 };
    const kind = this.#pick(['query', 'query', 'mutation', 'subscription'] as const);
    const type = {
      query: this.schema.getQueryType(),
      mutation: this.schema.getMutationType(),
      subscription: this.schema.getSubscriptionType(),
    }[kind];
    if (type === null || type === undefined) throw new Error(`the schema has no ${kind}`);
    const name = this.#chance(0.05) ? '__proto__' : this.#pick(['A', 'B', 'constructor']);
    const roots = kind === 'subscription' ? 1 : this.#count(3);
    const set = this.#selectionSet(type, making, 0, roots);
    const heading = making.variables.length > 0 ? `(${making.variables.join(', ')})` : '';
    const operation = `${kind} ${name}${heading} ${set}`;
    const query = [operation, ...making.fragments, ...(this.#chance(0.03) ? ['query B { __typename }'] : [])].join(
      '\n',
    );
    return {
      query: this.#chance(0.12) ? this.#broken(query) : query,
      variables: this.#chance(0.02) ? deepText(this.random) : `{${making.values.join(',')}}`,
      operationName: this.#chance(0.1) ? this.#pick(['A', 'B', '', '__proto__', 'nobody']) : null,
    };
  }

  #selectionSet(type: GraphQLOutputType, making: Making, depth: number, most: number): string {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return '';
    const parts: string[] = [];
    const own = 'getFields' in named ? Object.values(named.getFields()) : [];
    const seen = new Set<unknown>();
    for (let count = 0; count < most && own.length > 0; count++) {
      if (making.fields++ > FIELDS_MAX) break;
      const field = this.#pick(own);
      // The same twice, with other arguments, is seldom a document that can be answered.
      if (!seen.has(field) || this.#chance(0.1)) parts.push(this.#field(field, making, depth));
      seen.add(field);
    }
    if (isAbstractType(named)) {
      for (const one of this.schema.getPossibleTypes(named)) {
        if (this.#chance(0.5)) parts.push(`... on ${one.name} ${this.#selectionSet(one, making, depth + 1, 2)}`);
      }
    }
    if (this.#chance(0.1)) parts.push(this.#spread(named.name, making, depth));
    if (depth > 0 && this.#chance(0.15)) parts.push(`... ${this.#directive(making)} { __typename }`);
    if (parts.length === 0 || this.#chance(0.15)) parts.push(`${this.#alias()}__typename`);
    return `{ ${parts.join(' ')} }`;
  }

  #field(field: GraphQLField<unknown, unknown>, making: Making, depth: number): string {
    const given = field.args
      .filter((arg) => this.#chance(isNonNullType(arg.type) && arg.defaultValue === undefined ? 0.97 : 0.5))
      .map((arg) => `${arg.name}: ${this.#argument(arg, making)}`);
    if (this.#chance(0.003)) given.push('__proto__: {constructor: 1}');
    const below = isCompositeType(getNamedType(field.type))
      ? this.#selectionSet(field.type, making, depth + 1, depth > 5 ? 1 : 1 + this.#count(3))
      : '';
    const directive = this.#chance(0.06) ? this.#directive(making) : '';
    return `${this.#alias()}${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${directive} ${below}`;
  }

  /** A value in the document, or a variable, whose type may be looser than the argument's where it has a default. */
  #argument({ name, type, defaultValue }: GraphQLArgument, making: Making): string {
    const value = this.#value(type, name, 0);
    if (this.#chance(0.55)) return value;
    const variable = this.#chance(0.02) ? '__proto__' : `v${making.variables.length}`;
    const hasDefault = this.#chance(0.15);
    const loose = defaultValue !== undefined && this.#chance(0.5) ? getNullableType(type) : type;
    making.variables.push(`$${variable}: ${loose.toString()}${hasDefault ? ` = ${value}` : ''}`);
    const sent = this.#chance(0.06) ? 'null' : this.#chance(0.04) ? oddValue(this.random) : this.#json(type, name);
    if (!this.#chance(hasDefault ? 0.4 : 0.04)) making.values.push(`${JSON.stringify(variable)}:${sent}`);
    return `$${variable}`;
  }

  #value(type: GraphQLInputType, name: string, depth: number): string {
    if (this.#chance(0.01)) return oddText(this.random);
    if (!isNonNullType(type) && this.#chance(0.1)) return 'null';
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      if (this.#chance(0.1)) return this.#value(nullable.ofType, name, depth + 1);
      return `[${Array.from({ length: this.#count(3) }, () => this.#value(nullable.ofType, name, depth + 1)).join(', ')}]`;
    }
    if (isEnumType(nullable)) return this.#pick(nullable.getValues()).name;
    if (!isInputObjectType(nullable)) return valueText(this.random, nullable.name, this.ids[name] ?? []);
    const fields = Object.values(nullable.getFields()).filter((field) =>
      this.#chance(isNonNullType(field.type) && field.defaultValue === undefined ? 0.98 : 0.4),
    );
    return `{${fields.map((field) => `${field.name}: ${this.#value(field.type, field.name, depth + 1)}`).join(', ')}}`;
  }

  /** The same kinds of values as JSON. */
  #json(type: GraphQLInputType, name: string): string {
    if (this.#chance(0.02)) return oddValue(this.random);
    if (!isNonNullType(type) && this.#chance(0.1)) return 'null';
    const nullable = getNullableType(type);
    if (isListType(nullable))
      return `[${Array.from({ length: this.#count(3) }, () => this.#json(nullable.ofType, name)).join(',')}]`;
    if (isEnumType(nullable)) return JSON.stringify(this.#pick(nullable.getValues()).name);
    if (!isInputObjectType(nullable)) return valueText(this.random, nullable.name, this.ids[name] ?? []);
    const fields = Object.values(nullable.getFields()).filter(() => this.#chance(0.7));
    return `{${fields.map((field) => `${JSON.stringify(field.name)}:${this.#json(field.type, field.name)}`).join(',')}}`;
  }

  #spread(typeName: string, making: Making, depth: number): string {
    const name = this.#chance(0.1) ? '__proto__' : `F${making.fragments.length}`;
    const type = this.schema.getType(typeName);
    if (depth > 4 || !isObjectType(type)) return '... { __typename }';
    const place = making.fragments.push('') - 1;
    // Now and then one that spreads itself.
    const body = this.#chance(0.05) ? `{ ...${name} }` : this.#selectionSet(type, making, depth + 1, 2);
    making.fragments[place] = `fragment ${name} on ${typeName} ${body}`;
    return `...${name} ${this.#chance(0.3) ? this.#directive(making) : ''}`;
  }

  #directive(making: Making): string {
    if (this.#chance(0.5)) return this.#pick(this.#chance(0.9) ? DIRECTIVES : ODD_DIRECTIVES);
    const variable = `v${making.variables.length}`;
    making.variables.push(`$${variable}: ${this.#pick(['Boolean!', 'Boolean! = true', 'Boolean = false'])}`);
    making.values.push(`"${variable}":${this.#pick(['true', 'false', 'true', 'false', 'null', '1'])}`);
    return `@${this.#pick(['include', 'skip'])}(if: $${variable})`;
  }

  #alias(): string {
    return this.#chance(0.05) ? `${this.#pick(['a', '__proto__', 'constructor', '__typename', 'toJSON'])}: ` : '';
  }

  /** Characters taken out, put in, doubled or cut off. */
  #broken(text: string): string {
    const at = Math.floor(this.random() * text.length);
    const end = Math.min(text.length, at + 1 + Math.floor(this.random() * 12));
    switch (this.#count(4)) {
      case 1:
        return text.slice(0, at) + text.slice(end);
      case 2:
        return text.slice(0, at) + oddText(this.random) + text.slice(at);
      case 3:
        return text.slice(0, end) + text.slice(at);
      default:
        return text.slice(0, at);
    }
  }

  #chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** 1 to `most`. */
  #count(most: number): number {
    return 1 + Math.floor(this.random() * most);
  }

  #pick<T>(from: readonly T[]): T {
    const found = from[Math.floor(this.random() * from.length)];
    if (found === undefined && from.length === 0) throw new Error('nothing to pick from');
    return found as T;
  }
}
