import { CREDIT_TYPES, type CreditType } from '../../catalog/catalog.js';
import type { Mutable } from '../core/changed-state.js';
import { saidBy } from '../core/events.js';
import {
  hourOf,
  isAnomaly,
  keptHours,
  mayTellAgain,
  type SpendingState,
  type SpentHour,
  usualBefore,
} from '../core/spending.js';
import type { AccountState } from '../core/state.js';
import type { StoredEvent } from '../rows/event-rows.js';

/** An hour of one credit type that a commit closed, as the journal has it. */
interface ClosedHour {
  readonly hour: number;
  readonly credits: number;
  readonly usual: number | null;
}

/**
 * The hours in which one account spent, summed up again from the commits of its journal, and compared with what is kept of them and with what was
 * told.
 *
 * Feed it the events, the commits in order, then its row; then `finish`.
 */
export class ReplayedSpending {
  private readonly told: StoredEvent[] = [];
  private hours: SpentHour[] = [];
  private last: (Mutable<SpentHour> & { readonly version: number }) | null = null;
  /** By version and credit type. */
  private readonly closed = new Map<string, ClosedHour>();
  private row: SpendingState | null = null;

  constructor(
    private readonly head: AccountState,
    private readonly wrong: (what: string) => void,
  ) {}

  private same(what: string, kept: unknown, replayed: unknown): void {
    if (kept !== replayed) this.wrong(`${what} is ${String(kept)}, replayed ${String(replayed)}`);
  }

  tell(event: StoredEvent): void {
    if (event.type === 'SPEND_ANOMALY') this.told.push(event);
  }

  addCommit(version: number, at: number, creditType: CreditType, amount: number): void {
    if (this.head.spending === null || version < this.head.spending.since) return;
    const hour = hourOf(at);
    if (this.last === null || hour > this.last.hour) {
      if (this.last !== null) this.close(this.last, version, hour);
      this.last = { hour, version, STANDARD: 0, SCAN: 0 };
    }
    this.last[creditType] += amount;
  }

  private close(last: SpentHour, version: number, next: number): void {
    const { hour, STANDARD, SCAN } = last;
    for (const type of CREDIT_TYPES)
      this.closed.set(`${version} ${type}`, { hour, credits: last[type], usual: usualBefore(this.hours, hour, type) });
    this.hours = [...keptHours(this.hours, next), { hour, STANDARD, SCAN }];
  }

  compare(row: SpendingState): void {
    this.row = row;
  }

  finish(): void {
    const { last, row } = this;
    const { spending } = this.head;
    this.same('whether it has a row of hours', row !== null, spending !== null);
    this.same('the hour in which it spent last', spending?.hour, last?.hour);
    this.same('the version that spent first in the last hour', spending?.version, last?.version);
    for (const type of CREDIT_TYPES)
      this.same(
        `${type}: spent before the last hour`,
        spending?.before[type],
        last === null ? undefined : this.head.credits[type].spent - last[type],
      );
    this.same('hours with spend', textOf(row?.hours ?? []), textOf(this.hours));
    this.finishTold();
  }

  private finishTold(): void {
    const toldAt: Record<CreditType, number | null> = { STANDARD: null, SCAN: null };
    for (const event of this.told) {
      const { version, creditType, at, balance } = event;
      const place = `version ${version}: ${creditType} SPEND_ANOMALY`;
      const found = this.closed.get(`${version} ${creditType}`);
      const said = saidBy(event).anomaly;
      this.same(`${place}: hour`, said?.hour, found?.hour);
      this.same(`${place}: credits`, said?.credits, found?.credits);
      this.same(`${place}: usual`, said?.usual, found?.usual);
      if (found !== undefined && !isAnomaly(found.credits, found.usual, balance.allowance))
        this.wrong(`${place}, but that hour was as usual`);
      if (!mayTellAgain(toldAt[creditType], at)) this.wrong(`${place}, again within 24 hours`);
      toldAt[creditType] = at;
    }
    this.same('STANDARD: last told of an hour', this.row?.toldStandardAt ?? null, toldAt.STANDARD);
    this.same('SCAN: last told of an hour', this.row?.toldScanAt ?? null, toldAt.SCAN);
  }
}

function textOf(hours: readonly SpentHour[]): string {
  return hours.map(({ hour, STANDARD, SCAN }) => `${new Date(hour).toISOString()} ${STANDARD} ${SCAN}`).join();
}
