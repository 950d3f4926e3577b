/** What a mail says, before it has a form. */
export interface Letter {
  readonly subject: string;
  readonly title: string;
  /** Whole sentences. */
  readonly sentences: readonly string[];
  readonly figures: readonly Figure[];
  /** The one thing to do about it; null: nothing. */
  readonly action: Action | null;
}

/** A line of the table below the sentences. */
export type Figure = readonly [label: string, value: string];

export interface Action {
  readonly label: string;
  readonly url: string;
}

/** What stands around every letter. */
export interface LetterFrame {
  /** As people named it. */
  readonly accountName: string;
  readonly isSandbox: boolean;
  /** Why it was sent. */
  readonly because: string;
  /** Where mails of this kind are stopped; null: it is a confirmation. */
  readonly stopUrl: string | null;
  /** Whom to ask; null: nobody is configured. */
  readonly supportAddress: string | null;
}

/** A letter in its two forms. */
export interface ComposedLetter {
  readonly subject: string;
  readonly html: string;
  readonly plain: string;
}
