import type { DataSource } from 'typeorm';
import type { AccountNames, AccountDirectory } from '../../accounts/account-directory.js';
import { readAccountId } from '../../accounts/account-id.js';
import type { AccountSource } from '../../accounts/account-source.js';
import type { AdvanceTestClockInput, CreateAccountInput } from '../../accounts/accounts.types.js';
import { claimExternalId } from '../../accounts/claim-external-id.js';
import { canonicalTimeZone } from '../../accounts/periods.js';
import { assertAccount, assertCaller, assertCreateAccount } from '../../auth/caller.js';
import type { Caller } from '../../auth/caller.js';
import { type Catalog, newestVersion } from '../../catalog/catalog.js';
import type { History } from '../../db/history.js';
import { checkName, composed, readName } from '../../kit/check-text.js';
import { badUserInput, notFound } from '../../kit/errors.js';
import { showAccount } from './account-snapshot.js';
import type { ShownAccount } from './account-snapshot.js';
import { toActor } from './command-input.js';
import { inputFromText } from '../core/kept-text.js';
import type { CreateCommand } from '../core/commands/create.js';
import type { ClockCommand } from '../core/commands/clock.js';
import type { Ledger } from '../core/ledger.js';
import type { AccountReader } from './read-account.js';

const NAME_CHARS_MAX = 200;
const CLOCK_START = Date.UTC(2000, 0, 1);
const CLOCK_END = Date.UTC(2200, 0, 1);

export interface LedgerAccountsDeps {
  readonly dataSource: DataSource;
  readonly directory: AccountDirectory;
  readonly reader: AccountReader;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly catalog: () => Catalog;
  readonly history: Pick<History, 'present'>;
  /** A new UUIDv7, lower case with dashes. */
  readonly nextId: () => string;
  /** Told that an account's test clock moved; does what waited for it, and resolves to whether anything did. */
  readonly clockMoved: (accountId: string) => Promise<boolean>;
}

/** Accounts as the ledger keeps them: opens them, moves test clocks, and shows them. */
export class LedgerAccounts implements AccountSource {
  constructor(private readonly deps: LedgerAccountsDeps) {}

  async read(caller: Caller | null, accountId: string): Promise<ShownAccount> {
    return showAccount(this.deps.catalog(), await this.deps.reader.read(caller, accountId, 'credits:read'));
  }

  async readAll(accountIds: readonly string[]): Promise<ShownAccount[]> {
    const snapshots = await this.deps.reader.readAll(accountIds);
    return snapshots.map((snapshot) => showAccount(this.deps.catalog(), snapshot));
  }

  /**
   * Creates an account inside the period that its anchor gives, with that period's allowance and nothing earlier; no event tells of it.
   *
   * An externalId is claimed first, in a transaction of its own, with the account's id and the input; the account is created under the id that was
   * claimed. So a repetition with the same input answers the first account, also at once by many or after a crash in between.
   *
   * @param input  instants as epoch ms; `billingAnchor` and `now` left out: the database's now
   * @throws UNAUTHENTICATED; FORBIDDEN (see `assertCreateAccount`); BAD_USER_INPUT naming the field, `externalId` when it was used with another
   * input; UNAVAILABLE: repeat it (without an externalId there may then be two accounts)
   * Source: docs/domain.md, Periods and resets; docs/api.md, Identity and isolation
   */
  async create(caller: Caller | null, input: CreateAccountInput): Promise<ShownAccount> {
    assertCaller(caller);
    const { name, timeZone } = checkCreate(input);
    assertCreateAccount(caller, input.sandbox);
    if (input.billingAnchor && !input.now) await this.#checkAnchor(input.billingAnchor);
    const { plan, sandbox } = input;
    const asked = { name, plan, timeZone, billingAnchor: input.billingAnchor ?? null, sandbox, now: input.now ?? null };
    const externalId = input.externalId ?? null;
    const command: CreateCommand = {
      type: 'create',
      accountId: this.deps.nextId(),
      actor: toActor(caller),
      externalId,
      ...asked,
    };
    if (externalId === null) return this.#submit(command, command);

    const claim = {
      externalId,
      sandbox,
      accountId: command.accountId,
      input: JSON.stringify(asked),
      isSame: (first: string) => inOneSpelling(first) === JSON.stringify(asked),
      seesBothSides: caller.sides.length > 1,
    };
    const accountId = await claimExternalId(this.deps.dataSource, claim);
    if (accountId === null)
      throw badUserInput('externalId', 'This externalId was used before for an account with another input.');
    return this.#submit({ ...command, accountId }, command);
  }

