import { type Catalog, type CreditType, findPriceList } from '../../catalog/catalog.js';
import { OTHER_PROJECTS } from '../core/book-project.js';
import { type Cause, factsOf, isCause } from '../core/cause.js';
import { hasEntry, type PlacedFields } from '../rows/journal-rows.js';
import type { UsageFields } from '../rows/usage-rows.js';
import type { EntryKind, ReservationState, ReservationStatus } from '../core/state.js';

interface Sums {
  reserved: number;
  committed: number;
  released: number;
}

/** A reservation as the journal tells it. */
interface Replayed extends Sums {
  readonly draws: Map<string, Sums>;
  /** What its first group held. */
  readonly opened: number;
  /** What each group held that added lines, by version. */
  readonly added: Map<number, number>;
  status: ReservationStatus;
  heldAtExpiry: number | null;
  version: number;
  closedAt: number | null;
}

interface Booked {
  readonly feature: string;
  readonly type: string;
  credits: number;
  operations: number;
}

function emptySums(): Sums {
  return { reserved: 0, committed: 0, released: 0 };
}

function heldBy(entries: readonly { readonly kind: EntryKind; readonly amount: number }[]): number {
  return entries.reduce((sum, { kind, amount }) => (kind === 'RESERVE' ? sum + amount : sum), 0);
}

const FIELD = { RESERVE: 'reserved', COMMIT: 'committed', RELEASE: 'released' } as const;

function isHoldKind(kind: EntryKind): kind is keyof typeof FIELD {
  return kind in FIELD;
}

/** Usage of an operation by a member that was counted under the other projects, less what reservations account for. */
interface OtherUsage {
  credits: number;
  operations: number;
}

/** The reservations of one account, built up again from its journal; and what they booked as usage. */
export class ReplayedReservations {
  private readonly known = new Map<string, Replayed>();
  private readonly booked = new Map<string, Booked>();
  private readonly others = new Map<string, OtherUsage>();
  private readonly held: Record<CreditType, number> = { STANDARD: 0, SCAN: 0 };

  private readonly newestList: number;

  constructor(
    private readonly catalog: Catalog,
    private readonly wrong: (what: string) => void,
  ) {
    this.newestList = Math.max(...catalog.priceLists.map(({ version }) => version), 0);
  }

  private same(what: string, kept: unknown, replayed: unknown): void {
    if (kept !== replayed) this.wrong(`${what} is ${String(kept)}, replayed ${String(replayed)}`);
  }

  /** One group that names a reservation. */
  add(group: readonly PlacedFields[]): void {
    const [first] = group;
    const entries = group.filter(hasEntry);
    // A refusal names what was asked for, and does nothing to it.
    const isRefused = isCause(first?.cause ?? '') && factsOf(first?.cause as Cause).answers === 'refusal';
    const id = isRefused ? null : first?.reservationId;
    if (!first || !id) {
      if (entries.some(({ kind }) => isHoldKind(kind)))
        this.wrong(`version ${first?.version}: holds move without a reservation`);
      return;
    }
    let replayed = this.known.get(id);
    const effect = isCause(first.cause) ? factsOf(first.cause).effect : null;
    if (effect === null) this.wrong(`reservation ${id} is named by ${first.cause}`);
    if (!replayed) {
      if (effect !== 'opens' && effect !== 'opens and commits')
        this.wrong(`reservation ${id} begins with ${first.cause}`);
      replayed = {
        ...emptySums(),
        draws: new Map(),
        opened: heldBy(entries),
        added: new Map(),
        status: 'HELD',
        heldAtExpiry: null,
        version: 0,
        closedAt: null,
      };
      this.known.set(id, replayed);
    } else if (effect === 'opens' || effect === 'opens and commits') this.wrong(`reservation ${id} is opened twice`);
    if (effect === 'adds') replayed.added.set(first.version, heldBy(entries));
    const before = replayed.status;
    let released = 0;
    if (group.some(({ reservationId }) => reservationId !== id))
      this.wrong(`version ${first.version}: more than one reservation`);
    for (const { kind, amount, grantId } of entries) {
      if (!isHoldKind(kind)) continue;
      const draw = replayed.draws.get(grantId) ?? emptySums();
      replayed.draws.set(grantId, draw);
      draw[FIELD[kind]] += amount;
      replayed[FIELD[kind]] += amount;
      if (kind === 'RELEASE') released += amount;
    }
    const held = replayed.reserved - replayed.committed - replayed.released;
    if (effect === 'expires') {
      replayed.status = 'EXPIRED';
      replayed.heldAtExpiry = released;
    } else if (effect === 'releases') replayed.status = 'RELEASED';
    else if (effect === 'opens and commits' || (effect === 'commits' && held === 0)) replayed.status = 'COMMITTED';
    const isLateCommit = before === 'EXPIRED' && effect === 'commits';
    if (before !== 'HELD' && !isLateCommit) this.wrong(`reservation ${id} is ${before} and then meets ${first.cause}`);
    if (replayed.status !== 'HELD') replayed.closedAt = first.at;
    replayed.version = first.version;
  }

