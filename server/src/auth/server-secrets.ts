import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';

/** Secrets that the server makes for itself when they are not configured. */
export type ServerSecretName = 'api-key-pepper' | 'quote-signing' | 'cursor-sealing' | 'demo-jwt' | 'mail-links';

const SECRET_BYTES = 32;

/**
 * Reads a secret of the server from the database, making it the first time.
 *
 * Every process and every restart on one database gets the same bytes: when several make it at once, the first insert wins and
 * all read that one.
 *
 * @returns 32 random bytes
 * Source: docs/api.md, Identity and isolation
 */
export async function readServerSecret(dataSource: DataSource, name: ServerSecretName): Promise<Buffer> {
  const existing = await selectSecret(dataSource, name);
  if (existing !== null) return existing;
  await dataSource.query('INSERT INTO server_secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
    name,
    randomBytes(SECRET_BYTES),
  ]);
  const made = await selectSecret(dataSource, name);
  if (made === null) throw new Error(`The server secret ${name} was inserted but cannot be read back`);
  return made;
}

async function selectSecret(dataSource: DataSource, name: ServerSecretName): Promise<Buffer | null> {
  const rows: { value: Buffer }[] = await dataSource.query('SELECT value FROM server_secret WHERE name = $1', [name]);
  return rows[0]?.value ?? null;
}
