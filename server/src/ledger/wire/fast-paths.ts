import type pg from 'pg';
import { allowHolding, forbidHolding, heldBytes, inOneWrite, sendBound } from '../../db/beneath-pg.js';
import { all } from './flight.js';
import { bindMessage, Parameters } from './parameters.js';

/** What of a connection goes past the driver's public interface. */
export interface FastPaths {
  /** Parameters that are a Bind message already go out as they lie, instead of being copied into another. */
  readonly bound: boolean;
  /** Several statements go out in one write to the socket. */
  readonly held: boolean;
}

const NONE: FastPaths = { bound: false, held: false };
const TRIAL_MS_MAX = 3_000;
const TRIAL = {
  name: 'connection_trial',
  text: '/* connection.trial */ SELECT $1::text[] AS texts, cardinality($2::bigint[]) AS count',
};
const TEXTS = [['gr\u00fcn', null, ''], ['a "quoted" {text}']] as const;
const COUNTS = [1, 2 ** 40, null] as const;

/** Set when a trial broke its connection: the next connection does without one. */
let isDoubted = false;

/**
 * Takes the fast paths of a connection, each if it works there: two statements are sent over them, and both must be answered rightly.
 * Where the driver lacks a member or does not use it any more, its public way stays, with the same answers. Call it once, before the
 * connection's first batch, in pipeline mode.
 *
 * @throws what the trial raised: the connection is of no more use, and the one after it is not tried but goes the public way
 */
export async function takeFastPaths(client: pg.Client): Promise<FastPaths> {
  if (isDoubted) {
    isDoubted = false;
    return NONE;
  }
  const binding = sendBound(client, bindMessage);
  const mayHold = allowHolding(client);
  if (binding === null && !mayHold) return NONE;
  try {
    const { isRight, wasHeld } = await tryOut(client);
    const paths = { bound: isRight && binding?.sent === TEXTS.length, held: isRight && wasHeld };
    if (!paths.bound) binding?.stop();
    if (!paths.held) forbidHolding(client);
    return paths;
  } catch (error) {
    isDoubted = true;
    throw error;
  }
}

async function tryOut(client: pg.Client): Promise<{ readonly isRight: boolean; readonly wasHeld: boolean }> {
  let bytes = 0;
  const sent = inOneWrite(client, () => {
    const answers = TEXTS.map((texts) => {
      const values = new Parameters().column('text', texts, (text) => text).column('bigint', COUNTS, (count) => count);
      const query = { ...TRIAL, values: values.values(), query_timeout: TRIAL_MS_MAX };
      return client.query<{ texts: unknown; count: unknown }>(query);
    });
    bytes = heldBytes(client);
    return all<pg.QueryResult<{ texts: unknown; count: unknown }>[]>(answers);
  });
  const answers = await sent;
  const isRight = TEXTS.every((texts, index) => {
    const row = answers[index]?.rows[0];
    return JSON.stringify(row?.texts) === JSON.stringify(texts) && Number(row?.count) === COUNTS.length;
  });
  return { isRight, wasHeld: bytes > 0 };
}
