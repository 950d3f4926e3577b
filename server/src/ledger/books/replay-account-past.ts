import { dayAt, dayRange } from '../../accounts/periods.js';
import { CREDIT_TYPES } from '../../catalog/catalog.js';
import type { ClosedPeriod, WaitingCredits } from '../core/past.js';
import type { AccountState, GrantState, Period } from '../core/state.js';
import type { StoredEvent } from '../rows/event-rows.js';
import type { PlacedFields } from '../rows/journal-rows.js';
import { ReplayedOperations } from './replay-operations.js';
import { ReplayedPast } from './replay-past.js';
import { ReplayedWaiting } from './replay-waiting.js';

/** The first instant of the first month of a zone that begins after an instant. */
function monthAfter(at: number, timeZone: string): number {
  const [year, month] = dayAt(at, timeZone).split('-').map(Number) as [number, number];
  const next = new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
  return dayRange(next, timeZone).start;
}

/**
 * The past of one account built up again from its journal, and compared with what is kept of it beside the journal.
 *
 * Feed it events, grants and what waited, then the journal in order, then reservations and closed periods; then `finish`.
 */
export class ReplayedAccountPast {
  readonly problems: string[] = [];
  readonly past: ReplayedPast;
  readonly operations = new ReplayedOperations();
  private readonly waiting = new ReplayedWaiting((what) => this.wrong(what));
  /** Periods that groups opened, by version. */
  private readonly opened = new Map<number, Period>();
  private readonly closed: ClosedPeriod[] = [];
  private group: PlacedFields[] = [];

  constructor(readonly head: AccountState) {
    this.past = new ReplayedPast(
      (at) => monthAfter(at, head.timeZone),
      head.version,
      (what) => this.wrong(what),
    );
  }

  wrong(what: string): void {
    this.problems.push(`${this.head.id}: ${what}`);
  }

  tell(event: StoredEvent): void {
    if (event.type === 'PERIOD_RESET') this.opened.set(event.version, event.facts.reset.period);
  }

  knowGrant(grant: GrantState): void {
    this.past.knowGrant(grant);
    this.waiting.knowGrant(grant);
  }

  knowWaiting(row: WaitingCredits): void {
    this.waiting.knowWaiting(row);
  }

  add(record: PlacedFields): void {
    if (record.version !== this.group[0]?.version) this.closeGroup();
    this.group.push(record);
    this.past.add(record, this.opened.has(record.version));
  }

  private closeGroup(): void {
    this.operations.addGroup(this.group);
    this.waiting.addGroup(this.group);
    this.group = [];
  }

  /** The journal is at its end. */
  finishJournal(): void {
    this.closeGroup();
    this.past.finish();
  }

  compareClosed(row: ClosedPeriod): void {
    this.closed.push(row);
  }

  /** Compares what is kept beside the journal, once all is known. */
  finish(): void {
    const { head, past } = this;
    this.waiting.finish({
      STANDARD: head.credits.STANDARD.waiting,
      SCAN: head.credits.SCAN.waiting,
    });
    const done = this.operations.before(Infinity);
    for (const creditType of CREDIT_TYPES)
      this.same(`${creditType}: operations`, head.operations[creditType], done[creditType]);
    this.same('closed periods', this.closed.length, past.ends.length);
    for (const [index, row] of this.closed.entries()) this.compareEnd(row, index);
  }

  private compareEnd(row: ClosedPeriod, index: number): void {
    const end = this.past.ends[index];
    if (!end) return;
    const place = `period ${row.number}`;
    const done = this.operations.before(end.cut.version);
    this.same(`${place}: number`, row.number, (this.opened.get(end.cut.version)?.number ?? NaN) - 1);
    this.same(`${place}: version`, row.version, end.cut.version);
    this.same(`${place}: ordinal`, row.ordinal, end.cut.ordinal);
    this.same(`${place}: end`, row.end, end.at);
    const before = this.past.ends[index - 1];
    if (before) this.same(`${place}: start`, row.start, before.at);
    this.same(`${place}: STANDARD operations`, row.standardOperations, done.STANDARD);
    this.same(`${place}: SCAN operations`, row.scanOperations, done.SCAN);
  }

  private same(what: string, kept: unknown, replayed: unknown): void {
    if (!Object.is(kept, replayed)) this.wrong(`${what} is ${String(kept)}, replayed ${String(replayed)}`);
  }
}
