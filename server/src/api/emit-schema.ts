import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildApiSchema } from './api-schema.js';

/** Where the schema is kept for integrators and for the client's types. */
const SCHEMA_FILE = fileURLToPath(new URL('../../../schema.graphql', import.meta.url));

/** The schema as it is committed: sorted, so that only what changed differs. */
export async function printApiSchema(): Promise<string> {
  return `${printSchema(lexicographicSortSchema(await buildApiSchema()))}\n`;
}

/** The committed schema. */
export function readCommittedSchema(): Promise<string> {
  return readFile(SCHEMA_FILE, 'utf8');
}

/** `npm run schema`: writes schema.graphql. */
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(SCHEMA_FILE, await printApiSchema());
}
