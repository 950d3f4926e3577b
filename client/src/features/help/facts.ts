import type { AccountDetails } from '../../domain/account.js';
import type { HelpFactsQuery } from '../../gql/help.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';

/** What the answers are made of. */
export type Facts = { facts: HelpFactsQuery; details: AccountDetails; balance: BalanceFieldsFragment };
