import { getIntrospectionQuery, graphql, validateSchema } from 'graphql';
import { buildApiSchema } from './api-schema.js';
import { printApiSchema, readCommittedSchema } from './emit-schema.js';

test('schema.graphql is what the server serves (npm run schema writes it)', async () => {
  expect(await readCommittedSchema()).toBe(await printApiSchema());
});

test('the schema is sound: it obeys the rules of GraphQL, and tells all of itself', async () => {
  const schema = await buildApiSchema();
  expect(validateSchema(schema)).toEqual([]);
  const { data, errors } = await graphql({ schema, source: getIntrospectionQuery() });
  expect(errors).toBeUndefined();
  expect(data).toHaveProperty('__schema.types');
});
