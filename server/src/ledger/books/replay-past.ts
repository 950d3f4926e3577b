import type { CreditType } from '../../catalog/catalog.js';
import type { GrantSource, GrantState } from '../core/state.js';
import type { Cut } from '../past/cut.js';
import type { Movements } from '../past/read-sums.js';
import { hasEntry, type PlacedFields } from '../rows/journal-rows.js';

/** What had come and gone of a credit type by a place of the journal, and what was owned there. */
export interface Standing {
  readonly granted: Readonly<Partial<Record<GrantSource, number>>>;
  readonly spent: number;
  readonly expired: number;
  readonly refunded: number;
  readonly revoked: number;
  readonly available: number;
  readonly held: number;
}

/** A place of the journal, and how both credit types stood there. */
export interface Mark {
  /** The instant that it is the place of, epoch ms. */
  readonly at: number;
  readonly cut: Cut;
  readonly credits: Readonly<Record<CreditType, Standing>>;
  /** What was left of bought credits, by purchase. */
  readonly unspent: ReadonlyMap<string, number>;
}

/** The end of a period. */
export interface PeriodEnd extends Mark {
  readonly forfeited: Readonly<Record<CreditType, number>>;
  rolledOver: Record<CreditType, number>;
}

/** An instant at which a balance is asked for, and the version that it was at. */
export interface Sample {
  readonly at: number;
  readonly mark: Mark;
}

const NOTHING: Standing = { granted: {}, spent: 0, expired: 0, refunded: 0, revoked: 0, available: 0, held: 0 };
const SAMPLES = 8;

/**
 * What one account's journal tells of its past: how it stood where each month began, where each period ended, and at some instants.
 *
 * Feed it the grants, then the journal in order. A month's place and a period's end are found here by rows alone, in one pass, and not by
 * what the ledger has written of them.
 */
export class ReplayedPast {
  readonly months: Mark[] = [];
  readonly ends: PeriodEnd[] = [];
  readonly samples: Sample[] = [];
  private readonly sources = new Map<string, GrantSource>();
  /** The purchases that brought grants, by grant. */
  private readonly bought = new Map<string, string>();
  private unspent: ReadonlyMap<string, number> = new Map();
  private credits: Record<CreditType, Standing> = { STANDARD: NOTHING, SCAN: NOTHING };
  private next: number | null = null;
  private version = 0;
  private rows = 0;
  private at = -Infinity;
  /** Within a group that ends a period: how it stood before; null once its place is found, and in other groups. */
  private before: Readonly<Record<CreditType, Standing>> | null = null;
  private ending: PeriodEnd | null = null;

  /**
   * @param monthAfter  the first instant of the first month of the account's zone that begins after an instant
   * @param lastVersion  of the account
   */
  constructor(
    private readonly monthAfter: (at: number) => number,
    private readonly lastVersion: number,
    private readonly wrong: (what: string) => void,
  ) {}

  /** Whether anything was ever bought. */
  get hasBought(): boolean {
    return this.bought.size > 0;
  }

  knowGrant({ id, source, purchaseId }: GrantState): void {
    this.sources.set(id, source);
    if (source === 'PURCHASE' && purchaseId !== null) this.bought.set(id, purchaseId);
  }

  /** A row of the journal; `endsPeriod`: its group tells of a reset. */
  add(record: PlacedFields, endsPeriod: boolean): void {
    if (record.version !== this.version) this.begin(record, endsPeriod);
    if (this.before && record.kind === 'GRANT') this.endPeriod(record.ordinal);
    this.rows = hasEntry(record) ? record.ordinal + 1 : 0;
    if (!hasEntry(record)) return;
    const { kind, creditType, amount, grantId, availableAfter: available, heldAfter: held } = record;
    const was = this.credits[creditType];
    const source = this.sources.get(grantId) ?? 'ADJUSTMENT';
    const granted = kind === 'GRANT' ? { ...was.granted, [source]: (was.granted[source] ?? 0) + amount } : was.granted;
    const of = (one: typeof kind): number => (kind === one ? amount : 0);
    this.credits = {
      ...this.credits,
      [creditType]: {
        granted,
        spent: was.spent + of('COMMIT'),
        expired: was.expired + of('EXPIRE'),
        refunded: was.refunded + of('REFUND'),
        revoked: was.revoked + of('REVOKE'),
        available,
        held,
      },
    };
    this.moveBought(grantId, of('GRANT') - of('COMMIT') - of('EXPIRE') - of('REFUND') - of('REVOKE'));
    if (this.ending && source === 'ROLLOVER') this.ending.rolledOver[creditType] += of('GRANT');
  }

