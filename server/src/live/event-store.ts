import type pg from 'pg';
import { ledgerTypes } from '../db/ledger-types.js';
import type { EventType } from '../ledger/core/events.js';
import { readAnswer } from '../ledger/rows/answer.js';
import { EVENT, type EventRow, type StoredEvent, toEvent } from '../ledger/rows/event-rows.js';
import type { Row } from '../ledger/wire/flight.js';

/** An event's place in its account's order. */
export interface EventPlace {
  readonly accountId: string;
  readonly version: number;
  readonly ordinal: number;
}

/** A piece of the feed of all accounts and the place up to which it is complete. */
export interface FeedPage {
  readonly rows: readonly EventRow[];
  /** Nothing that belongs to the page lies between its start and here but its rows. */
  readonly upTo: number;
  /** The newest place in the feed. */
  readonly head: number;
  /** The history that the database was in; null: it has none yet. */
  readonly historyId: string | null;
}

/** Which events of the feed are wanted; null: all. */
export interface FeedFilter {
  readonly sandbox: readonly boolean[];
  readonly accountIds: readonly string[] | null;
  readonly types: readonly string[] | null;
}

/** The feed of both sides, for the one reader of this process. */
export const BOTH_SIDES: FeedFilter = { sandbox: [false, true], accountIds: null, types: null };

/** The history that the database is in. */
const PRESENT = `(SELECT history_id FROM history ORDER BY number DESC LIMIT 1)`;

/** The newest place in the feed, each side by the end of its own index. */
const FEED_HEAD = `
  SELECT coalesce(max(newest.feed_seq), 0) AS head
  FROM unnest(ARRAY[false, true]) AS side
  CROSS JOIN LATERAL (SELECT feed_seq FROM event WHERE sandbox = side ORDER BY feed_seq DESC LIMIT 1) AS newest`;

/** One row at least: the head as of the same snapshot, beside nulls when nothing matches. $1 after, $2 types, $3 limit, $4 sides. */
const FEED_PAGE = `
  WITH head AS MATERIALIZED (${FEED_HEAD})
  SELECT head.head, ${PRESENT} AS "historyId", ${EVENT.select('page')}
  FROM head LEFT JOIN LATERAL (
    SELECT found.*
    FROM unnest($4::boolean[]) AS side CROSS JOIN LATERAL (
      SELECT e.* FROM event e
      WHERE e.sandbox = side AND e.feed_seq > $1 AND e.feed_seq <= head.head
        AND ($2::text[] IS NULL OR e.type = ANY ($2))
      ORDER BY e.feed_seq LIMIT $3) AS found
    ORDER BY found.feed_seq LIMIT $3) AS page ON true
  ORDER BY page.feed_seq`;

/** The same of some accounts, each by its own order. $5 accounts, $6 and $7 for each a place that it is not before. */
const ACCOUNTS_FEED_PAGE = `
  WITH head AS MATERIALIZED (${FEED_HEAD})
  SELECT head.head, ${PRESENT} AS "historyId", ${EVENT.select('page')}
  FROM head LEFT JOIN LATERAL (
    SELECT found.*
    FROM unnest($5::uuid[], $6::bigint[], $7::integer[]) AS place (account_id, version, ordinal) CROSS JOIN LATERAL (
      SELECT e.* FROM event e
      WHERE e.account_id = place.account_id AND (e.version, e.ordinal) > (place.version, place.ordinal)
        AND e.feed_seq > $1 AND e.feed_seq <= head.head AND e.sandbox = ANY ($4::boolean[])
        AND ($2::text[] IS NULL OR e.type = ANY ($2))
      ORDER BY e.version, e.ordinal LIMIT $3) AS found
    ORDER BY found.feed_seq LIMIT $3) AS page ON true
  ORDER BY page.feed_seq`;

const EVENT_AT_PLACE = `
  SELECT (SELECT feed_seq FROM event WHERE account_id = $1 AND version = $2 AND ordinal = $3) AS "feedSeq", ${PRESENT} AS "historyId"`;

const PLACE_OF_NOW = `
  SELECT head.head, (SELECT version FROM ledger_account WHERE account_id = $1) AS version, ${PRESENT} AS "historyId"
  FROM (${FEED_HEAD}) AS head`;

const ACCOUNT_EVENTS = `
  SELECT ${EVENT.select('e')} FROM event e WHERE e.account_id = $1 AND (e.version, e.ordinal) > ($2, $3) AND e.feed_seq > $5
  ORDER BY e.version, e.ordinal LIMIT $4`;

/** The same of some types, each from where its own begin in the index of types: what lies between costs nothing. $6 types. */
const ACCOUNT_EVENTS_OF_TYPES = `
  SELECT ${EVENT.select('found')} FROM (SELECT DISTINCT unnest($6::text[]) AS type) AS wanted CROSS JOIN LATERAL (
    SELECT e.* FROM event e
    WHERE e.account_id = $1 AND (e.type, e.version, e.ordinal) > (wanted.type, $2, $3) AND e.type <= wanted.type
      AND e.feed_seq > $5
    ORDER BY e.type, e.version, e.ordinal LIMIT $4) AS found
  ORDER BY found.version, found.ordinal LIMIT $4`;

/** Before a place, newest first. $5 a place of the feed that they come before as well. */
const NEWEST_EVENTS = `
  SELECT ${EVENT.select('e')} FROM event e WHERE e.account_id = $1 AND (e.version, e.ordinal) < ($2, $3) AND e.feed_seq <= $5
  ORDER BY e.version DESC, e.ordinal DESC LIMIT $4`;

