import { t } from '@lingui/core/macro';
import type {
  OperationFieldsFragment,
  ReserveMutation,
  ReservationFieldsFragment,
  WorkOutcome,
} from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';

export type Refusal = Exclude<ReserveMutation['reserveCredits'], { __typename: 'ReservationReceipt' }>;

/** What ends a piece of work; the same for all tries, so that none is paid twice. */
export type Settling = {
  operation: OperationFieldsFragment;
  reservation: ReservationFieldsFragment;
  outcome: WorkOutcome;
  idempotencyKey: string;
};

/** A question that got no answer. `again` asks once more under the same key: it can never charge twice. */
export type Unanswered = {
  message: string;
  /** Whether asking again can help; then the page does so by itself. */
  isWorthRepeating: boolean;
  /** Another try is on its way. */
  isAsking: boolean;
  again: () => void;
};

/** One piece of work, from the press of the button to its result. */
export type Generation =
  | { step: 'idle' }
  | { step: 'reserving'; operation: OperationFieldsFragment }
  | {
      step: 'working';
      operation: OperationFieldsFragment;
      reservation: ReservationFieldsFragment;
      startedAt: number;
      workMs: number;
    }
  | ({ step: 'finishing' } & Settling)
  | {
      step: 'finished';
      operation: OperationFieldsFragment;
      reservation: ReservationFieldsFragment;
      outcome: WorkOutcome;
      available: number;
    }
  /** The server said no, with its reasons. */
  | { step: 'refused'; operation: OperationFieldsFragment; refusal: Refusal }
  /** The hold ended some other way before the work did: expired, released elsewhere. */
  | { step: 'closed'; operation: OperationFieldsFragment; message: string }
  /** Whether the credits are held is not known yet. */
  | ({ step: 'unanswered'; operation: OperationFieldsFragment } & Unanswered)
  /** The work is done, its credits are still held. */
  | ({ step: 'unsettled' } & Settling & Unanswered);

/** Work that leaving the page would leave behind. */
export type UnderWay = Extract<
  Generation,
  { step: 'reserving' | 'working' | 'finishing' | 'unanswered' | 'unsettled' }
>;

export function isUnderWay(generation: Generation): generation is UnderWay {
  switch (generation.step) {
    case 'reserving':
    case 'working':
    case 'finishing':
    case 'unanswered':
    case 'unsettled':
      return true;
    default:
      return false;
  }
}

/** The hold that this page's own work will settle; null without one. */
export function ownHoldOf(generation: Generation): string | null {
  switch (generation.step) {
    case 'working':
    case 'finishing':
    case 'unsettled':
      return generation.reservation.id;
    default:
      return null;
  }
}

/** How long the simulated work takes; nothing is made, so only its feel depends on it. */
export function workMsOf(operation: { size: string | null }): number {
  switch (operation.size) {
    case 'SHORT':
      return 2_400;
    case 'MID':
      return 3_600;
    default:
      return 5_000;
  }
}

/** How the work ended, first words. */
export function outcomeTitle(outcome: WorkOutcome): string {
  switch (outcome) {
    case 'SUCCEEDED':
      return t`Done`;
    case 'FAILED':
      return t`The generation failed`;
    case 'BLOCKED':
      return t`The result was blocked`;
    case 'CANCELED':
      return t`Canceled`;
    default:
      return t`Ended`;
  }
}

/** What became of a hold that had ended before the work was settled. */
export function closedSentence(reservation: Pick<ReservationFieldsFragment, 'status' | 'committed'>): string {
  switch (reservation.status) {
    case 'RELEASED':
      return t`These credits were given back from another window. You were not charged.`;
    case 'EXPIRED':
      return t`The hold ran out before the work was settled, and its credits came back. You were not charged.`;
    case 'COMMITTED':
      return t`This work was settled from another window: ${creditsInWords(reservation.committed)} spent.`;
    default:
      return t`This hold has ended.`;
  }
}

/** The result as a message: what ended and what it cost. Null while there is none. */
export function resultOf(generation: Generation): { title: string; text: string } | null {
  switch (generation.step) {
    case 'finished': {
      const available = t`${creditsInWords(generation.available)} available.`;
      return generation.outcome === 'SUCCEEDED'
        ? {
            title: t`${generation.operation.name} is done`,
            text: t`${creditsInWords(generation.reservation.committed)} spent, ${available}`,
          }
        : { title: outcomeTitle(generation.outcome), text: t`You were not charged. ${available}` };
    }
    case 'refused':
      return { title: t`${generation.operation.name} was not started`, text: generation.refusal.message };
    case 'closed':
      return { title: t`${generation.operation.name} ended`, text: generation.message };
    default:
      return null;
  }
}

/** What is said of a step as it begins, whole sentences; null: nothing. */
export function sentenceOf(generation: Generation): string | null {
  switch (generation.step) {
    case 'working':
      return t`Generating ${generation.operation.name}. ${creditsInWords(generation.reservation.held)} on hold.`;
    case 'unanswered':
    case 'unsettled':
      return generation.isWorthRepeating
        ? t`The server did not answer yet. This page asks again by itself.`
        : generation.message;
    default: {
      const result = resultOf(generation);
      return result === null ? null : `${result.title}. ${result.text}`;
    }
  }
}
