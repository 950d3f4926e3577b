import { isDeepStrictEqual } from 'node:util';
import type { Catalog, CreditType } from '../catalog/catalog.js';
import type { History } from './test-history.js';
import { type JournalGroup, stepOf } from './test-history-journal.js';
import { type Decided, Model } from './test-model.js';

/** Every type of credits that an account has. */
export const CREDIT_TYPES: readonly CreditType[] = ['STANDARD', 'SCAN'];

/** Groups that close what is due; nobody sends those. */
const CLOSING: ReadonlySet<string> = new Set([
  'expire-reservation',
  'end-purchase',
  'expire-grant',
  'announce-expiry',
  'reset-period',
]);

/** The instants that the clock of a history was ever set to. */
export function clocksOf({ anchor, steps }: History): readonly number[] {
  const moved = steps.flatMap(({ command, outcome }) =>
    command.type === 'clock' && outcome?.kind === 'account' ? [command.to] : [],
  );
  return [...new Set([anchor, ...moved])].sort((a, b) => a - b);
}

/**
 * Has the model decide every group of the journal again, in the order of versions.
 *
 * @param wrong  is told what does not fit; after that the models may be too few
 * @returns the model at each version, before the next group
 */
export function replayJournal(
  catalog: Catalog,
  history: History,
  groups: readonly JournalGroup[],
  wrong: (what: string) => void,
): readonly Model[] {
  const replay = new Replay(catalog, history, groups, wrong);
  replay.run();
  return replay.models;
}

class Replay {
  readonly models: Model[] = [];
  private readonly clocks: readonly number[];

  constructor(
    private readonly catalog: Catalog,
    private readonly history: History,
    private readonly groups: readonly JournalGroup[],
    private readonly wrong: (what: string) => void,
  ) {
    this.clocks = clocksOf(history);
  }

  run(): void {
    const { history } = this;
    let model = new Model(this.catalog, history.plan, history.anchor);
    this.models.push(model);
    let last = history.anchor;
    for (const group of this.groups) {
      const place = `version ${group.version} (${group.command})`;
      model = model.clone();
      if (group.version !== model.version + 1) return this.wrong(`${place} comes after ${model.version}`);
      if (group.at < last) this.wrong(`${place} is earlier than the one before`);
      last = group.at;
      if (group.command === 'open') model.start(group.at, group.granted);
      else if (CLOSING.has(group.command)) {
        const due = model.due();
        const id = group.command === 'expire-grant' ? group.expired : (group.announced ?? group.reservationId);
        // What ended of a purchase is in its row: the rows are compared at the end.
        const isSame = due.id === id || due.kind === 'end-purchase';
        if (due.kind !== group.command || !isSame || due.at !== group.at)
          return this.wrong(`${place} of ${id} at ${group.at}: the model has ${JSON.stringify(due)} due`);
        model.close(due, group.granted);
      } else {
        const step = stepOf(history, group);
        if (!step) return this.wrong(`${place}: nobody sent ${group.key ?? group.actor}`);
        if (!history.live && !this.clocks.includes(group.at))
          this.wrong(`${place} at ${group.at}: the clock was never there`);
        if (model.due().at <= group.at)
          this.wrong(`${place} at ${group.at}: ${JSON.stringify(model.due())} is due before it`);
        const answer = model.decide(this.named(step.command as Decided, group), group.at, group.granted);
        if (answer.kind === 'same') return this.wrong(`${place}: the model changes nothing`);
        if (answer.kind === 'no')
          return this.wrong(`${place}: the model refuses: ${answer.why} ${answer.figures.join()}`);
      }
      for (const type of CREDIT_TYPES) {
        const [available, held] = [group.availableAfter.get(type), group.heldAfter.get(type)];
        if (available !== undefined && (available !== model.sum(type, 'available') || held !== model.sum(type, 'held')))
          return this.wrong(
            `${place}: ${type} ${available}/${held}, the model has ${model.sum(type, 'available')}/${model.sum(type, 'held')}`,
          );
      }
      if (!isDeepStrictEqual(group.told, model.told))
        return this.wrong(`${place}: told ${group.told.join()}, the model tells ${model.told.join()}`);
      if (!isDeepStrictEqual(group.tells, model.tells))
        return this.wrong(`${place}: tells ${group.tells.join()}, the model tells ${model.tells.join()}`);
      this.models.push(model);
    }
  }

  /** The command with the ids that it really made. */
  private named(
    command: Decided,
    group: { readonly reservationId: string | null; readonly granted: string | null },
  ): Decided {
    if (command.type === 'reserve') return { ...command, reservationId: group.reservationId ?? command.reservationId };
    if (command.type === 'purchase') return { ...command, purchaseId: this.begun(command) };
    return command.type === 'grant' ? { ...command, grantId: group.granted ?? command.grantId } : command;
  }

  /** The purchase that was begun under a key, as its callers were answered. */
  private begun({ keyed, purchaseId }: Extract<Decided, { type: 'purchase' }>): string {
    for (const { command, outcome } of this.history.steps)
      if (command.type === 'purchase' && command.keyed.key === keyed.key && outcome?.kind === 'row')
        return outcome.row.id;
    return purchaseId;
  }
}
