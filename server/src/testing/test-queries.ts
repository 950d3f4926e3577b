import pg from 'pg';

/** A statement as it went to the database. */
export interface SentQuery {
  readonly text: string;
  readonly values: unknown;
}

type Query = typeof pg.Client.prototype.query;

/** Every statement that this process sends while `work` runs, of any pool and any lane, in order. They are sent as ever. For tests. */
export async function recordQueries(work: () => Promise<unknown>): Promise<SentQuery[]> {
  const sent: SentQuery[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the client it belongs to
  const query = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [statement, values] = given as [string | { text: string; values?: unknown }, unknown];
    sent.push(
      typeof statement === 'string'
        ? { text: statement, values }
        : { text: statement.text, values: statement.values ?? values },
    );
    // Whatever the overload that was called returns.
    return Reflect.apply(query, this, given) as never;
  } as Query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return sent;
}
