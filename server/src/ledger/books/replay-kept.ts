import { factsOf, isCause } from '../core/cause.js';
import { digestOfKept } from '../core/kept-digest.js';
import { answerFromText, inputFromText } from '../core/kept-text.js';
import { hasEntry, keepsAnswer, type KeptRecord, type PlacedFields } from '../rows/journal-rows.js';

/** Whether what such a group answered is kept under a key. */
function isKeyed(cause: string): boolean {
  return isCause(cause) && factsOf(cause).keyed;
}

/** An outcome as it is kept, as far as the journal must agree with it. */
interface KeptOutcome {
  readonly k?: string;
  readonly grantId?: string;
  readonly refusal?: { readonly kind?: string };
}

/** The answers that one account keeps under its keys, compared with what the groups beside them did. */
export class ReplayedAnswers {
  private digest = 0;
  private count = 0;

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
    if (!keepsAnswer(first)) {
      if (isKeyed(first.cause)) this.wrong(`${place}: what it answered is not kept under a key`);
      return;
    }
    const outcome = this.read(place, first);
    if (!isKeyed(first.cause)) return this.wrong(`${place}: has a key, which such a group never has`);
    if (outcome === null) return;
    if (first.cause !== 'grant') {
      if (outcome.k !== 'reservation') this.wrong(`${place}: kept as ${first.outcome}, not as a reservation`);
      return;
    }
    const granted = group.filter(hasEntry).find(({ kind }) => kind === 'GRANT');
    if (outcome.k !== 'granted' || outcome.grantId !== granted?.grantId)
      this.wrong(`${place}: kept as ${first.outcome}, but it granted ${granted?.grantId ?? 'nothing'}`);
  }

  /** A refusal: a row without a version. */
  addRefusal(kept: KeptRecord): void {
    const place = `key ${JSON.stringify(kept.key)} of ${kept.scope}`;
    const outcome = this.read(place, kept);
    if (outcome !== null && (outcome.k !== 'refused' || outcome.refusal?.kind === undefined))
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
