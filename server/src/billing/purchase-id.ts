import { type OwnedId, parseOwnedId } from '@aibc/shared/ids';
import { badUserInput } from '../kit/errors.js';

/** @throws BAD_USER_INPUT naming the field */
export function readPurchaseId(field: string, id: string): OwnedId {
  const owned = parseOwnedId('pur', id);
  if (owned === null) throw badUserInput(field, `${field} is not the id of a purchase, such as pur_01jq3….`);
  return owned;
}