  /**
   * Moves a sandbox account's own clock forward. What falls due on the way is closed in time order, each at its own instant.
   *
   * @param input  `to`, epoch ms: not before the account's now, at most 24 months after it in the account's time zone
   * @returns the account at its new now; to where the clock is, nothing changes, so a repetition is safe without a key
   * @throws UNAUTHENTICATED; NOT_FOUND for an unknown or foreign account; FORBIDDEN without `credits:reserve`; BAD_USER_INPUT `to`, or `accountId` for
   * a live account; UNAVAILABLE: repeat it
   *
   * Concurrency: moves are made one after the other; one that another has overtaken is refused as backwards.
   * Source: docs/domain.md, Test clocks
   */
  async advanceClock(caller: Caller | null, input: AdvanceTestClockInput): Promise<ShownAccount> {
    assertCaller(caller);
    const accountId = readAccountId(input.accountId, 'accountId');
    const identity = await this.deps.directory.findFor(caller, accountId);
    assertAccount(caller, identity, 'credits:reserve');
    if (!identity.sandbox)
      throw badUserInput('accountId', 'A live account has no clock of its own: nothing can set time for it.');
    const shown = await this.#submit({ type: 'clock', accountId, actor: toActor(caller), to: input.to }, null);
    if (!(await this.deps.clockMoved(accountId))) return shown;
    const [again = shown] = await this.readAll([accountId]);
    return again;
  }

  /** Checked before an external id is claimed, so that a refused input claims none. */
  async #checkAnchor(billingAnchor: number): Promise<void> {
    const rows: { is_later: boolean }[] = await this.deps.dataSource.query(
      'SELECT $1::timestamptz > clock_timestamp() AS is_later',
      [new Date(billingAnchor)],
    );
    if (rows[0]?.is_later) throw anchorTooLate();
  }

  /**
   * Submits it and shows the account as the decision left it.
   *
   * @param created  name and external id of a new account
   */
  async #submit(command: CreateCommand | ClockCommand, created: AccountNames | null): Promise<ShownAccount> {
    // The history is taken before the command is sent: if the database changes its history meanwhile, readers of this answer see an old history
    // and read anew.
    const history = this.deps.history.present.publicId;
    const outcome = await this.deps.ledger.submit<CreateCommand | ClockCommand>(command);
    if (outcome.kind === 'refused' && outcome.refusal.kind === 'InvalidAmount')
      throw badUserInput(outcome.refusal.field, outcome.refusal.message);
    if (outcome.kind !== 'account') throw notFound('This account');
    const { account: state, now, databaseNow, isNew } = outcome;
    const catalog = this.deps.catalog();
    const names = isNew ? created : await this.deps.directory.readNames(state.id);
    if (names === null) throw notFound('This account');
    return showAccount(catalog, {
      state,
      history,
      now,
      databaseNow,
      newestList: newestVersion(catalog),
      name: names.name,
      externalId: names.externalId,
    });
  }
}

/**
 * Everything that the input alone shows, before an external id is claimed for it.
 *
 * @returns name and zone in their one spelling
 * @throws BAD_USER_INPUT naming the field
 */
function checkCreate(input: CreateAccountInput): { name: string; timeZone: string } {
  const { externalId, billingAnchor, sandbox, now } = input;
  if (externalId !== null && externalId !== undefined) checkName('externalId', externalId, NAME_CHARS_MAX);
  const name = readName('name', input.name, NAME_CHARS_MAX);
  const timeZone = canonicalTimeZone(input.timeZone);
  if (timeZone === null) throw badUserInput('timeZone', 'timeZone is not an IANA time zone, such as Europe/Berlin.');
  if (now !== null && now !== undefined) {
    if (!sandbox) throw badUserInput('now', 'Only a sandbox account has a clock of its own.');
    if (now < CLOCK_START || now >= CLOCK_END) throw badUserInput('now', 'now must be in the years 2000 to 2199.');
  }
  if (billingAnchor !== null && billingAnchor !== undefined) {
    if (billingAnchor < 0) throw badUserInput('billingAnchor', 'billingAnchor must be in 1970 or later.');
    if (now !== null && now !== undefined && billingAnchor > now) throw anchorTooLate();
  }
  return { name, timeZone };
}

/** What an external id was claimed with, perhaps before names and zones had one spelling. */
function inOneSpelling(claimed: string): string {
  const asked = inputFromText(claimed) as { name: string; timeZone: string };
  const timeZone = canonicalTimeZone(asked.timeZone) ?? asked.timeZone;
  return JSON.stringify({ ...asked, name: composed(asked.name), timeZone });
}

function anchorTooLate(): Error {
  return badUserInput('billingAnchor', "billingAnchor must not be later than the account's own now.");
}
