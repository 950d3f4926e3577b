import type { DataSource, EntityManager } from 'typeorm';
import type { History } from '../db/history.js';
import { type LedgerEvent, saidBy } from '../ledger/core/events.js';
import { type StoredEvent, toEvent } from '../ledger/rows/event-rows.js';
import { BOTH_SIDES, type EventStore } from '../live/event-store.js';
import { MAILED_TYPES, mailKindOf } from './event-mails.js';
import { RULE_MS_MIN } from './judge-warning.js';
import { messageKeyOf } from './mail-links.js';
import { insertMail, takeBackWarning } from './mail-rows.js';
import { isWanted, readPreferences } from './preference-rows.js';

const PAGE_EVENTS = 500;

export interface CollectDeps {
  readonly dataSource: DataSource;
  readonly events: Pick<EventStore, 'readFeed'>;
  readonly history: Pick<History, 'eraOf'>;
  /** A new UUIDv7, lower case with dashes. */
  readonly nextId: () => string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Reads the feed of events on from where it was read to, and writes a row for each mail that somebody asked for.
 *
 * The place and the rows are written in one transaction: after a crash nothing is missed. One process at a time; another goes away.
 * Source: docs/decisions/mail.md
 */
export async function collectMails(deps: CollectDeps, signal?: AbortSignal): Promise<void> {
  while (signal?.aborted !== true && (await collectPage(deps)));
}

/** @returns whether there is more */
function collectPage({ dataSource, events, history, nextId, clock }: CollectDeps): Promise<boolean> {
  return dataSource.transaction(async (manager) => {
    const [cursor]: { feed_seq: string }[] = await manager.query(
      `/* mail.cursor */ SELECT feed_seq FROM mail_cursor WHERE name = 'events' FOR UPDATE SKIP LOCKED`,
    );
    if (cursor === undefined) return false;
    const after = Number(cursor.feed_seq);
    const { rows, upTo, head } = await events.readFeed(
      { ...BOTH_SIDES, types: MAILED_TYPES },
      after,
      PAGE_EVENTS,
      null,
    );
    if (upTo === after) return false;
    const wishes = await readPreferences(manager, [...new Set(rows.map(({ accountId }) => accountId))]);
    for (const row of rows) {
      const kind = mailKindOf(row.type);
      const wish = wishes.get(row.accountId);
      const address = wish?.address ?? null;
      if (kind === null || address === null || !isWanted(wish, kind, address)) continue;
      const event = toEvent(row);
      const { accountId, type, version, ordinal, creditType } = event;
      const told = { type, version, ordinal, creditType, reservationId: reservationOf(event) };
      await insertMail(manager, {
        accountId,
        id: nextId(),
        messageKey: messageKeyOf([history.eraOf(event.feedSeq).id, accountId, version, ordinal], address),
        kind,
        address,
        event: told,
        createdAt: clock(),
        sendAt: await sendAtOf(manager, event, clock()),
      });
    }
    await manager.query(`/* mail.move_cursor */ UPDATE mail_cursor SET feed_seq = $1 WHERE name = 'events'`, [upTo]);
    return upTo < head;
  });
}

/** The hold whose end a warning waits for. */
function reservationOf(event: LedgerEvent): string | null {
  return event.type === 'BALANCE_LOW' ? (saidBy(event).reservationId ?? null) : null;
}

/**
 * A warning that a hold brought waits until the hold has ended, an hour at most: work that fails gives the credits back. It takes the
 * place of one that waits already, and waits no longer than that one would have.
 */
async function sendAtOf(manager: EntityManager, event: StoredEvent, now: number): Promise<number> {
  if (event.type !== 'BALANCE_LOW') return now;
  const own = reservationOf(event) === null ? now : now + RULE_MS_MIN;
  const before = await takeBackWarning(manager, event.accountId, event.creditType, now);
  return before === null ? own : Math.min(own, before);
}
