import { type BudgetState, type CounterRef, isAboutLine, isAboutWork, type TallyState } from '../core/budget.js';
import { factsOf, isCause } from '../core/cause.js';
import { heldByLine } from '../core/count-lines.js';
import type { AccountState, ReservationState } from '../core/state.js';
import type { PlacedFields } from '../rows/journal-rows.js';

interface Sums {
  consumed: number;
  held: number;
}

/**
 * The counters of one account's budgets, summed up again from its reservations, and compared with what is kept of them.
 *
 * Feed it the journal, the budgets, the reservations, then the tallies; then `finish`.
 */
export class ReplayedBudgets {
  private readonly budgets = new Map<number, BudgetState>();
  /** The version that opened each reservation. */
  private readonly opened = new Map<string, number>();
  /** Versions that made or changed budgets, and those that removed one. */
  private readonly set = new Set<number>();
  private readonly removed = new Set<number>();
  /** By member, budget and start. */
  private readonly sums = new Map<string, Sums>();
  /** Of budgets that count every member apart: how many tallies have a counter, by budget and start. */
  private readonly members = new Map<string, number>();
  private readonly tallies: TallyState[] = [];

  constructor(
    private readonly head: AccountState,
    private readonly wrong: (what: string) => void,
  ) {}

  private same(what: string, kept: unknown, replayed: unknown): void {
    if (kept !== replayed) this.wrong(`${what} is ${String(kept)}, replayed ${String(replayed)}`);
  }

  /** The first row of a group. */
  addGroup({ cause, version, reservationId }: PlacedFields): void {
    if (cause === 'set-budget') this.set.add(version);
    if (cause === 'remove-budget') this.removed.add(version);
    const effect = isCause(cause) ? factsOf(cause).effect : null;
    if (reservationId !== null && (effect === 'opens' || effect === 'opens and commits'))
      this.opened.set(reservationId, version);
  }

  addBudget(budget: BudgetState): void {
    const { id, number, version, removedVersion } = budget;
    this.budgets.set(number, budget);
    if (!this.set.delete(number)) this.wrong(`budget ${id} was made by version ${number}, which makes none`);
    if (removedVersion !== null && !this.removed.delete(removedVersion))
      this.wrong(`budget ${id} was removed by version ${removedVersion}, which removes none`);
    if (removedVersion === null && version !== number && !this.set.has(version))
      this.wrong(`budget ${id} was changed by version ${version}, which changes none`);
  }

  addReservation(reservation: ReservationState): void {
    const { counted, lines, member } = reservation;
    this.compareMemory(reservation);
    if (counted === null) return;
    const held = heldByLine(reservation);
    for (const [index, line] of lines.entries()) {
      const { refs, beyond } = counted[index] ?? { refs: [], beyond: [] };
      const over = beyond.reduce((sum, { credits }) => sum + credits, 0);
      for (const ref of refs) this.add(ref, member, line.committed - over, held[index] as number);
      for (const part of beyond) for (const ref of part.refs) this.add(ref, member, part.credits, 0);
    }
  }

  private add(ref: CounterRef, member: string, consumed: number, held: number): void {
    const budget = this.budgets.get(ref.budget);
    if (budget === undefined) return this.wrong(`a reservation counts in budget ${ref.budget}, which there is not`);
    const key = keyOf(budget.eachMember && !ref.shared ? member : '', ref.budget, ref.start);
    const sums = this.sums.get(key) ?? { consumed: 0, held: 0 };
    this.sums.set(key, sums);
    sums.consumed += consumed;
    sums.held += held;
  }

  /** A reservation remembers every budget that was in force and about its first lines when it was opened, and no other. */
  private compareMemory(reservation: ReservationState): void {
    const { id, counted, lines } = reservation;
    const opened = this.opened.get(id);
    if (opened === undefined) return;
    for (const budget of this.budgets.values()) {
      const wasInForce = budget.number < opened && (budget.removedVersion === null || budget.removedVersion > opened);
      const isAbout = wasInForce && isAboutWork({ ...budget, removedVersion: null }, reservation);
      const [line] = lines;
      if (line === undefined || line.credits === 0) continue;
      const remembers = counted?.[0]?.refs.some((ref) => ref.budget === budget.number) ?? false;
      this.same(
        `reservation ${id}: its first line counts in budget ${budget.number}`,
        remembers,
        isAbout && isAboutLine(budget, line),
      );
    }
  }

  addTally(tally: TallyState): void {
    this.tallies.push(tally);
    if (tally.member === '') return;
    for (const { budget, start } of tally.counters) {
      const key = keyOf('', budget, start);
      this.members.set(key, (this.members.get(key) ?? 0) + 1);
    }
  }

  finish(): void {
    const inForce = [...this.budgets.values()].filter(({ removedVersion }) => removedVersion === null);
    this.same('budgets in force', this.head.budgets, inForce.length);
    for (const { member, counters } of this.tallies)
      for (const { budget: number, start, consumed, held, members } of counters) {
        const budget = this.budgets.get(number);
        // Counters of removed budgets do not move any more.
        if (budget === undefined || budget.removedVersion !== null) continue;
        const key = keyOf(member, number, start);
        const sums = this.sums.get(key) ?? { consumed: 0, held: 0 };
        const place = `budget ${budget.id}${member === '' ? '' : ` of ${member}`} from ${new Date(start).toISOString()}`;
        this.same(`${place}: consumed`, consumed, sums.consumed);
        this.same(`${place}: held`, held, sums.held);
        if (member === '' && budget.eachMember) this.same(`${place}: members`, members, this.members.get(key) ?? 0);
        this.sums.delete(key);
      }
    this.finishUncounted();
  }

  /** What reservations count in and no tally has: windows that a later one has followed, removed budgets, and nothing else. */
  private finishUncounted(): void {
    const newest = new Map<string, number>();
    for (const { member, counters } of this.tallies)
      for (const { budget, start } of counters) newest.set(keyOf(member, budget, 0), start);
    for (const key of this.sums.keys()) {
      const [member, number, start] = JSON.parse(key) as [string, number, number];
      const budget = this.budgets.get(number);
      if (budget === undefined || budget.removedVersion !== null) continue;
      if ((newest.get(keyOf(member, number, 0)) ?? -1) <= start)
        this.wrong(
          `budget ${budget.id} has no counter from ${new Date(start).toISOString()}, and reservations count there`,
        );
    }
  }
}

function keyOf(member: string, budget: number, start: number): string {
  return JSON.stringify([member, budget, start]);
}
