import type {
  OperationFieldsFragment,
  ReserveMutation,
  ReservationFieldsFragment,
  WorkOutcome,
} from '../../gql/operations.js';

export type Refusal = Exclude<ReserveMutation['reserveCredits'], { __typename: 'ReservationReceipt' }>;

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
  | {
      step: 'finishing';
      operation: OperationFieldsFragment;
      reservation: ReservationFieldsFragment;
      outcome: WorkOutcome;
    }
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
  /** No answer. `again` asks once more under the same key: it can never charge twice. */
  | { step: 'unanswered'; operation: OperationFieldsFragment; message: string; again: () => void };

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
      return 'Done';
    case 'FAILED':
      return 'The generation failed';
    case 'BLOCKED':
      return 'The result was blocked';
    case 'CANCELED':
      return 'Canceled';
    default:
      return 'Ended';
  }
}
