import { parseId } from '@aibc/shared/ids';
import { badUserInput } from '../kit/errors.js';

/**
 * The uuid of an account's public id.
 *
 * @param field  the input field or argument it was given in
 * @throws BAD_USER_INPUT naming the field
 */
export function readAccountId(text: string, field: string): string {
  const accountId = parseId('acct', text);
  if (accountId === null) throw badUserInput(field, `${field} is not the id of an account: acct_ and 26 characters.`);
  return accountId;
}
