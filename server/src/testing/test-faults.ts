import { Socket } from 'node:net';
import pg from 'pg';

/** What goes wrong at a statement, once. */
export type Fault =
  /** A value that the driver cannot encode: the statement is never sent, those behind it are. */
  | 'encode'
  /** The server raises. */
  | 'raise'
  /** The server asks to try again, as for transactions that got into each other's way. */
  | 'conflict'
  /** The connection breaks before the statement is sent. */
  | 'cut before'
  /** The server does it, and the connection breaks before the answer arrives. */
  | 'answer lost';

export interface FaultPlan {
  /** A part of the statement's text. */
  readonly at: string;
  readonly fault: Fault;
  /** How many times such a statement passes before it goes wrong. */
  passes: number;
  /** Set when it went wrong. */
  happened: boolean;
}

type QueryArgument = string | { readonly text: string; readonly values?: unknown[] };

function cut(message: string): Error {
  return Object.assign(new Error(message), { code: 'ECONNRESET' });
}

/** A client that fails once, where a plan says; before and after that it is an ordinary one. */
export class FaultyClient extends pg.Client {
  readonly #socket: Socket;

  constructor(
    config: pg.ClientConfig,
    private readonly plan: FaultPlan,
  ) {
    const socket = new Socket();
    super({ ...config, stream: () => socket });
    this.#socket = socket;
    this.query = this.faulty(
      this.query.bind(this) as (argument: QueryArgument) => Promise<pg.QueryResult>,
    ) as typeof this.query;
  }

  private faulty(query: (argument: QueryArgument) => Promise<pg.QueryResult>) {
    return async (argument: QueryArgument): Promise<pg.QueryResult> => {
      const { plan } = this;
      const text = typeof argument === 'string' ? argument : argument.text;
      if (plan.happened || !text.includes(plan.at) || plan.passes-- > 0) return query(argument);
      plan.happened = true;
      switch (plan.fault) {
        case 'encode':
          return query({
            text,
            values: [
              {
                toPostgres: () => {
                  throw new TypeError('cannot be encoded');
                },
              },
            ],
          });
        case 'raise':
          return query({ text: 'SELECT 1 / (SELECT 0)' });
        case 'conflict':
          return query({ text: `DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '40001'; END $$` });
        case 'cut before':
          this.break();
          throw cut('the connection broke');
        case 'answer lost':
          await query(argument);
          this.break();
          throw cut('the answer was lost');
      }
    };
  }

  /** As when a cable is pulled. */
  break(): void {
    this.#socket.destroy();
  }
}

/** A client that keeps a COMMIT back until the gate is open: between its batch being written and being there. */
export class HesitantClient extends pg.Client {
  /** @param gate  asked at each COMMIT; null: it may go at once */
  constructor(config: pg.ClientConfig, gate: () => Promise<void> | null) {
    super(config);
    const query = this.query.bind(this) as (argument: QueryArgument) => Promise<pg.QueryResult>;
    this.query = (async (argument: QueryArgument) => {
      if (argument === 'COMMIT') await gate();
      return query(argument);
    }) as typeof this.query;
  }
}
