/**
 * The embedded database cannot run here. The message says why and what to do instead, fit to be shown as it is.
 */
export class EmbeddedPostgresError extends Error {
  constructor(reason: string) {
    super(
      `The embedded database cannot run: ${reason}\n` +
        'Set DATABASE_URL to any PostgreSQL 15 or later to use that instead, ' +
        'for example DATABASE_URL=postgres://user:password@127.0.0.1:5432/credits',
    );
    this.name = 'EmbeddedPostgresError';
  }
}
