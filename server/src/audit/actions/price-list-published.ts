import { isolate } from '../../kit/check-text.js';
import { grouped } from '../../kit/grouped.js';
import { type ActionKind, asKept } from './action-kind.js';

type PriceListPublished = {
  readonly version: number;
  readonly sandbox: boolean;
  /** Epoch milliseconds. */
  readonly effectiveAt: number;
  /** What it names: code, credits before, credits from then on. */
  readonly prices: readonly (readonly [operation: string, before: number, after: number])[];
  readonly note: string | null;
};

/** An operator published other prices. */
export const PRICE_LIST_PUBLISHED: ActionKind<PriceListPublished> = {
  formats: [asKept],
  describe: ({ version, sandbox, effectiveAt, prices, note }) => {
    const changes = prices.map(([code, before, after]) => `${code} from ${grouped(before)} to ${grouped(after)}`);
    return `Published price list ${version} for ${sandbox ? 'sandbox' : 'live'} accounts, in force from ${new Date(
      effectiveAt,
    ).toISOString()}: ${changes.join(', ')}.${note === null ? '' : ` ${isolate(note)}`}`;
  },
};
