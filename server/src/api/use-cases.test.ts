import { getNamedType, type GraphQLField, isInputObjectType, isUnionType } from 'graphql';
import { buildApiSchema } from './api-schema.js';

/* What a caller has to know of a use case stands in the schema: what it promises, its refusals and errors, what happens at once and again. */

const schema = await buildApiSchema();

type Field = GraphQLField<unknown, unknown>;

function fieldsOf(type: ReturnType<typeof schema.getMutationType>): Field[] {
  return Object.values(type?.getFields() ?? {});
}

/** The refusals among what a field may answer. */
function refusalsOf(field: Field): string[] {
  const type = getNamedType(field.type);
  if (!isUnionType(type)) return [];
  const refusals = type.getTypes().filter((each) => each.getInterfaces().some(({ name }) => name === 'Problem'));
  return refusals.map(({ name }) => name);
}

function isKeyed(field: Field): boolean {
  return field.args.some(({ type }) => {
    const input = getNamedType(type);
    return isInputObjectType(input) && input.getFields()['idempotencyKey'] !== undefined;
  });
}

function partsOf(field: Field, wanted: readonly string[]): readonly [string, string[]] {
  return [field.name, wanted.filter((part) => field.description?.includes(part) === true)];
}

const MUTATIONS = fieldsOf(schema.getMutationType());
const SUBSCRIPTIONS = fieldsOf(schema.getSubscriptionType());
const REFUSING = [...MUTATIONS, ...fieldsOf(schema.getQueryType())].filter((field) => refusalsOf(field).length > 0);

test('there is something to look at', () => {
  expect(REFUSING.map(({ name }) => name)).toEqual(expect.arrayContaining(['reserveCredits', 'commitMany', 'quote']));
  expect(SUBSCRIPTIONS.map(({ name }) => name)).toEqual(expect.arrayContaining(['balanceChanged', 'creditEvents']));
});

test.each(REFUSING.map((field) => [field.name, field] as const))(
  '%s names its refusals, or the use case that has the same',
  (_, field) => {
    const same = REFUSING.find(({ name }) => field.description?.includes(`as of \`${name}\``) === true);
    if (same === undefined) expect(partsOf(field, refusalsOf(field))).toEqual([field.name, refusalsOf(field)]);
    else expect(refusalsOf(field)).toEqual(refusalsOf(same));
  },
);

test.each(MUTATIONS.filter(isKeyed).map((field) => [field.name, field] as const))(
  '%s takes a key: it says its errors, what happens at once and again, and the rule',
  (_, field) => {
    const wanted = ['Errors', 'Concurrency: ', 'Idempotency: ', 'Rules: docs/'];
    expect(partsOf(field, wanted)).toEqual([field.name, wanted]);
  },
);

test.each(SUBSCRIPTIONS.map((field) => [field.name, field] as const))(
  '%s is a subscription: it says its errors, its order and the rule',
  (_, field) => {
    const wanted = ['Needs `', 'Errors: ', 'Order: ', 'Rules: docs/'];
    expect(partsOf(field, wanted)).toEqual([field.name, wanted]);
  },
);
