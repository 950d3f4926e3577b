import { printApiSchema, readCommittedSchema } from './emit-schema.js';

test('schema.graphql is what the server serves (npm run schema writes it)', async () => {
  expect(await readCommittedSchema()).toBe(await printApiSchema());
});