  compare(reservation: ReservationState): void {
    const { id } = reservation;
    this.held[reservation.creditType] += reservation.held;
    const replayed = this.known.get(id);
    if (!replayed) return this.wrong(`reservation ${id} has no entry group`);
    const held = replayed.reserved - replayed.committed - replayed.released;
    const same = (what: string, kept: unknown, again: unknown) => this.same(`reservation ${id}: ${what}`, kept, again);
    same('reserved', reservation.reserved, replayed.reserved);
    same('committed', reservation.committed, replayed.committed);
    same('released', reservation.released, replayed.released);
    same('held', reservation.held, held);
    same('status', reservation.status, replayed.status);
    same('version', reservation.version, replayed.version);
    same('closedAt', reservation.closedAt, replayed.closedAt);
    same('heldAtExpiry', reservation.heldAtExpiry, replayed.heldAtExpiry);
    same('draws', reservation.draws.length, replayed.draws.size);
    for (const draw of reservation.draws) {
      const sums = replayed.draws.get(draw.grantId) ?? emptySums();
      same(`drawn from ${draw.grantId}`, draw.credits, sums.reserved);
      same(`held of ${draw.grantId}`, draw.held, sums.reserved - sums.committed - sums.released);
    }
    let opened = 0;
    let committed = 0;
    for (const line of reservation.lines) {
      if (line.added === null) opened += line.credits;
      committed += line.committed;
      this.book(reservation, line);
    }
    this.comparePrices(reservation);
    same('lines', opened, replayed.opened);
    this.compareAdded(reservation, replayed.added);
    same('committed by line', committed, replayed.committed);
    this.known.delete(id);
  }

  /** Lines cost what their price list says; one that is newer than the catalogue that was read cannot be compared. */
  private comparePrices({ id, priceListVersion: opened, lines }: ReservationState): void {
    for (const { operation, unitCredits, added } of lines) {
      const version = added?.priceListVersion ?? opened;
      if (version > this.newestList) continue;
      const list = findPriceList(this.catalog, version);
      if (!list) return this.wrong(`reservation ${id}: there is no price list ${version}`);
      this.same(
        `reservation ${id}: price of ${operation} on list ${version}`,
        unitCredits,
        (list.operations.get(operation) ?? list.unreadable.get(operation))?.credits,
      );
    }
  }

  /** Added lines were added by groups that did so, and cost what those held. */
  private compareAdded({ id, lines }: ReservationState, added: ReadonlyMap<number, number>): void {
    const sums = new Map<number, number>();
    for (const line of lines)
      if (line.added !== null) sums.set(line.added.version, (sums.get(line.added.version) ?? 0) + line.credits);
    for (const version of new Set([...sums.keys(), ...added.keys()]))
      this.same(`reservation ${id}: lines of version ${version}`, sums.get(version), added.get(version));
  }

  private book(reservation: ReservationState, line: ReservationState['lines'][number]): void {
    const key = JSON.stringify([reservation.creditType, line.operation, reservation.member, reservation.project ?? '']);
    const booked = this.booked.get(key) ?? { feature: line.feature, type: line.type, credits: 0, operations: 0 };
    booked.credits += line.committed;
    booked.operations += line.done;
    this.booked.set(key, booked);
  }

  compareUsage(usage: UsageFields): void {
    if (usage.project === OTHER_PROJECTS) {
      const others = this.othersOf(usage.creditType, usage.operation, usage.member);
      others.credits += usage.credits;
      others.operations += usage.operations;
      return;
    }
    const key = JSON.stringify([usage.creditType, usage.operation, usage.member, usage.project]);
    const booked = this.booked.get(key);
    if (!booked) return this.wrong(`usage ${key} was booked by no reservation`);
    this.same(`usage ${key}: feature`, usage.feature, booked.feature);
    this.same(`usage ${key}: type`, usage.type, booked.type);
    booked.credits -= usage.credits;
    booked.operations -= usage.operations;
  }

  private othersOf(creditType: string, operation: string, member: string): OtherUsage {
    const key = JSON.stringify([creditType, operation, member]);
    const others = this.others.get(key) ?? { credits: 0, operations: 0 };
    this.others.set(key, others);
    return others;
  }

  heldOf(creditType: CreditType): number {
    return this.held[creditType];
  }

  finish(): void {
    for (const id of this.known.keys()) this.wrong(`reservation ${id} is in the journal and nowhere else`);
    // What no row of its own project has was counted under the other projects.
    for (const [key, { credits, operations }] of this.booked) {
      if (credits === 0 && operations === 0) continue;
      const [creditType, operation, member] = JSON.parse(key) as [string, string, string];
      const others = this.othersOf(creditType, operation, member);
      if (credits < 0 || operations < 0 || credits > others.credits || operations > others.operations)
        this.wrong(`usage ${key} lacks ${credits} credits and ${operations} operations`);
      others.credits -= credits;
      others.operations -= operations;
    }
    for (const [key, { credits, operations }] of this.others)
      if (credits > 0 || operations > 0)
        this.wrong(`usage ${key} of other projects has ${credits} credits and ${operations} operations too many`);
  }
}
