import type { DataSource } from 'typeorm';
import { appendEditions } from './append-editions.js';
import { readEditions } from './read-editions.js';

/** Brings a migrated database's catalogue up to this version of the program; see `appendEditions`. */
export async function seedCatalog(dataSource: DataSource): Promise<readonly number[]> {
  return appendEditions(dataSource, await readEditions());
}
