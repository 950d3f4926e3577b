import * as fc from 'fast-check';
import { GraphQLError, execute, getIntrospectionQuery, parse, validate } from 'graphql';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { GraphQLEngine } from './graphql-engine.js';
import { schemaOf } from '../test-doors.js';

/** Every way in which a value may come, fail or be missing. */
const WAYS = ['value', 'promise', 'null', 'undefined', 'error', 'throws', 'rejects', 'returnsError', 'bad'] as const;
type Way = (typeof WAYS)[number];

/**
 * Items that may not be null come late: where one fails at once after another has begun, graphql-js lets the other fail
 * unheard, and this test with it.
 */
const later = (...items: unknown[]): unknown => items.map((item) => Promise.resolve(item));
/** Values of a wrong kind; lists in which some items fail later. */
const failing = (plain: () => unknown): unknown => [
  Promise.resolve().then(plain),
  Promise.reject(new Error('item rejects')),
];
const BAD: Record<string, (plain: () => unknown) => unknown> = {
  even: () => 3,
  size: () => 'HUGE',
  boxes: () => 'no list',
  things: failing,
  sure: failing,
  third: failing,
  items: failing,
};

const DEFINITION = `
  scalar Even
  enum Size { SHORT LONG }
  interface Named { name: String! }
  union Thing = Item | Box
  type Item implements Named { name: String!, even: Even, size: Size, maybe: Item, must: Item!, boxes: [Box], sure: [Box!]!, thing: Thing, things: [Thing!], named: Named, echo(n: Int = 3, in: EchoInput): String }
  type Box implements Named { name: String!, inside: Item, count: Int!, items: [Item!] }
  input EchoInput { a: Int! = 1, b: [String!], even: Even }
  type Query { item: Item, must: Item!, thing: Thing, named: Named, items: [Item]!, echo(n: Int = 3, in: EchoInput): String }
  type Mutation { first: Item, second: Item!, third: [Thing]! }
`;

/** A schema whose values come as the list says, one after the other, the same for each execution. */
function playing(ways: readonly Way[]): { schema: GraphQLSchema; restart: () => void } {
  let turn = 0;
  const next = (): Way => ways[turn++ % ways.length] ?? 'value';
  const make = (typename: string, depth: number): unknown => {
    const value: Record<string, unknown> = { __typename: typename };
    const fields: Record<string, () => unknown> =
      typename === 'Item'
        ? {
            name: () => 'item',
            even: () => 4,
            size: () => 'LONG',
            maybe: () => make('Item', depth + 1),
            must: () => make('Item', depth + 1),
            boxes: () => [make('Box', depth + 1), null, make('Box', depth + 1)],
            sure: () => later(make('Box', depth + 1), make('Box', depth + 1)),
            thing: () => make('Box', depth + 1),
            things: () => later(make('Item', depth + 1), make('Box', depth + 1)),
            named: () => make('Item', depth + 1),
          }
        : {
            name: () => 'box',
            inside: () => make('Item', depth + 1),
            count: () => 2,
            items: () => later(make('Item', depth + 1)),
          };
    for (const [name, plain] of Object.entries(fields)) value[name] = () => come(name, plain);
    return value;
  };
  const come = (name: string, plain: () => unknown): unknown => {
    const way = next();
    switch (way) {
      case 'value':
        return plain();
      case 'promise':
        return Promise.resolve().then(plain);
      case 'null':
        return null;
      case 'undefined':
        return undefined;
      case 'error':
      case 'returnsError':
        return new Error(`${name} is an error`);
      case 'throws':
        throw new GraphQLError(`${name} throws`, { extensions: { code: 'NOT_FOUND' } });
      case 'rejects':
        return Promise.reject(new Error(`${name} rejects`));
      case 'bad':
        return BAD[name]?.(plain) ?? 'neither';
    }
  };
  const schema = schemaOf(DEFINITION, {
    'Query.item': () => come('item', () => make('Item', 0)),
    'Query.must': () => come('must', () => make('Item', 0)),
    'Query.thing': () => come('thing', () => make('Box', 0)),
    'Query.named': () => come('named', () => make('Item', 0)),
    'Query.items': () => come('items', () => [make('Item', 0), new Error('one of them'), make('Item', 0)]),
    'Query.echo': (_source, given) => JSON.stringify(given),
    'Item.echo': (_source, given) => JSON.stringify(given),
    'Mutation.first': () => come('first', () => make('Item', 0)),
    'Mutation.second': () => come('second', () => make('Item', 0)),
    'Mutation.third': () => come('third', () => [make('Item', 0), make('Box', 0)]),
  });
  const even = schema.getType('Even');
  if (even === undefined || !('serialize' in even)) throw new Error('no scalar');
  even.serialize = (value) => {
    if (typeof value !== 'number' || value % 2 !== 0) throw new TypeError('Even must be even');
    return value;
  };
  return { schema, restart: () => (turn = 0) };
}

