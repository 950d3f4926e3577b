import type pg from 'pg';

/** A row as the ledger's connections deliver it: bigint as number, timestamptz as epoch ms, uuid, text, boolean, date as text. */
export type Row = Readonly<Record<string, unknown>>;

export type Query = { readonly name: string; readonly text: string };

/** The rows of one statement. */
export async function run(client: pg.Client, query: Query, values?: Buffer[]): Promise<Row[]> {
  const { rows } = await client.query<Row>({ name: query.name, text: query.text, ...(values ? { values } : {}) });
  return rows;
}

/**
 * Waits for all, then throws the first failure: nothing of a pipeline may still be in flight when its caller goes on.
 *
 * After a failed statement all later ones of the transaction fail as well; the first failure is the cause.
 */
export async function all<T extends readonly unknown[]>(promises: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const settled = await Promise.allSettled(promises);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