  private moveBought(grantId: string, change: number): void {
    const purchaseId = this.bought.get(grantId);
    if (purchaseId === undefined || change === 0) return;
    this.unspent = new Map(this.unspent).set(purchaseId, (this.unspent.get(purchaseId) ?? 0) + change);
  }

  finish(): void {
    this.leave();
    const cut = { version: this.version + 1, ordinal: 0 };
    if (this.next !== null) this.months.push({ at: this.next, cut, credits: this.credits, unspent: this.unspent });
  }

  private begin(record: PlacedFields, endsPeriod: boolean): void {
    this.leave();
    if (record.at < this.at) this.wrong(`version ${record.version} is earlier than the one before it`);
    const cut = { version: record.version, ordinal: 0 };
    // The first month is the one that the account was created in.
    this.next ??= this.monthAfter(record.at - 32 * 86_400_000);
    for (; this.next <= record.at; this.next = this.monthAfter(this.next))
      this.months.push({ at: this.next, cut, credits: this.credits, unspent: this.unspent });
    this.version = record.version;
    this.at = record.at;
    this.before = endsPeriod ? this.credits : null;
    this.rows = 0;
  }

  /** The group before is at its end. */
  private leave(): void {
    if (this.before) this.endPeriod(this.rows);
    this.ending = null;
    if (this.version === 0) return;
    const step = Math.max(1, Math.floor(this.lastVersion / SAMPLES));
    const mark = {
      at: this.at,
      cut: { version: this.version + 1, ordinal: 0 },
      credits: this.credits,
      unspent: this.unspent,
    };
    const last = this.samples.at(-1);
    // Of several groups at one instant the last is what was there then.
    if (last?.at === this.at) this.samples[this.samples.length - 1] = { at: this.at, mark };
    else if (this.version % step === 0) this.samples.push({ at: this.at, mark });
  }

  private endPeriod(ordinal: number): void {
    const { credits, before } = this;
    const expired = (type: CreditType): number => credits[type].expired - (before?.[type].expired ?? 0);
    this.before = null;
    this.ending = {
      at: this.at,
      cut: { version: this.version, ordinal },
      credits,
      unspent: this.unspent,
      forfeited: { STANDARD: expired('STANDARD'), SCAN: expired('SCAN') },
      rolledOver: { STANDARD: 0, SCAN: 0 },
    };
    // A month that begins at the instant at which a period ends begins behind what closed it: the first such period's.
    const month = this.months.at(-1);
    if (month?.at === this.at && this.ends.at(-1)?.at !== this.at)
      this.months[this.months.length - 1] = { at: this.at, cut: this.ending.cut, credits, unspent: this.unspent };
    this.ends.push(this.ending);
  }
}

/** What came and went between two marks, as a statement says it. */
export function between(creditType: CreditType, from: Mark | null, to: Mark): Movements {
  const [was, is] = [from?.credits[creditType] ?? NOTHING, to.credits[creditType]];
  const granted = Object.entries(is.granted)
    .map(([source, credits]) => [source, credits - (was.granted[source as GrantSource] ?? 0)] as const)
    .filter(([, credits]) => credits > 0);
  return {
    granted: Object.fromEntries(granted) as Standing['granted'],
    opening: was.available + was.held,
    spent: is.spent - was.spent,
    expired: is.expired - was.expired,
    refunded: is.refunded - was.refunded,
    revoked: is.revoked - was.revoked,
    closing: is.available + is.held,
  };
}
