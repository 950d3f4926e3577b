import type pg from 'pg';
import { readAccountId } from '../accounts/account-id.js';
import { dayAt, dayRange } from '../accounts/periods.js';
import { assertCaller, type Caller } from '../auth/caller.js';
import { type Catalog, nextChange } from '../catalog/catalog.js';
import { PublicError } from '../kit/errors.js';
import { findInvalidLines, findTooLong, readLines, readMember, readNote } from '../ledger/graph/check-input.js';
import { memberFor } from '../ledger/graph/command-input.js';
import { type Asker, askerOf, quoteWork, type QuoteWorkDeps } from '../ledger/graph/quote-work.js';
import type { QuoteInput } from '../ledger/graph/quote.types.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { showQuote } from '../ledger/graph/show-quote.js';
import { showRefusal } from '../ledger/graph/show-refusal.js';
import { LiveStream } from './live-stream.js';
import type { LiveOptions } from './live-options.js';
import { type QuoteReading } from './quote-feed.js';
import { Quotes } from './quotes.js';
import { WatchedAccounts } from './watched-accounts.js';

export interface LiveQuotesOptions extends QuoteWorkDeps, Pick<LiveOptions, 'findAccount' | 'onError'> {
  readonly accounts: Pick<AccountReader, 'readToPrice'>;
  /** For reads. */
  readonly pool: Pick<pg.Pool, 'query'>;
  /** As it is now, to be shown. */
  readonly catalog: () => Catalog;
  /** Signs quotes; the same in every process. */
  readonly quoteSecret: Buffer;
}

/** What a quote is made of; equal questions are answered once. */
interface Question {
  readonly accountId: string;
  readonly lines: ReturnType<typeof readLines>;
  readonly project: string | null;
  readonly asker: Asker;
}

/** Quotes that stay true. Source: docs/domain.md, Quote, reserve, commit */
export class LiveQuotes {
  readonly quotes: Quotes;
  readonly #accounts: WatchedAccounts;

  constructor(private readonly options: LiveQuotesOptions) {
    this.#accounts = new WatchedAccounts(options.findAccount);
    this.quotes = new Quotes({ pool: options.pool, onError: options.onError, isGone });
  }

  /**
   * Opens a feed of a quote: as it is now, then whenever it would read otherwise, and again before its token ends. By the function that answers `quote`.
   *
   * One feed serves all who ask the same for one member and see the same of budgets. The caller is let through here, once; the door ends the socket
   * when the credential ends.
   *
   * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign account; FORBIDDEN without `credits:read`, or
   * where a user names another member
   */
  async quoteChanged(caller: Caller | null, input: QuoteInput): Promise<LiveStream<object, object>> {
    assertCaller(caller);
    const accountId = readAccountId(input.accountId, 'accountId');
    const lines = readLines(input.operations);
    const project = readNote('project', input.project);
    const named = readMember(input.member);
    await this.#accounts.findReadable(caller, input.accountId);
    const member = memberFor(caller, named);
    const invalid = findInvalidLines(lines) ?? findTooLong({ project, member });
    const asker = askerOf(caller, accountId, member);
    const key = JSON.stringify([accountId, lines, project, asker.member, asker.sees]);
    this.quotes.admit(accountId, key);
    const read =
      invalid === null
        ? () => this.#quote({ accountId, lines, project, asker })
        : () => Promise.resolve(unchanging(showRefusal(this.options.catalog(), '', invalid, false)));
    return new LiveStream((sink) => this.quotes.watch(accountId, key, read, sink), itself, 1, {
      field: null,
      name: key,
    });
  }

  async #quote({ accountId, lines, project, asker }: Question): Promise<QuoteReading> {
    const { accounts, catalog, quoteSecret } = this.options;
    const snapshot = await accounts.readToPrice(accountId);
    const { answer, at, windowsEnd } = await quoteWork(this.options, asker, snapshot, { lines, project });
    const quoted = answer.kind === 'Quoted' ? answer : null;
    const result =
      answer.kind === 'Quoted'
        ? showQuote(answer, at.history, quoteSecret)
        : showRefusal(catalog(), at.history, answer, false);
    const { state, now, databaseNow } = at;
    const listsChange = nextChange(await this.options.reach(0), databaseNow) - databaseNow;
    // A test clock stands: all but the lists wait for its moves.
    const courtesiesEnd = lines.length === 1 ? dayRange(dayAt(now, state.timeZone), state.timeZone).end : Infinity;
    const ownChange = state.clockAt === null ? Math.min(windowsEnd, courtesiesEnd, state.dueAt) - now : Infinity;
    return {
      result,
      text: JSON.stringify(result, withoutWhatAlwaysChanges),
      version: state.version,
      clockAt: state.clockAt,
      now,
      expiresAt: quoted?.payload.expiresAt ?? null,
      changesInMs: Math.max(0, Math.min(listsChange, ownChange)),
    };
  }
}

/** What is no change of a quote. Source: docs/domain.md, Quote, reserve, commit */
const ALWAYS_CHANGES: ReadonlySet<string> = new Set(['token', 'expiresAt', 'asOf', 'version', 'priceListVersion']);

function withoutWhatAlwaysChanges(name: string, value: unknown): unknown {
  return ALWAYS_CHANGES.has(name) ? undefined : value;
}

/** The answer to a question that is out of range, whatever happens. */
function unchanging(result: object): QuoteReading {
  const { MAX_SAFE_INTEGER: version } = Number;
  return { result, text: '', version, clockAt: null, now: 0, expiresAt: null, changesInMs: Infinity };
}

function isGone(error: unknown): boolean {
  return error instanceof PublicError && error.code === 'NOT_FOUND';
}

function itself(result: object): object {
  return result;
}
