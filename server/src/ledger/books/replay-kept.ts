import { factsOf, isCause } from '../core/cause.js';
import { digestOfKept } from '../core/kept-digest.js';
import { answerFromText, inputFromText } from '../core/kept-text.js';
import { hasEntry, keepsAnswer, type KeptRecord, type PlacedFields } from '../rows/journal-rows.js';

/** The kind of row that such a group answered with under a key; null: it answered none. */
function answersOf(cause: string): ReturnType<typeof factsOf>['answers'] {
  return isCause(cause) ? factsOf(cause).answers : null;
}

/** An outcome as it is kept, as far as the journal must agree with it. */
interface KeptOutcome {
  readonly k?: string;
  readonly of?: string;
  readonly id?: string;
  readonly same?: true | undefined;
  readonly refusal?: { readonly kind?: string };
}

/** The answers that one account keeps under its keys, compared with what the groups beside them did. */
export class ReplayedAnswers {
  /** Grants that were revoked. */
  readonly recalled = new Set<string>();
  private digest = 0;
  private count = 0;
  /** Purchases that were begun under a key, and the version that began each. */
  readonly purchases = new Map<string, number>();

  /** @param keptDigest  as the account has it */
  constructor(
    private readonly keptDigest: number,
    private readonly wrong: (what: string) => void,
  ) {}

  /** The answer of a group of the journal: to its first row belongs what is kept under its key. */
  addGroup(group: readonly PlacedFields[]): void {
    const [first] = group;
    if (!first) return;
    const place = `version ${first.version} (${first.cause})`;
    const answers = answersOf(first.cause);
    if (!keepsAnswer(first)) {
      if (answers !== null) this.wrong(`${place}: what it answered is not kept under a key`);
      return;
    }
    const outcome = this.read(place, first);
    if (answers === null) return this.wrong(`${place}: has a key, which such a group never has`);
    if (outcome === null) return;
    if (answers === 'reservations') {
      if (outcome.k !== 'reservation') this.wrong(`${place}: kept as ${first.outcome}, not as a reservation`);
      return;
    }
    if (answers === 'refusal' || answers === 'topUp') {
      const isSo = answers === 'refusal' ? outcome.k === 'refused' : outcome.k === 'topUp' && !outcome.same;
      if (!isSo) this.wrong(`${place}: kept as ${first.outcome}, not as a ${answers}`);
      return;
    }
    if (answers === 'plan') {
      if (outcome.k !== 'plan' || outcome.same)
        this.wrong(`${place}: kept as ${first.outcome}, not as a plan's change`);
      return;
    }
    if (outcome.k !== 'row' || outcome.of !== answers)
      return this.wrong(`${place}: kept as ${first.outcome}, not as one of ${answers}`);
    if (first.cause === 'revoke') return this.addRevoked(place, group, outcome);
    if (answers === 'purchases') this.purchases.set(outcome.id ?? '', first.version);
    if (answers !== 'grants') return;
    const granted = group.filter(hasEntry).find(({ kind }) => kind === 'GRANT');
    if (outcome.id !== granted?.grantId)
      this.wrong(`${place}: kept as ${first.outcome}, but it granted ${granted?.grantId ?? 'nothing'}`);
  }

  private addRevoked(place: string, group: readonly PlacedFields[], { id, same }: KeptOutcome): void {
    const others = group.filter(hasEntry).filter(({ kind, grantId }) => kind !== 'REVOKE' || grantId !== id);
    if (same || id === undefined || others.length > 0)
      return this.wrong(`${place}: kept as another answer than what it revoked`);
    this.recalled.add(id);
  }

  /** A refusal, or an answer that changed nothing: a row without a version. */
  addRefusal(kept: KeptRecord): void {
    const place = `key ${JSON.stringify(kept.key)} of ${kept.scope}`;
    const outcome = this.read(place, kept);
    if (outcome === null || ((outcome.k === 'row' || outcome.k === 'plan' || outcome.k === 'topUp') && outcome.same))
      return;
    if (outcome.k !== 'refused' || outcome.refusal?.kind === undefined)
      this.wrong(`${place}: has no entry group, and is kept as ${kept.outcome}`);
  }

  /** Says whether any answer is lost or changed. */
  finish(): void {
    if (this.digest !== this.keptDigest)
      this.wrong(
        `the answers kept under its keys (${this.count}) have the digest ${this.digest}, ${this.keptDigest} was written: some are gone or changed`,
      );
  }

  private read(place: string, kept: KeptRecord): KeptOutcome | null {
    const { input, outcome } = kept;
    this.digest ^= digestOfKept(kept);
    this.count++;
    try {
      inputFromText(input);
      return answerFromText(outcome);
    } catch (error) {
      this.wrong(`${place}: what is kept cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }
}