const directive = fc.constantFrom(
  '',
  '',
  '',
  ' @include(if: $yes)',
  ' @skip(if: $no)',
  ' @include(if: $no)',
  ' @skip(if: true)',
  ' @include(if: $maybe)',
);

/** Random selections on a type; every one of them valid. */
const { item, thing, named } = fc.letrec<{ item: string; box: string; thing: string; named: string }>((tie) => {
  const some = (...fields: fc.Arbitrary<string>[]) =>
    fc
      .array(fc.oneof({ maxDepth: 3, depthIdentifier: 'selection' }, ...(fields as [fc.Arbitrary<string>])), {
        minLength: 1,
        maxLength: 4,
      })
      .map((list) => `{ ${list.join(' ')} }`);
  const field = (text: string) => directive.map((given) => `${text}${given}`);
  const below = (name: string, type: 'item' | 'box' | 'thing' | 'named') =>
    fc.tuple(directive, tie(type)).map(([given, selection]) => `${name}${given} ${selection}`);
  const on = (type: string, inside: 'item' | 'box') =>
    fc.tuple(directive, tie(inside)).map(([given, selection]) => `... on ${type}${given} ${selection}`);
  const leaf = fc.oneof(field('name'), field('__typename'));
  return {
    item: some(
      leaf,
      field('even'),
      field('size'),
      field('again: name'),
      field('echo(n: $n)'),
      field('e2: echo(in: {b: ["x"], even: 2})'),
      below('maybe', 'item'),
      below('must', 'item'),
      below('boxes', 'box'),
      below('sure', 'box'),
      below('thing', 'thing'),
      below('things', 'thing'),
      below('named', 'named'),
      field('...ItemPart'),
    ),
    box: some(leaf, field('count'), below('inside', 'item'), below('items', 'item')),
    thing: some(field('__typename'), on('Item', 'item'), on('Box', 'box')),
    named: some(leaf, on('Item', 'item'), on('Box', 'box')),
  };
});

const operation = fc.oneof(
  fc.tuple(item, item, thing, named, item).map(([a, b, c, d, e]) => ({
    kind: 'query',
    body: `item ${a} must ${b} thing ${c} named ${d} items ${e} echo(n: $n, in: $in)`,
  })),
  fc.tuple(item, named).map(([a, b]) => ({ kind: 'query', body: `item ${a} ...Roots named ${b} item { __typename }` })),
  fc.tuple(item, item, thing).map(([a, b, c]) => ({ kind: 'mutation', body: `first ${a} second ${b} third ${c}` })),
);

const VARIABLES = [
  { yes: true, no: false, n: 5, in: { b: 'one' } },
  { yes: false, no: true, maybe: true },
  { yes: true, no: true, n: null, in: null },
];

/**
 * The data, and each null in it that an error has caused. Several errors may meet under one null, and which of them is told
 * first depends on who was awaited when; where they lead does not.
 */
function comparable({ data, errors }: ExecutionResult): unknown {
  const places = new Map<string, boolean>();
  for (const { path = [], locations, extensions } of errors ?? []) {
    const visible: (string | number)[] = [];
    let value: unknown = data;
    for (const key of path) {
      if (value === null || value === undefined) break;
      visible.push(key);
      value = (value as Record<string | number, unknown>)[key];
    }
    expect(value).toBeNull();
    expect(locations?.length).toBeGreaterThan(0);
    expect(extensions).toBeDefined();
    places.set(visible.join('.'), true);
  }
  return JSON.parse(JSON.stringify({ data, places: [...places.keys()].sort() }));
}

