import { type CreditType, type PlanCode, priceListAt, readPlan } from '../catalog/catalog.js';
import type { Command } from '../ledger/core/commands.js';
import { type Billed, decideBilled } from './test-model-billing.js';
import {
  bookLines,
  costOfDone,
  enoughAt,
  giveBack,
  isBought,
  type ModelHold,
  type ModelLine,
  putOnHold,
  revoke,
  spend,
} from './test-model-credits.js';
import { type ModelAnswer, ModelBooks } from './test-model-books.js';

/** A command that the model decides. */
export type Decided =
  | Extract<Command, { type: 'reserve' | 'add' | 'commit' | 'release' | 'extend' | 'grant' | 'revoke' | 'change-plan' }>
  | Billed;

/** A line before it is held. */
type Priced = ModelLine & { readonly courtesies: number };

const DAY = 86_400_000;

const no = (why: string, ...figures: number[]): ModelAnswer => ({ kind: 'no', why, figures });

/** The books, and what becomes of commands. */
export class Model extends ModelBooks {
  clone(): Model {
    return this.copyTo(new Model(this.catalog, this.plan, this.from.anchor));
  }

  /** Decides a command at an instant at which nothing is due. A refusal and `same` change nothing; anything else takes a version. */
  decide(command: Decided, now: number, grantId: string | null = null): ModelAnswer {
    let answer: ModelAnswer = no('undecided');
    const tried = this.clone();
    // Another plan in force is a start, one that is only scheduled is none.
    const isStart = command.type === 'change-plan' && command.plan !== this.plan && this.startsWith(command.plan);
    tried.moved(now, isStart, () => (answer = tried.change(command, now, grantId)));
    if (answer.kind !== 'no' && answer.kind !== 'same') Object.assign(this, tried);
    return answer;
  }

  private startsWith(plan: PlanCode): boolean {
    return this.plan === 'FREE' || plan === 'ENTERPRISE';
  }

  private change(command: Decided, now: number, grantId: string | null): ModelAnswer {
    if (command.type === 'change-plan') return this.changePlan(command.plan, now, grantId);
    if (command.type === 'grant') {
      if (command.expiresAt !== null && command.expiresAt <= now) return no('InvalidAmount expiresAt');
      const { grantId: id, creditType: type, source, credits: available } = command;
      this.give({ id, type, source, from: now, until: command.expiresAt ?? Infinity, available });
      return { kind: 'grant', id };
    }
    if (command.type === 'revoke') {
      const grant = this.grants.get(command.grantId);
      if (!grant) return no('notFound');
      if (isBought(grant)) return no('InvalidAmount grantId');
      return revoke(grant) ? { kind: 'grant', id: grant.id } : { kind: 'same' };
    }
    if (command.type === 'reserve') return this.reserve(command, now);
    if (!('reservationId' in command)) return decideBilled(this, this.catalog, command, now);
    const hold = this.holds.get(command.reservationId);
    if (!hold) return no('notFound');
    if (!command.actor.closesAny && command.actor.name !== hold.by) return no('forbidden');
    const closed = no(`ReservationClosed ${hold.status}`);
    if (command.type === 'commit') return this.commit(command, hold, now) ?? closed;
    if (hold.status !== 'HELD') return closed;
    if (command.type === 'add') return this.add(command, hold, now);
    if (command.type === 'release') {
      giveBack(this, hold, now);
      hold.status = 'RELEASED';
    } else {
      const until = now + command.ttlSeconds * 1000;
      if (until < hold.until || until > hold.from + 7 * DAY) return no('InvalidAmount ttlSeconds');
      hold.until = until;
    }
    return { kind: 'hold', id: hold.id };
  }

  /** What work costs at the list of now, where the plan lets it be done. */
  private price(
    operations: readonly { readonly operation: string; readonly quantity: number }[],
    now: number,
  ):
    | ModelAnswer
    | { readonly kind: 'priced'; readonly type: CreditType; readonly lines: Priced[]; readonly total: number } {
    const list = priceListAt(this.catalog, now, true).operations;
    const plan = readPlan(this.catalog, this.plan);
    const priced = operations.map((line) => ({ ...line, is: list.get(line.operation) }));
    const unknown = priced.find(({ is }) => !is);
    if (unknown) return no(`OperationUnknown ${unknown.operation}`);
    const type = priced[0]?.is?.creditType as CreditType;
    if (priced.some(({ is }) => is?.creditType !== type)) return no('MixedCreditTypes');
    const refused = priced.find(
      ({ is }) =>
        (is?.requires === 'PRODUCTION_ROOM' && !plan.productionRoom) ||
        (is?.requires === 'DEEP_SCANS' && !plan.deepScans),
    );
    if (refused) return no(`OperationNotInPlan ${refused.operation}`);
    const lines = priced.map(({ operation, quantity, is }) => {
      const { credits: unit = 0, courtesyPerDay: courtesies = 0 } = is ?? {};
      return { operation, quantity, unit, courtesies, committed: 0, done: 0 };
    });
    return { kind: 'priced', type, lines, total: lines.reduce((sum, { quantity, unit }) => sum + quantity * unit, 0) };
  }