const NEWEST_EVENTS_OF_TYPES = `
  SELECT ${EVENT.select('found')} FROM (SELECT DISTINCT unnest($6::text[]) AS type) AS wanted CROSS JOIN LATERAL (
    SELECT e.* FROM event e
    WHERE e.account_id = $1 AND (e.type, e.version, e.ordinal) < (wanted.type, $2, $3) AND e.type >= wanted.type
      AND e.feed_seq <= $5
    ORDER BY e.type DESC, e.version DESC, e.ordinal DESC LIMIT $4) AS found
  ORDER BY found.version DESC, found.ordinal DESC LIMIT $4`;

const HEAD_ANSWER = { head: 'bigint' } as const;
const PLACE_ANSWER = { feedSeq: 'bigint?', historyId: 'uuid?' } as const;
const NOW_ANSWER = { head: 'bigint', version: 'bigint?', historyId: 'uuid?' } as const;
const TOP_ANSWER = { head: 'bigint', historyId: 'uuid?', feedSeq: 'bigint?' } as const;

/**
 * Reads the events that the ledger wrote. It writes nothing.
 *
 * The place in the feed, `feed_seq`, grows in commit order: a transaction that writes events takes its numbers under a lock that it
 * keeps until it is visible. So whoever read up to a place has missed nothing before it. Numbers may be left out, never used twice.
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export class EventStore {
  constructor(private readonly pool: Pick<pg.Pool, 'query'>) {}

  /** The newest place in the feed of all accounts; 0 when there is none. */
  async readHead(): Promise<number> {
    const [row] = readAnswer('live_feed_head', HEAD_ANSWER, await this.#query('live_feed_head', FEED_HEAD, []));
    return row?.head ?? 0;
  }

  /** Place in the feed of one event, null when there is no such event, and the history that the database is in. */
  async findPlace({
    accountId,
    version,
    ordinal,
  }: EventPlace): Promise<{ feedSeq: number | null; historyId: string | null }> {
    const rows = await this.#query('live_event_at_place', EVENT_AT_PLACE, [accountId, version, ordinal]);
    const [row] = readAnswer('live_event_at_place', PLACE_ANSWER, rows);
    return row ?? { feedSeq: null, historyId: null };
  }

  /** The newest place in the feed, an account's version (null: there is no such account) and the history, as of one snapshot. */
  async readPlace(
    accountId: string | null,
  ): Promise<{ head: number; version: number | null; historyId: string | null }> {
    const rows = await this.#query('live_place_of_now', PLACE_OF_NOW, [accountId]);
    const [row] = readAnswer('live_place_of_now', NOW_ANSWER, rows);
    return row ?? { head: 0, version: null, historyId: null };
  }

  /**
   * Up to `limit` events of the feed after a place, in commit order.
   *
   * @param after  the place after which to read
   * @param notBefore  a place at or before `after`, which spares reading what is older in its account
   */
  async readFeed(filter: FeedFilter, after: number, limit: number, notBefore: EventPlace | null): Promise<FeedPage> {
    const { sandbox, accountIds, types } = filter;
    const answer =
      accountIds === null
        ? await this.#query('live_feed_page', FEED_PAGE, [after, types, limit, sandbox])
        : await this.#query('live_accounts_feed_page', ACCOUNTS_FEED_PAGE, [
            after,
            types,
            limit,
            sandbox,
            accountIds,
            accountIds.map((accountId) => (notBefore?.accountId === accountId ? notBefore.version : 0)),
            accountIds.map((accountId) => (notBefore?.accountId === accountId ? notBefore.ordinal : 0)),
          ]);
    const [top] = readAnswer('live_feed_page', TOP_ANSWER, answer);
    const head = top?.head ?? 0;
    // Where nothing matches, the head stands beside nulls.
    const rows = top?.feedSeq === null ? [] : EVENT.read(answer);
    const last = rows.at(-1)?.feedSeq;
    const upTo = rows.length === limit && last !== undefined ? last : Math.max(after, head);
    return { rows, upTo, head, historyId: top?.historyId ?? null };
  }

  /** Up to `limit` events of an account after a place, oldest first, of those after a place of the feed. */
  async listOfAccount(
    after: EventPlace,
    afterFeedSeq: number,
    types: readonly EventType[] | readonly string[] | null,
    limit: number,
  ): Promise<StoredEvent[]> {
    const values = [after.accountId, after.version, after.ordinal, limit, afterFeedSeq];
    const rows =
      types === null
        ? await this.#query('live_account_events', ACCOUNT_EVENTS, values)
        : await this.#query('live_account_events_of_types', ACCOUNT_EVENTS_OF_TYPES, [...values, types]);
    return EVENT.read(rows).map(toEvent);
  }

  /** Up to `limit` events of an account before a place, newest first, of those up to a place of the feed. */
  async listNewestOfAccount(
    before: EventPlace,
    upToFeedSeq: number,
    types: readonly EventType[] | readonly string[] | null,
    limit: number,
  ): Promise<StoredEvent[]> {
    const values = [before.accountId, before.version, before.ordinal, limit, upToFeedSeq];
    const rows =
      types === null
        ? await this.#query('live_newest_events', NEWEST_EVENTS, values)
        : await this.#query('live_newest_events_of_types', NEWEST_EVENTS_OF_TYPES, [...values, types]);
    return EVENT.read(rows).map(toEvent);
  }

  async #query(name: string, text: string, values: unknown[]): Promise<Row[]> {
    return (await this.pool.query<Row>({ name, text, values, types: ledgerTypes })).rows;
  }
}
