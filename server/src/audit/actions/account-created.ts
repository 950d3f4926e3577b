import { isolate } from '../../kit/check-text.js';
import { type ActionKind, asKept } from './action-kind.js';

type AccountCreated = {
  readonly name: string;
  readonly plan: string;
  readonly timeZone: string;
  readonly externalId: string | null;
};

/** An account was created. */
export const ACCOUNT_CREATED: ActionKind<AccountCreated> = {
  formats: [asKept],
  describe: ({ name, plan, timeZone, externalId }) =>
    `Created the account ${isolate(name)} on ${plan}, in the time zone ${timeZone}${
      externalId === null ? '' : `, as ${isolate(externalId)} of the platform`
    }.`,
};
