import { hash, timingSafeEqual } from 'node:crypto';
import {
  SEAL_CHARS,
  formatEventId,
  formatFeedPlace,
  formatSeal,
  parseEventId,
  parseFeedPlace,
  parsePlaceId,
  splitSeal,
} from '@aibc/shared/ids';
import type { FeedPlace, Place } from '@aibc/shared/ids';

/** What a cursor names: an event of a history, or a place between events. */
export type EventCursor =
  | {
      readonly kind: 'event';
      /** Null in an id of the time before histories had ids. */
      readonly historyId: string | null;
      readonly place: Place;
    }
  | ({ readonly kind: 'place' } & FeedPlace);

/**
 * The cursors of the feed: ids of events, and places between them.
 *
 * Each ends in a seal that only this server's secret makes. So a cursor that names what the database does not have proves that the
 * database has gone back, and nobody can make one up.
 */
export class EventCursors {
  readonly #secret: string;

  /** @param secret  the same in every process, and in every copy of the database */
  constructor(secret: Buffer) {
    this.#secret = secret.toString('base64');
  }

  idOf(historyId: string, place: Place): string {
    return this.#sealed(formatEventId(historyId, place));
  }

  placeOf(place: FeedPlace): string {
    return this.#sealed(formatFeedPlace(place));
  }

  /** Null for a text that this server did not make. */
  read(text: string): EventCursor | null {
    const old = parsePlaceId('evt', text);
    if (old !== null) return { kind: 'event', historyId: null, place: old };
    const [unsealed, seal] = splitSeal(text);
    const event = parseEventId(unsealed);
    const place = event === null ? parseFeedPlace(unsealed) : null;
    if ((event === null && place === null) || !this.#isSeal(unsealed, seal)) return null;
    return event !== null ? { kind: 'event', ...event } : { kind: 'place', ...(place as FeedPlace) };
  }

  #sealed(unsealed: string): string {
    return unsealed + this.#sealOf(unsealed);
  }

  #sealOf(unsealed: string): string {
    // An HMAC would take three times as long, for every event. It guards against lengthening, which a seal cut to 60 bits does not allow.
    return formatSeal(hash('sha256', this.#secret + unsealed, 'buffer'));
  }

  #isSeal(unsealed: string, seal: string): boolean {
    return (
      seal.length === SEAL_CHARS &&
      timingSafeEqual(Buffer.from(seal, 'latin1'), Buffer.from(this.#sealOf(unsealed), 'latin1'))
    );
  }
}