test('answers, errors and paths are those of graphql-js for any operation and any way in which values come', async () => {
  await fc.assert(
    fc.asyncProperty(
      operation,
      fc.array(fc.constantFrom(...WAYS), { minLength: 1, maxLength: 40 }),
      fc.constantFrom(...VARIABLES),
      async ({ kind, body }, ways, variables) => {
        const declared = Object.entries({
          yes: 'Boolean!',
          no: 'Boolean!',
          maybe: 'Boolean! = false',
          n: 'Int',
          in: 'EchoInput',
        })
          .filter(([name]) => body.includes(`$${name}`))
          .map(([name, type]) => `$${name}: ${type}`);
        const source = `${kind} Q${declared.length > 0 ? `(${declared.join(' ')})` : ''} { ${body} }
        fragment ItemPart on Item { name even maybe { size } }
        ${body.includes('...Roots') ? 'fragment Roots on Query { echo named { name ... on Box { count } } }' : ''}
        query Use($yes: Boolean!, $no: Boolean!, $maybe: Boolean!, $n: Int, $in: EchoInput) { item { ...ItemPart name @include(if: $yes) even @skip(if: $no) size @skip(if: $maybe) } echo(n: $n, in: $in) }`;
        const document = parse(source);
        const { schema, restart } = playing(ways);
        fc.pre(validate(schema, document).length === 0);

        const theirs = await execute({ schema, document, operationName: 'Q', variableValues: variables });
        restart();
        const engine = new GraphQLEngine(schema);
        const prepared = engine.prepare({
          document: parse(source),
          operationName: 'Q',
          variables,
          mayIntrospect: true,
        });
        fc.pre('ready' in prepared);
        if (!('ready' in prepared)) return;
        const ours = await engine.execute(prepared.ready, {});
        expect(comparable(ours)).toEqual(comparable(theirs));
        restart();
        expect(comparable(await engine.execute(prepared.ready, {}))).toEqual(comparable(theirs));
      },
    ),
    { numRuns: 80 },
  );
});

test('keys come in the order in which they are asked for, whatever settles first', async () => {
  const schema = schemaOf('type Query { a: Int, b: Int, c: Int }', {
    'Query.a': () => new Promise((resolve) => setTimeout(() => resolve(1), 20)),
    'Query.b': () => 2,
    'Query.c': () => Promise.resolve(3),
  });
  const engine = new GraphQLEngine(schema);
  const prepared = engine.prepare({ document: parse('{ c a b }'), mayIntrospect: false });
  if (!('ready' in prepared)) throw new Error('not prepared');
  expect(JSON.stringify(await engine.execute(prepared.ready, {}))).toBe('{"data":{"c":3,"a":1,"b":2}}');
});

test('an alias that plain objects treat specially is an ordinary key', async () => {
  const engine = new GraphQLEngine(schemaOf('type Query { a: Int }', { 'Query.a': () => 1 }));
  const prepared = engine.prepare({ document: parse('{ __proto__: a constructor: a }'), mayIntrospect: false });
  if (!('ready' in prepared)) throw new Error('not prepared');
  expect(JSON.stringify(await engine.execute(prepared.ready, {}))).toBe('{"data":{"__proto__":1,"constructor":1}}');
});

test('what a failed list has begun does not fail unheard', async () => {
  const engine = new GraphQLEngine(
    schemaOf('type Query { list: [Int!] }', { 'Query.list': () => [Promise.reject(new Error('later')), 'no number'] }),
  );
  const prepared = engine.prepare({ document: parse('{ list }'), mayIntrospect: false });
  if (!('ready' in prepared)) throw new Error('not prepared');
  const { data, errors } = await engine.execute(prepared.ready, {});
  // A rejection that nobody hears would end the process, and fail this test.
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect({ data, count: errors?.length }).toEqual({ data: { list: null }, count: 1 });
});

test('questions about the schema are answered as graphql-js answers them, beside others too', async () => {
  const { schema } = playing(['value']);
  const engine = new GraphQLEngine(schema);
  for (const source of [
    getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true, specifiedByUrl: true }),
    '{ __type(name: "Item") { kind fields { name type { ofType { name } } } } echo(n: 1) __typename }',
  ]) {
    const prepared = engine.prepare({ document: parse(source), mayIntrospect: true });
    if (!('ready' in prepared)) throw new Error(JSON.stringify(prepared.errors));
    const ours = await engine.execute(prepared.ready, {});
    expect(JSON.stringify(ours)).toBe(JSON.stringify(await execute({ schema, document: parse(source) })));
  }
});