  private tooLittle(type: CreditType, total: number, own: ModelHold | null = null): ModelAnswer {
    const available = this.usable(type);
    const enough = enoughAt(this, type, total, own);
    return no('InsufficientCredits', total, available, this.sum(type, 'held'), total - available, enough);
  }

  private reserve(command: Extract<Command, { type: 'reserve' }>, now: number): ModelAnswer {
    const priced = this.price(command.operations, now);
    if (priced.kind !== 'priced') return priced;
    const { type } = priced;
    let { total, lines } = priced;
    if (total > this.usable(type)) {
      const [line] = lines;
      const day = Math.floor(now / DAY);
      const used = this.courtesy.day === day ? this.courtesy.used : 0;
      const isCourtesy = lines.length === 1 && line?.quantity === 1 && used < line.courtesies;
      if (!isCourtesy) return this.tooLittle(type, total);
      this.courtesy = { day, used: used + 1 };
      total = 0;
      lines = lines.map((one) => ({ ...one, unit: 0 }));
    }
    const hold: ModelHold = {
      id: command.reservationId,
      type,
      by: command.actor.name,
      from: now,
      lines,
      status: 'HELD',
      until: now + command.ttlSeconds * 1000,
      reserved: 0,
      held: 0,
      committed: 0,
      released: 0,
      uncollected: 0,
      heldAtExpiry: 0,
      draws: [],
    };
    putOnHold(this, hold, total);
    this.holds.set(hold.id, hold);
    if (command.spend) {
      spend(this, hold, total);
      bookLines(hold, total, null);
      hold.status = 'COMMITTED';
    }
    return { kind: 'hold', id: hold.id };
  }

  /** More lines for an open hold, of its own credits and without a courtesy. */
  private add(command: Extract<Command, { type: 'add' }>, hold: ModelHold, now: number): ModelAnswer {
    if (hold.lines.length + command.operations.length > 100) return no('InvalidAmount operations');
    const priced = this.price(command.operations, now);
    if (priced.kind !== 'priced') return priced;
    if (priced.type !== hold.type) return no('MixedCreditTypes');
    if (priced.total > this.usable(hold.type)) return this.tooLittle(hold.type, priced.total, hold);
    putOnHold(this, hold, priced.total);
    hold.lines = [...hold.lines, ...priced.lines];
    return { kind: 'hold', id: hold.id };
  }

  /** @returns undefined when the hold is closed */
  private commit(command: Extract<Command, { type: 'commit' }>, hold: ModelHold, now: number): ModelAnswer | undefined {
    const isLate = hold.status === 'EXPIRED' && now <= hold.until + DAY;
    if (hold.status !== 'HELD' && !isLate) return undefined;
    const most = isLate ? hold.heldAtExpiry : hold.held;
    let asked = command.amount ?? most;
    if (command.operations) {
      const foreign = command.operations.findIndex(
        ({ operation }) => !hold.lines.some((line) => line.operation === operation),
      );
      if (foreign >= 0) return no(`InvalidAmount operations[${foreign}].operation`);
      asked = costOfDone(hold, command.operations);
    }
    if (command.outcome !== 'SUCCEEDED') asked = 0;
    if (asked > most && command.policy === 'REJECT') return no('CommitExceedsReservation', most, asked);
    const free = this.usable(hold.type);
    const extra = isLate ? Math.min(asked, most, free) : Math.min(Math.max(0, asked - most), free);
    const amount = isLate ? extra : Math.min(asked, most) + extra;
    putOnHold(this, hold, extra);
    spend(this, hold, amount);
    if (command.outcome === 'SUCCEEDED') bookLines(hold, amount, command.operations);
    hold.uncollected += asked - amount;
    if (isLate || command.final || command.outcome !== 'SUCCEEDED' || hold.held === 0) {
      giveBack(this, hold, now);
      hold.status = 'COMMITTED';
    }
    return { kind: 'hold', id: hold.id };
  }
}
